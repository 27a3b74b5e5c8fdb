"""The partners of a journey: invitations, consents given and withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from starlette.responses import Response

from application.door.facts import asker_of
from application.referent.sharing import give_consent, invite, withdraw_consent
from domain.compartments import SHARED, Compartment
from domain.grounds import Ground
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
from web.journey.fields import ConsentFields, InviteFields
from web.journey.reading.presenter import JourneyPresenter, present
from web.site.choosing import capacities, code_in, institution_of, shared_compartments
from web.site.form_page import FormPage
from web.site.visit import Visit

_AGREED = replace(
    NO_PART, relation=Relation.PARTNER, consent=frozenset(SHARED), person_informed=True
)
"""A partner with whom the person shares everything, and that does nothing else for her."""
_ON_A_GROUND = replace(_AGREED, consent=frozenset(), ground_scope=_AGREED.consent)
"""The same without her consent: then only its capacities open something."""


def send_invitation(visit: Visit, typed: InviteFields) -> Response:
    """Invite an institution."""
    journey = visit.identifier("journey")
    institution = institution_of("institution", typed.institution, visit.network)
    invite(
        visit.services,
        visit.session,
        journey,
        institution.id,
        _basis(visit, typed, typed.fondement, typed.motif),
        typed.version,
        _capacities(institution, typed.titres),
    )
    return visit.go(f"/suivis/{journey}?fait=invitee#contenu")


def change_consent(visit: Visit, typed: ConsentFields) -> Response:
    """Record a consent, or its withdrawal, which takes effect at once."""
    services, session, journey = visit.services, visit.session, visit.identifier("journey")
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


def _capacities(institution: Institution, codes: Iterable[str]) -> frozenset[Capacity]:
    """The capacities ticked beneath the institution that is invited; those beneath another are left out."""
    own = f"{institution.code}."
    return capacities("titres", [code.removeprefix(own) for code in codes if code.startswith(own)])


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


def _invite_page(visit: Visit, form: Form) -> InvitePage:
    presenter = present(visit, visit.identifier("journey"))
    journey = presenter.readable.entered.journey
    catalogue = visit.services.catalogue
    members = sorted(visit.network.institutions.values(), key=lambda institution: institution.name)
    institutions = [
        _invitable(visit, institution)
        for institution in members
        if not journey.takes_part(institution.id) and _may_be_invited(visit, institution)
    ]
    return InvitePage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        institutions=tuple(institutions),
        grounds=labels.choices(catalogue.grounds),
        consent_ground=Ground.PERSON_CONSENT,
        compartments=labels.compartment_choices(SHARED),
        purposes=labels.choices(catalogue.purposes),
        form=form,
    )


def _may_be_invited(visit: Visit, institution: Institution) -> bool:
    asker = asker_of(visit.network, institution, None)
    charter = visit.services.charter
    return (
        charter.decide(Act.BE_INVITED, asker).allowed
        and charter.decide(Act.HOLD, asker, _AGREED, Compartment.FRAME).allowed
    )


def _invitable(visit: Visit, institution: Institution) -> InvitableInstitution:
    """An institution, what it would read if the person consented to everything, and what it may do for her."""
    asker = asker_of(visit.network, institution, None)
    reads = [
        compartment.label
        for compartment in SHARED
        if visit.services.charter.decide(Act.HOLD, asker, _AGREED, compartment).allowed
    ]
    return InvitableInstitution(
        institution.code,
        institution.name,
        tuple(reads),
        len(visit.network.members(institution.id)),
        capacity_choices(visit, institution, _ON_A_GROUND),
    )


# -- consents ----------------------------------------------------------------------------------------


def _consent_page(visit: Visit, form: Form) -> ConsentPage:
    presenter = present(visit, visit.identifier("journey"))
    journey = presenter.readable.entered.journey
    catalogue = visit.services.catalogue
    partners = [
        partner
        for partner in journey.partners.values()
        if journey.takes_part(partner.institution) and partner.institution != journey.lead
    ]
    return ConsentPage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        consents=tuple(_consent(presenter, partner) for partner in partners),
        partners=tuple(
            Choice(
                visit.network.institutions[partner.institution].code,
                presenter.institution(partner.institution),
            )
            for partner in partners
        ),
        grounds=labels.choices(catalogue.grounds),
        consent_ground=Ground.PERSON_CONSENT,
        compartments=labels.compartment_choices(SHARED),
        purposes=labels.choices(catalogue.purposes),
        form=form,
    )


def _consent(presenter: JourneyPresenter, partner: Partner) -> ConsentView:
    visit, catalogue = presenter.visit, presenter.visit.services.catalogue
    notes = _notes_of(presenter.readable.entered.journey, partner.institution)
    given = notes.get("consent_given") or notes["invited"]
    basis = partner.basis
    withdrawn = None
    if basis is None:
        withdrawn = visit.network.day(notes["consent_withdrawn"].at)
    elif not basis.in_force(visit.today):
        withdrawn = basis.until
    return ConsentView(
        institution_code=visit.network.institutions[partner.institution].code,
        institution=presenter.institution(partner.institution),
        ground_label=labels.title_of(catalogue.grounds, basis.ground if basis else given.detail)
        or "",
        is_consent=basis is not None and basis.ground == Ground.PERSON_CONSENT,
        scope_labels=tuple(
            compartment.label for compartment in SHARED if basis and compartment in basis.scope
        ),
        purpose_label=labels.title_of(catalogue.purposes, basis.purpose if basis else None) or "",
        given_on=visit.network.day(given.at),
        until=basis.until if basis else None,
        includes_past=basis is not None and basis.includes_past,
        told=basis.told if basis else "",
        withdrawn_on=withdrawn,
    )


def _notes_of(journey: Journey, institution: UUID) -> Mapping[str, FrameNote]:
    """The last frame entry of each kind that concerns an institution."""
    return {note.code: note for note in journey.frame_notes if note.institution == institution}


INVITE = FormPage(InviteFields, _invite_page, send_invitation)
CONSENTS = FormPage(ConsentFields, _consent_page, change_consent)
