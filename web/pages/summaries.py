"""Judicial summaries of partners and of the coordination: lists, composing, approving, releasing."""

from uuid import UUID

from starlette.responses import Response

from application import composing, summaries
from application.door import Entered, Refused
from application.sight import Sight
from application.summary_door import EnteredSummary
from domain.compartments import Compartment
from domain.journey import code_of
from domain.refusals import InvalidValue
from domain.summary import Approval, Requisition, Standing
from policies.charter import Act
from web.keeping import with_form
from web.pages import magistrate
from web.presenting import labels
from web.presenting import summaries as presenting
from web.presenting.journey import JourneyPresenter
from web.presenting.readings import Readings
from web.summary_fields import AddEntriesFields, ComposeFields, DecisionFields
from web.views.page import Form, Notice, Section
from web.views.summaries import (
    AddEntriesPage,
    ApproveFramePage,
    ApprovePartPage,
    ComposePage,
    SummariesPage,
    SummaryPage,
)
from web.visit import NotFound, Visit
from web.words import _

_DONE = {
    "composee": _("La synthèse est composée : chaque institution est appelée à approuver sa part."),
    "jointe": _("Les inscriptions sont jointes : l’institution qui les a écrites les approuve."),
    "approuvee": _("L’approbation est enregistrée."),
    "refusee": _("Le refus est enregistré."),
    "remise": _("La synthèse est remise : son destinataire peut l’ouvrir."),
}
"""What was just done, by the word that the address carries."""


def show_summaries(visit: Visit) -> Response:
    """The summaries of who is logged in: each role its own page."""
    if visit.may(Act.RECEIVE_SUMMARY):
        return magistrate.show_received(visit)
    found = summaries.my_summaries(visit.services, visit.session)
    own = visit.session.institution
    page = SummariesPage(
        chrome=visit.chrome(Section.SUMMARIES),
        summaries=tuple(
            presenting.row(visit, one) for one in found if own not in one.card.awaited_of
        ),
        awaiting=tuple(presenting.row(visit, one) for one in found if own in one.card.awaited_of),
        frames=visit.may(Act.APPROVE_FRAME),
    )
    return visit.show(page)


def show_summary(visit: Visit) -> Response:
    """One summary, as who is logged in may see it."""
    if visit.may(Act.RECEIVE_SUMMARY):
        return magistrate.show_received_summary(visit)
    if visit.may(Act.APPROVE_FRAME):
        return _frame_page(visit, Form(), 200)
    found = summaries.read_summary(visit.services, visit.session, visit.identifier("summary"))
    return visit.show(_summary_page(visit, found))


# -- composing -------------------------------------------------------------------------------------


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


# -- approving -------------------------------------------------------------------------------------


def show_part(visit: Visit) -> Response:
    """A part of the reader's institution, with its words."""
    return _part_page(visit, Form(), 200)


def judge_part(visit: Visit) -> Response:
    """Approve or refuse a part, having read it."""
    summary, part = visit.identifier("summary"), _part_index(visit)

    def act(typed: DecisionFields) -> Response:
        reason = _reason(typed)
        summaries.judge_part(visit.services, visit.session, summary, part, reason)
        return visit.go(f"/syntheses/{summary}?fait={'refusee' if reason else 'approuvee'}")

    return with_form(
        visit, DecisionFields, act, lambda form, status: _part_page(visit, form, status)
    )


def show_frame(visit: Visit) -> Response:
    """The frame, for the coordination."""
    return _frame_page(visit, Form(), 200)


def judge_frame(visit: Visit) -> Response:
    """Approve or refuse the frame."""
    summary = visit.identifier("summary")

    def act(typed: DecisionFields) -> Response:
        reason = _reason(typed)
        summaries.judge_frame(visit.services, visit.session, summary, reason)
        return visit.go(f"/syntheses/{summary}?fait={'refusee' if reason else 'approuvee'}")

    return with_form(
        visit, DecisionFields, act, lambda form, status: _frame_page(visit, form, status)
    )


def release(visit: Visit) -> Response:
    """Release the summary to its recipient."""
    summary = visit.identifier("summary")
    summaries.release(visit.services, visit.session, summary)
    return visit.go(f"/syntheses/{summary}?fait=remise")


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


