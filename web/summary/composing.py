"""Composing a judicial summary from a journey, and joining entries to one that somebody else composed."""

from uuid import UUID

from starlette.responses import Response

from application.door.journey import Entered
from application.door.readable import ReadableJourney
from application.door.refusing import Refused
from application.referent import composing
from domain.compartments import Compartment
from domain.refusals import InvalidValue
from domain.summary.summary import Requisition
from policies.charter import Act
from web.drawing import labels
from web.drawing.page import Form, Section
from web.drawing.words import _
from web.journey.reading.presenter import JourneyPresenter
from web.journey.reading.readings import Readings
from web.site.form_page import FormPage
from web.site.visit import NotFound, Visit
from web.summary import presenter as presenting
from web.summary.composing_views import AddEntriesPage, ComposePage
from web.summary.fields import AddEntriesFields, ComposeFields


def compose(visit: Visit, typed: ComposeFields) -> Response:
    """Compose a summary, and ask its institutions to approve."""
    journey = visit.identifier("journey")
    recipient, requisition = _recipient(visit, typed.destinataire), _requisition(typed)
    try:
        summary = composing.compose(
            visit.services, visit.session, journey, recipient, requisition, typed.inscriptions
        )
    except Refused as refused:
        raise _beside_the_entries(visit, refused) from refused
    return visit.go(f"/syntheses/{summary}?fait=composee")


def add_entries(visit: Visit, typed: AddEntriesFields) -> Response:
    """Join entries that the composer could not read."""
    summary = visit.identifier("summary")
    try:
        composing.add_entries(visit.services, visit.session, summary, typed.inscriptions)
    except Refused as refused:
        raise _beside_the_entries(visit, refused) from refused
    return visit.go(f"/syntheses/{summary}?fait=jointe")


# -- the pages -------------------------------------------------------------------------------------


def _compose_page(visit: Visit, form: Form) -> ComposePage:
    """The form that composes a summary from a journey."""
    journey = visit.identifier("journey")
    entered = composing.enter_to_compose(visit.services, visit.session, journey)
    presenter = JourneyPresenter(visit, ReadableJourney(entered), Readings(visit, ()))
    return ComposePage(
        chrome=visit.chrome(Section.JOURNEYS),
        bar=presenter.bar(),
        recipients=presenting.recipients(
            visit, composing.recipients(visit.services, visit.network)
        ),
        scopes=labels.compartment_choices(presenting.SCOPES),
        candidates=presenting.candidates(
            visit,
            composing.candidates(entered, None),
            composing.candidates(entered, _whole_requisition(entered)),
        ),
        missing=presenting.sealed_to_composer(visit, presenter),
        form=form,
    )


def _add_page(visit: Visit, form: Form) -> AddEntriesPage:
    """The form that joins entries to a summary of another partner."""
    to_add = composing.enter_to_add(visit.services, visit.session, visit.identifier("summary"))
    summary, entered = to_add.summary, to_add.entered
    if entered is None:
        raise NotFound
    joined = {item.version for part in summary.standing_parts for item in part.items or ()}
    left = [
        candidate
        for candidate in composing.candidates(entered, summary.requisition)
        if candidate.entry.version not in joined and candidate.decision.allowed
    ]
    return AddEntriesPage(
        chrome=visit.chrome(Section.SUMMARIES),
        bar=JourneyPresenter(visit, ReadableJourney(entered), Readings(visit, ())).bar(),
        summary_id=str(summary.id),
        number=summary.number,
        recipient_label=presenting.name(visit, summary.recipient),
        requisition=presenting.requisition(summary),
        candidates=presenting.candidates(visit, left, left),
        form=form,
    )


# -- reading the form --------------------------------------------------------------------------------


def _recipient(visit: Visit, code: str) -> UUID:
    for recipient in composing.recipients(visit.services, visit.network):
        if visit.network.institutions[recipient].code == code:
            return recipient
    raise InvalidValue("destinataire", _("Choisissez le siège ou le parquet."))


def _requisition(typed: ComposeFields) -> Requisition | None:
    """The requisition that was typed; ``None`` if all its fields are empty."""
    number, magistrate = typed.requisition_numero, typed.requisition_magistrat
    if not (number or magistrate or typed.requisition_date or typed.requisition_volets):
        return None
    for name in (
        "requisition_numero",
        "requisition_date",
        "requisition_magistrat",
        "requisition_volets",
    ):
        if not getattr(typed, name):
            raise InvalidValue(
                name, _("Une réquisition a un numéro, un magistrat, une date et des volets.")
            )
    known = {compartment.value: compartment for compartment in presenting.SCOPES}
    if not set(typed.requisition_volets) <= set(known) or typed.requisition_date is None:
        raise InvalidValue("requisition_volets", _("Choisissez des volets dans la liste."))
    scope = frozenset(known[code] for code in typed.requisition_volets)
    return Requisition(number, magistrate, typed.requisition_date, scope)


def _whole_requisition(entered: Entered) -> Requisition:
    """A requisition that asks for everything: the entries that it would let in are offered, and judged when sent."""
    return Requisition("", "", entered.today, frozenset(Compartment))


def _beside_the_entries(visit: Visit, refused: Refused) -> Exception:
    """Turn the charter's refusal of an entry into an error beside the entries, so that the form is not lost."""
    if refused.act is not Act.INCLUDE_IN_SUMMARY:
        return refused
    sentence = visit.gettext(
        _("Une inscription choisie ne peut pas être jointe : article %(number)s de la charte.")
    )
    return InvalidValue("inscriptions", sentence % {"number": refused.articles[0]})


COMPOSE = FormPage(ComposeFields, _compose_page, compose)
ADD_ENTRIES = FormPage(AddEntriesFields, _add_page, add_entries)
