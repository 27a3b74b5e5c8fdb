"""With whom a journey is shared: invitations and their answers, consents given and withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from uuid import UUID

from starlette.responses import Response

from application.door.audience import asker_of
from application.door.journey import enter
from application.referent.reading import state_purpose
from application.referent.sharing import answer_invitation, give_consent, invite, withdraw_consent
from domain.compartments import SHARED, Compartment
from domain.journey.capacities import Capacity
from domain.journey.journey import FrameNote, Journey
from domain.journey.partners import Basis, Partner
from domain.network.members import Institution
from domain.refusals import InvalidValue
from policies.charter import NO_PART, Act, Relation
from web.drawing import labels
from web.drawing.page import Choice, Form, Section
from web.drawing.words import _
from web.journey.capacities import capacity_choices
from web.journey.change_views import ConsentPage, ConsentView, InvitableInstitution, InvitePage
from web.journey.fields import AnswerFields, ConsentFields, InviteFields
from web.journey.page import present
from web.journey.presenter import JourneyPresenter
from web.site.choosing import capacities, code_in, institution_of, shared_compartments
from web.site.form_act import with_form
from web.site.visit import Visit
from web.work.pages import work_page

CONSENT = "person_consent"
RECEIVED = "referral_received"
_AGREED = replace(
    NO_PART, relation=Relation.PARTNER, consent=frozenset(SHARED), person_informed=True
)
"""A partner with whom the person shares everything, and that does nothing else for her."""
_ON_A_GROUND = replace(_AGREED, consent=frozenset(), ground_scope=_AGREED.consent)
"""The same without her consent: then what it does for her opens what it opens."""


def show_invite(visit: Visit) -> Response:
    """Whom to invite, and on what ground."""
    return _invite_page(visit, Form(), 200)


def send_invitation(visit: Visit) -> Response:
    """Invite an institution."""
    journey = visit.identifier("journey")

    def act(typed: InviteFields) -> Response:
        institution = institution_of("institution", typed.institution, visit.network)
        basis = _basis(visit, typed, typed.fondement, typed.motif)
        invite(
            visit.services,
            visit.session,
            journey,
            institution.id,
            basis,
            typed.version,
            _capacities(institution, typed.titres),
        )
        return visit.go(f"/suivis/{journey}?fait=invitee#contenu")

    return with_form(visit, InviteFields, act, partial(_invite_page, visit))


def answer(visit: Visit) -> Response:
    """Accept an invitation, or decline it."""
    journey = visit.identifier("journey")

    def act(typed: AnswerFields) -> Response:
        accepts = typed.reponse == "accepter"
        if not accepts and typed.raison is None:
            raise InvalidValue("raison", _("Choisissez une raison."))
        reason = None if accepts else typed.raison
        answer_invitation(visit.services, visit.session, journey, reason, typed.version)
        if not accepts:
            return visit.go("/reste-a-faire?fait=declinee")
        # The invitation was the errand: who accepts it reads on, without being asked why.
        state_purpose(visit.services, visit.session, journey, RECEIVED)
        return visit.go(f"/suivis/{journey}?fait=acceptee#contenu")

    def again(form: Form, status: int) -> Response:
        # Only who is invited learns that something is missing: to anybody else the door answers.
        enter(visit.services, visit.session, journey, Act.LEAVE)
        return work_page(visit, form, status)

    return with_form(visit, AnswerFields, act, again)


def show_consents(visit: Visit) -> Response:
    """What is shared with whom, and on what ground."""
    return _consent_page(visit, Form(), 200)


def change_consent(visit: Visit) -> Response:
    """Record a consent, or its withdrawal, which takes effect at once."""
    journey = visit.identifier("journey")

    def act(typed: ConsentFields) -> Response:
        services, session = visit.services, visit.session
        institution = institution_of("institution", typed.institution, visit.network)
        if typed.acte == "retirer":
            withdraw_consent(services, session, journey, institution.id)
            return visit.go(f"/suivis/{journey}?fait=retrait#contenu")
        if typed.fondement is None:
            raise InvalidValue("fondement", _("Choisissez un fondement."))
        if typed.motif is None:
            raise InvalidValue("motif", _("Choisissez un motif."))
        basis = _basis(visit, typed, typed.fondement, typed.motif)
        give_consent(services, session, journey, institution.id, basis, typed.version)
        return visit.go(f"/suivis/{journey}?fait=accord#contenu")

    return with_form(visit, ConsentFields, act, partial(_consent_page, visit))


def _capacities(institution: Institution, codes: Iterable[str]) -> frozenset[Capacity]:
    """What was ticked beneath the institution that is invited; what was beneath another was left there."""
    own = f"{institution.code}."
    return capacities("titres", [one.removeprefix(own) for one in codes if one.startswith(own)])


def _basis(visit: Visit, typed: InviteFields | ConsentFields, ground: str, purpose: str) -> Basis:
    catalogue = visit.services.catalogue
    return Basis(
        ground=code_in("fondement", ground, catalogue.grounds),
        scope=shared_compartments("volets", typed.volets),
        purpose=code_in("motif", purpose, catalogue.purposes),
        until=typed.jusqu_au,
        includes_past=typed.passe is not None,
        told=typed.information_personne,
    )


# -- inviting ----------------------------------------------------------------------------------------


def _invite_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    journey = presenter.sight.entered.journey
    catalogue = visit.services.catalogue
    institutions = [
        _invitable(visit, one)
        for one in sorted(visit.network.institutions.values(), key=lambda one: one.name)
        if not journey.takes_part(one.id) and _may_be_invited(visit, one)
    ]
    page = InvitePage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        institutions=tuple(institutions),
        grounds=labels.choices(catalogue.grounds),
        consent_ground=CONSENT,
        compartments=labels.compartment_choices(SHARED),
        purposes=labels.choices(catalogue.purposes),
        form=form,
    )
    return visit.show(page, status)


def _may_be_invited(visit: Visit, institution: Institution) -> bool:
    asker = asker_of(visit.network, institution, None)
    charter = visit.services.charter
    return (
        charter.decide(Act.BE_INVITED, asker).allowed
        and charter.decide(Act.HOLD, asker, _AGREED, Compartment.FRAME).allowed
    )


def _invitable(visit: Visit, institution: Institution) -> InvitableInstitution:
    """An institution, what it would read with the person's consent to everything, and what it may do for her."""
    asker = asker_of(visit.network, institution, None)
    reads = [
        one.label
        for one in SHARED
        if visit.services.charter.decide(Act.HOLD, asker, _AGREED, one).allowed
    ]
    return InvitableInstitution(
        institution.code,
        institution.name,
        tuple(reads),
        len(visit.network.members(institution.id)),
        capacity_choices(visit, institution, _ON_A_GROUND),
    )