def _summary_page(visit: Visit, found: EnteredSummary) -> SummaryPage:
    summary = found.summary
    settled = summary.released_at is not None or summary.cancelled_for is not None
    return SummaryPage(
        chrome=visit.chrome(Section.SUMMARIES, notice=_notice(visit)),
        summary_id=str(summary.id),
        number=summary.number,
        journey_id=str(summary.journey),
        journey_code=code_of(summary.journey),
        recipient_label=presenting.name(visit, summary.recipient),
        requisition=presenting.requisition(summary),
        state=presenting.state(summary),
        parts=presenting.parts(visit, found),
        frame=presenting.approval(summary.frame.approval),
        missing=presenting.missing(visit, summary),
        composer=presenting.person(visit, summary.composer),
        frame_reason=presenting.reason(visit, summary.frame.reason),
        openings=presenting.openings(visit, summary),
        available_until=summary.available_until,
        may_add=not settled,
        may_release=summary.standing is Standing.READY
        and summary.composer.institution == visit.session.institution,
    )


def _part_page(visit: Visit, form: Form, status: int) -> Response:
    index = _part_index(visit)
    summary_id = visit.identifier("summary")
    found = summaries.read_part(visit.services, visit.session, summary_id, index)
    summary = found.summary
    part = summary.parts[index]
    refused = None
    if summary.released_at is not None or part.decision.approval is not Approval.AWAITED:
        refused = _("Votre institution s’est déjà prononcée sur cette partie.")
    elif part.items is None:
        refused = _(
            "Les mots de cette partie ne vous sont pas ouverts : on n’approuve que ce qu’on a lu."
        )
    page = ApprovePartPage(
        chrome=visit.chrome(Section.SUMMARIES),
        summary_id=str(summary_id),
        number=summary.number,
        part=index + 1,
        journey_code=code_of(summary.journey),
        composer=presenting.person(visit, part.composed_by),
        recipient_label=presenting.name(visit, summary.recipient),
        requisition=presenting.requisition(summary),
        entries=presenting.entries(visit, part),
        reasons=labels.choices(visit.services.catalogue.refusal_reasons),
        refused=refused,
        form=form,
    )
    return visit.show(page, status)


def _frame_page(visit: Visit, form: Form, status: int) -> Response:
    found = summaries.read_frame(visit.services, visit.session, visit.identifier("summary"))
    summary = found.summary
    page = ApproveFramePage(
        chrome=visit.chrome(Section.SUMMARIES, notice=_notice(visit)),
        summary_id=str(summary.id),
        number=summary.number,
        journey_code=code_of(summary.journey),
        composer=presenting.person(visit, summary.composer),
        recipient_label=presenting.name(visit, summary.recipient),
        requisition=presenting.requisition(summary),
        counts=presenting.counts(visit, summary),
        parts=presenting.parts(visit, found),
        reasons=labels.choices(visit.services.catalogue.refusal_reasons),
        state=presenting.state(summary),
        frame=presenting.approval(summary.frame.approval),
        missing=presenting.missing(visit, summary),
        may_judge=summary.released_at is None and summary.cancelled_for is None,
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


def _reason(typed: DecisionFields) -> str | None:
    if typed.decision == "approuver":
        return None
    if typed.raison is None:
        raise InvalidValue("raison", _("Choisissez une raison."))
    return typed.raison


def _beside_the_entries(visit: Visit, refused: Refused) -> Exception:
    """What the charter says no to for an entry stands beside the entries, so that the form is not lost."""
    if refused.act is not Act.INCLUDE_IN_SUMMARY:
        return refused
    sentence = visit.gettext(
        _("Une inscription choisie ne peut pas être jointe : article %(number)s de la charte.")
    )
    return InvalidValue("inscriptions", sentence % {"number": refused.articles[0]})


def _part_index(visit: Visit) -> int:
    """Parts are counted from 1 on screen."""
    return visit.number("part") - 1


def _notice(visit: Visit) -> Notice | None:
    done = _DONE.get(visit.query.get("fait", ""))
    return Notice(done) if done else None
