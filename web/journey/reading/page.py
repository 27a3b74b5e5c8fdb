"""The page of one journey, who consulted it, and who reads what."""

from collections.abc import Sequence

from starlette.responses import Response

from application.door.facts import relation_of
from domain.compartments import SHARED, Compartment
from domain.journey.closing import JourneyIsClosed
from domain.journey.partners import Participation, Partner
from policies.charter import Relation
from web.drawing import labels
from web.drawing.articles import why
from web.drawing.page import Form, Notice, Section
from web.drawing.words import _
from web.journey.reading import beside
from web.journey.reading.action import action_form
from web.journey.reading.presenter import JourneyPresenter, present
from web.journey.reading.timeline import timeline
from web.journey.reading.timeline_views import EntryView, by_day
from web.journey.reading.views import (
    AnswerForm,
    AudiencePage,
    CompartmentAudience,
    ConsultationsPage,
    Excluded,
    JourneyPage,
)
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
"""The sentence for an act that was just done, by the word that the address carries."""


def show_journey(visit: Visit) -> Response:
    """Show a journey. Raises ``PurposeNeeded`` if the reader must say first why they consult it."""
    return visit.show(journey_page(visit, Form()))


def journey_page(visit: Visit, form: Form) -> JourneyPage:
    """A journey, with the text typed into the form that adds an action."""
    journey = visit.identifier("journey")
    older_than = visit.asked_number("avant")
    presenter = present(visit, journey)
    older = [
        item for item in timeline(presenter) if older_than is None or item.version < older_than
    ]
    shown = older[:ITEMS_SHOWN]
    purpose = visit.session.purposes.get(journey)
    action = action_form(presenter, form)
    if action is None and form.values:
        # There is no form left to show the typed words in: the refusal shows them.
        raise JourneyIsClosed
    catalogue = visit.services.catalogue
    return JourneyPage(
        chrome=visit.chrome(Section.JOURNEYS, notice=_notice(visit, shown)),
        bar=presenter.bar(),
        action=action,
        days=by_day(shown),
        awaited=beside.awaited(presenter),
        partners=beside.partners(presenter),
        consultations=presenter.readings.of_others()[:READINGS_SHOWN],
        acts=beside.acts(presenter),
        purpose_label=labels.title_of(catalogue.purposes, purpose),
        older_than=shown[-1].version if len(older) > len(shown) else None,
        answer=AnswerForm(labels.choices(catalogue.leaving_reasons))
        if beside.may_answer(presenter)
        else None,
    )


def show_consultations(visit: Visit) -> Response:
    """Show who consulted the journey."""
    presenter = present(visit, visit.identifier("journey"))
    page = ConsultationsPage(
        visit.chrome(Section.JOURNEYS), presenter.bar(), presenter.readings.with_refusals()
    )
    return visit.show(page)


def show_audiences(visit: Visit) -> Response:
    """Show who reads each compartment, and why."""
    presenter = present(visit, visit.identifier("journey"))
    compartments = tuple(_compartment(presenter, compartment) for compartment in SHARED)
    page = AudiencePage(visit.chrome(Section.JOURNEYS), presenter.bar(), compartments)
    return visit.show(page)


def _notice(visit: Visit, shown: Sequence[object]) -> Notice | None:
    done = visit.query.get("fait")
    if done != "inscrite":
        return Notice(_DONE[done]) if done in _DONE else None
    version = visit.asked_number("inscription")
    for item in shown:
        if isinstance(item, EntryView) and item.version == version:
            return Notice(_readers(visit, item))
    return Notice(_("L’action est inscrite, et scellée pour ses destinataires."))


def _readers(visit: Visit, entry: EntryView) -> str:
    """The sentence that says how many people may read a new entry."""
    people, count = entry.audience.people, entry.audience.number
    sentence = visit.ngettext(
        "L’action est inscrite : %(people)s personne de %(institutions)s peut la lire.",
        "L’action est inscrite : %(people)s personnes de %(institutions)s peuvent la lire.",
        people,
    )
    institutions = visit.ngettext("%(num)s institution", "%(num)s institutions", count)
    return sentence % {"people": people, "institutions": institutions % {"num": count}}


def _compartment(presenter: JourneyPresenter, compartment: Compartment) -> CompartmentAudience:
    entered = presenter.readable.entered
    audience = entered.audience(compartment)
    excluded = tuple(
        _excluded(presenter, partner, compartment)
        for partner in entered.journey.partners.values()
        if partner.participation is not Participation.LEFT
        and partner.institution not in audience.institutions
    )
    return CompartmentAudience(
        compartment.label, compartment.holds, presenter.audience(audience), excluded
    )


def _excluded(presenter: JourneyPresenter, partner: Partner, compartment: Compartment) -> Excluded:
    """A partner that does not read a compartment, and why."""
    entered, services = presenter.readable.entered, presenter.visit.services
    decision = services.audiences.reads(
        entered.journey, entered.network, entered.today, partner.institution, compartment
    )
    reason = why(services.charter, decision, compartment)
    if relation_of(entered.journey, partner.institution) is Relation.NONE or decision.allowed:
        reason = _("La clé est en attente.")
    return Excluded(presenter.institution(partner.institution), reason, decision.articles[0])
