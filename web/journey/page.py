"""One journey: its page, why it is consulted, who did, who reads what."""

from collections.abc import Sequence
from uuid import UUID

from starlette.responses import Response

from application.door.audience import relation_of
from application.door.refusing import PurposeNeeded
from application.door.sight import Sight
from application.referent.reading import read_journey, state_purpose, who_consulted
from domain.compartments import SHARED, Compartment
from domain.journey.closing import JourneyIsClosed
from domain.journey.code import code_of
from domain.journey.partners import Participation
from domain.refusals import InvalidValue
from policies.charter import Relation
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import CarriedForm, FieldError, Form, Notice, Section
from web.drawing.words import _
from web.entrance.login import split_kept
from web.entrance.views import MeanwhileChange, StalePage
from web.journey.action import action_form
from web.journey.fields import PurposeFields
from web.journey.presenter import JourneyPresenter
from web.journey.readings import Readings
from web.journey.views import (
    AnswerForm,
    AudiencePage,
    CompartmentAudience,
    ConsultationsPage,
    EntryView,
    Excluded,
    FrameNoteView,
    JourneyPage,
    PurposePage,
    by_day,
)
from web.site.forms import FormRefused
from web.site.typed_words import typed_words
from web.site.visit import Visit

ITEMS_SHOWN = 40
READINGS_SHOWN = 5

_DONE = {
    "ouvert": _(
        "Le suivi est ouvert. Invitez maintenant un partenaire, avec l’accord de la personne."
    ),
    "corrigee": _("La correction est inscrite ; l’original reste lisible, barré."),
    "retiree": _("L’inscription est retirée ; elle reste à sa place, barrée."),
    "personne": _("L’identité et le contact sûr sont enregistrés."),
    "invitee": _("L’invitation est envoyée."),
    "acceptee": _("Votre institution prend part à ce suivi."),
    "accord": _("L’accord est enregistré."),
    "retrait": _(
        "Le retrait est enregistré : ce suivi n’est plus partagé avec ce partenaire, qui ne le voit plus."
        " Prévenez-le."
    ),
    "titres": _("C’est inscrit. Ce que ce partenaire lit en découle dès maintenant."),
    "restreint": _("Seules les personnes nommées prennent désormais part à ce suivi."),
    "clos": _("Le suivi est clos."),
    "rouvert": _("Le suivi est rouvert."),
}
"""What was just done, by the word that the address carries."""


def present(visit: Visit, journey: UUID) -> JourneyPresenter:
    """Consult a journey, in the ledger first, for the page that shows it.

    Raises ``PurposeNeeded``, ``Refused``.
    """
    entered = read_journey(visit.services, visit.session, journey)
    traces = who_consulted(visit.services, entered)
    return JourneyPresenter(visit, Sight(entered), Readings(visit, traces))


def show_journey(visit: Visit) -> Response:
    """A journey, or the question why it is consulted."""
    return journey_page(visit, Form(), 200)


def journey_page(visit: Visit, form: Form, status: int) -> Response:
    """A journey, with what was typed into the form that adds an action."""
    journey = visit.identifier("journey")
    older_than = visit.asked_number("avant")
    presenter = present(visit, journey)
    items = presenter.timeline()
    older = [one for one in items if older_than is None or one.version < older_than]
    shown = older[:ITEMS_SHOWN]
    purpose = visit.session.purposes.get(journey)
    action = action_form(presenter, form)
    if action is None and form.values:
        # There is no form left to show the typed words in: the refusal shows them.
        raise JourneyIsClosed
    page = JourneyPage(
        chrome=visit.chrome(Section.JOURNEYS, notice=_notice(visit, shown)),
        bar=presenter.bar(),
        action=action,
        days=by_day(shown),
        awaited=presenter.awaited(),
        partners=presenter.partners(),
        consultations=presenter.readings.of_others()[:READINGS_SHOWN],
        acts=presenter.acts(),
        purpose_label=labels.title_of(visit.services.catalogue.purposes, purpose),
        older_than=shown[-1].version if len(older) > len(shown) else None,
        answer=AnswerForm(labels.choices(visit.services.catalogue.leaving_reasons))
        if presenter.may_answer
        else None,
    )
    return visit.show(page, status)


def ask_purpose(
    visit: Visit, form: Form, status: int, carried: CarriedForm | None = None
) -> Response:
    """Ask why a journey is consulted; a kept form is carried along."""
    journey = visit.identifier("journey")
    page = PurposePage(
        chrome=visit.chrome(Section.JOURNEYS),
        journey_id=str(journey),
        code=code_of(journey),
        purposes=labels.choices(visit.services.catalogue.purposes),
        carried=carried,
        form=form,
    )
    return visit.show(page, status)


