"""Composing a judicial summary from a journey, and joining entries to one that somebody else composed."""

from uuid import UUID

from starlette.responses import Response

from application.door.journey import Entered
from application.door.refusing import Refused
from application.door.sight import Sight
from application.referent import composing
from domain.compartments import Compartment
from domain.refusals import InvalidValue
from domain.summary.summary import Requisition
from policies.charter import Act
from web.drawing import labels
from web.drawing.page import Form, Section
from web.drawing.words import _
from web.journey.presenter import JourneyPresenter
from web.journey.readings import Readings
from web.site.form_act import with_form
from web.site.visit import NotFound, Visit
from web.summary import presenter as presenting
from web.summary.fields import AddEntriesFields, ComposeFields
from web.summary.views import AddEntriesPage, ComposePage


def show_compose(visit: Visit) -> Response:
    """The form that composes a summary from a journey."""
    return _compose_page(visit, Form(), 200)


def compose(visit: Visit) -> Response:
    """Compose a summary, and ask its institutions to approve."""
    journey = visit.identifier("journey")

    def act(typed: ComposeFields) -> Response:
        try:
            summary = composing.compose(
                visit.services,
                visit.session,
                journey,
                _recipient(visit, typed.destinataire),
                _requisition(typed),
                typed.inscriptions,
            )
        except Refused as refused:
            raise _beside_the_entries(visit, refused) from refused
        return visit.go(f"/syntheses/{summary}?fait=composee")

    return with_form(
        visit, ComposeFields, act, lambda form, status: _compose_page(visit, form, status)
    )


def show_add_entries(visit: Visit) -> Response:
    """The form that joins entries to a summary of another partner."""
    return _add_page(visit, Form(), 200)


def add_entries(visit: Visit) -> Response:
    """Join entries that the composer could not read."""
    summary = visit.identifier("summary")

    def act(typed: AddEntriesFields) -> Response:
        try:
            composing.add_entries(visit.services, visit.session, summary, typed.inscriptions)
        except Refused as refused:
            raise _beside_the_entries(visit, refused) from refused
        return visit.go(f"/syntheses/{summary}?fait=jointe")

    return with_form(
        visit, AddEntriesFields, act, lambda form, status: _add_page(visit, form, status)
    )


# -- the pages -------------------------------------------------------------------------------------


def _compose_page(visit: Visit, form: Form, status: int) -> Response:
    journey = visit.identifier("journey")
    entered = composing.enter_to_compose(visit.services, visit.session, journey)
    presenter = JourneyPresenter(visit, Sight(entered), Readings(visit, ()))
    page = ComposePage(
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
    return visit.show(page, status)


def _add_page(visit: Visit, form: Form, status: int) -> Response:
    found = composing.enter_to_add(visit.services, visit.session, visit.identifier("summary"))
    if found.entered is None:
        raise NotFound
    joined = {item.version for part in found.summary.standing_parts for item in part.items or ()}
    left = [
        one
        for one in composing.candidates(found.entered, found.summary.requisition)
        if one.entry.version not in joined and one.decision.allowed
    ]
    page = AddEntriesPage(
        chrome=visit.chrome(Section.SUMMARIES),
        bar=JourneyPresenter(visit, Sight(found.entered), Readings(visit, ())).bar(),
        summary_id=str(found.summary.id),
        number=found.summary.number,
        recipient_label=presenting.name(visit, found.summary.recipient),
        requisition=presenting.requisition(found.summary),
        candidates=presenting.candidates(visit, left, left),
        form=form,
    )
    return visit.show(page, status)


# -- what was typed --------------------------------------------------------------------------------


def _recipient(visit: Visit, code: str) -> UUID:
    for one in composing.recipients(visit.services, visit.network):
        if visit.network.institutions[one].code == code:
            return one
    raise InvalidValue("destinataire", _("Choisissez le siège ou le parquet."))


def _requisition(typed: ComposeFields) -> Requisition | None:
    """What was asked for; nothing where all its fields are empty."""
    given = {
        "requisition_numero": typed.requisition_numero,
        "requisition_date": typed.requisition_date,
        "requisition_magistrat": typed.requisition_magistrat,
        "requisition_volets": typed.requisition_volets,
    }
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            raise InvalidValue(
                name, _("Une réquisition a un numéro, un magistrat, une date et des volets.")
            )
    known = {one.value: one for one in presenting.SCOPES}
    if not set(typed.requisition_volets) <= set(known) or typed.requisition_date is None:
        raise InvalidValue("requisition_volets", _("Choisissez des volets dans la liste."))
    return Requisition(
        typed.requisition_numero,
        typed.requisition_magistrat,
        typed.requisition_date,
        frozenset(known[one] for one in typed.requisition_volets),
    )


def _whole_requisition(entered: Entered) -> Requisition:
    """A requisition that asks for everything: what it would let in is offered, and decided when it is sent."""
    return Requisition("", "", entered.at.date(), frozenset(Compartment))


def _beside_the_entries(visit: Visit, refused: Refused) -> Exception:
    """What the charter says no to for an entry stands beside the entries, so that the form is not lost."""
    if refused.act is not Act.INCLUDE_IN_SUMMARY:
        return refused
    sentence = visit.gettext(
        _("Une inscription choisie ne peut pas être jointe : article %(number)s de la charte.")
    )
    return InvalidValue("inscriptions", sentence % {"number": refused.articles[0]})