# -- consents ----------------------------------------------------------------------------------------


def _consent_page(visit: Visit, form: Form, status: int) -> Response:
    presenter = present(visit, visit.identifier("journey"))
    journey = presenter.sight.entered.journey
    catalogue = visit.services.catalogue
    partners = [
        one
        for one in journey.partners.values()
        if journey.takes_part(one.institution) and one.institution != journey.lead
    ]
    page = ConsentPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        consents=tuple(_consent(presenter, one) for one in partners),
        partners=tuple(
            Choice(
                visit.network.institutions[one.institution].code,
                presenter.institution(one.institution),
            )
            for one in partners
        ),
        grounds=labels.choices(catalogue.grounds),
        consent_ground=CONSENT,
        compartments=labels.compartment_choices(SHARED),
        purposes=labels.choices(catalogue.purposes),
        form=form,
    )
    return visit.show(page, status)


def _consent(presenter: JourneyPresenter, partner: Partner) -> ConsentView:
    visit, catalogue = presenter.visit, presenter.visit.services.catalogue
    notes = _notes_of(presenter.sight.entered.journey, partner.institution)
    given = notes.get("consent_given") or notes["invited"]
    basis = partner.basis
    withdrawn = None
    if basis is None:
        withdrawn = labels.local_day(notes["consent_withdrawn"].at, visit.now)
    elif not basis.in_force(visit.now.date()):
        withdrawn = basis.until
    return ConsentView(
        institution_code=visit.network.institutions[partner.institution].code,
        institution=presenter.institution(partner.institution),
        ground_label=labels.title_of(catalogue.grounds, basis.ground if basis else given.detail)
        or "",
        is_consent=basis is not None and basis.ground == CONSENT,
        scope_labels=tuple(one.label for one in SHARED if basis and one in basis.scope),
        purpose_label=labels.title_of(catalogue.purposes, basis.purpose if basis else None) or "",
        given_on=labels.local_day(given.at, visit.now),
        until=basis.until if basis else None,
        includes_past=basis is not None and basis.includes_past,
        told=basis.told if basis else "",
        withdrawn_on=withdrawn,
    )


def _notes_of(journey: Journey, institution: UUID) -> Mapping[str, FrameNote]:
    """The last frame entry of each kind that concerns an institution."""
    return {note.code: note for note in journey.frame_notes if note.institution == institution}