def choose_purpose(visit: Visit) -> Response:
    """Say why, then open the journey, or the kept form."""
    own, kept = split_kept(visit.fields)
    journey = visit.identifier("journey")
    carried = CarriedForm(own["reprise"][0], kept) if "reprise" in own else None
    if visit.resuming:
        return visit.go(f"/suivis/{journey}")
    try:
        typed = PurposeFields.read(own)
        state_purpose(visit.services, visit.session, journey, typed.motif)
    except FormRefused as refused:
        return _ask_again(visit, Form(own, refused.errors), carried)
    except InvalidValue as refused:
        return _ask_again(visit, Form(own, (FieldError("motif", refused.message),)), carried)
    resumed = visit.resumed(carried.action, carried.values) if carried else None
    return resumed or visit.go(f"/suivis/{journey}")


def _ask_again(visit: Visit, form: Form, carried: CarriedForm | None) -> Response:
    """Ask again, but only who takes part: to anybody else the door answers first."""
    try:
        read_journey(visit.services, visit.session, visit.identifier("journey"))
    except PurposeNeeded:
        return ask_purpose(visit, form, 422, carried)
    return visit.go(f"/suivis/{visit.identifier('journey')}")


def show_consultations(visit: Visit) -> Response:
    """Who consulted the journey."""
    presenter = present(visit, visit.identifier("journey"))
    page = ConsultationsPage(
        visit.chrome(Section.JOURNEYS), presenter.bar(), presenter.readings.with_refusals()
    )
    return visit.show(page)


def show_audiences(visit: Visit) -> Response:
    """Who reads what, compartment by compartment, and why."""
    presenter = present(visit, visit.identifier("journey"))
    compartments = tuple(_compartment(presenter, one) for one in SHARED)
    page = AudiencePage(visit.chrome(Section.JOURNEYS), presenter.bar(), compartments)
    return visit.show(page)


def stale_page(visit: Visit) -> Response:
    """What changed since the form was filled, and the form itself, to be sent again or left."""
    journey = visit.identifier("journey")
    presenter = present(visit, journey)
    seen = int(visit.fields["version"][0])
    version = str(presenter.sight.entered.loaded.version)
    changes = tuple(
        MeanwhileChange(one.at, one.person, one.institution, _what(one))
        for one in presenter.timeline()
        if isinstance(one, EntryView | FrameNoteView) and one.version > seen
    )
    page = StalePage(
        chrome=visit.chrome(Section.JOURNEYS),
        journey_id=str(journey),
        code=code_of(journey),
        changes=changes,
        action=visit.path,
        values={**visit.fields, "version": (version,)},
        typed=typed_words(visit.fields),
    )
    return visit.show(page, 409)


def _what(item: EntryView | FrameNoteView) -> str:
    return item.title if isinstance(item, EntryView) else item.what


def _notice(visit: Visit, shown: Sequence[object]) -> Notice | None:
    done = visit.query.get("fait")
    if done == "inscrite":
        version = visit.asked_number("inscription")
        entry = next(
            (one for one in shown if isinstance(one, EntryView) and one.version == version), None
        )
        if entry is None:
            return Notice(_("L’action est inscrite, et scellée pour ses destinataires."))
        sentence = visit.ngettext(
            "L’action est inscrite : %(people)s personne de %(institutions)s peut la lire.",
            "L’action est inscrite : %(people)s personnes de %(institutions)s peuvent la lire.",
            entry.audience.people,
        )
        count = entry.audience.number
        institutions = visit.ngettext("%(num)s institution", "%(num)s institutions", count)
        return Notice(
            sentence
            % {"people": entry.audience.people, "institutions": institutions % {"num": count}}
        )
    return Notice(_DONE[done]) if done in _DONE else None


def _compartment(presenter: JourneyPresenter, compartment: Compartment) -> CompartmentAudience:
    entered, visit = presenter.sight.entered, presenter.visit
    audience = entered.audience(compartment)
    excluded = []
    for partner in entered.journey.partners.values():
        if (
            partner.participation is Participation.LEFT
            or partner.institution in audience.institutions
        ):
            continue
        decision = visit.services.audiences.reads(
            entered.journey, entered.network, entered.at.date(), partner.institution, compartment
        )
        reason = why(visit.services.charter, decision, compartment)
        if relation_of(entered.journey, partner.institution) is Relation.NONE or decision.allowed:
            reason = _("La clé est en attente.")
        excluded.append(
            Excluded(presenter.institution(partner.institution), reason, decision.articles[0])
        )
    return CompartmentAudience(
        compartment.label, compartment.holds, presenter.audience(audience), tuple(excluded)
    )
