"""Judicial summaries of partners and of the coordination: lists, approving, releasing."""

from starlette.responses import Response

from application.coordination import framing
from application.door.summary import EnteredSummary, read_frame
from application.referent import approving, summaries
from domain.journey.code import code_of
from domain.refusals import InvalidValue
from domain.summary.approvals import Approval
from domain.summary.summary import Standing
from policies.charter import Act
from web.drawing import labels
from web.drawing.page import Form, Notice, Section
from web.drawing.words import _
from web.site.form_act import with_form
from web.site.visit import Visit
from web.summary import presenter as presenting
from web.summary import received as magistrate
from web.summary.fields import DecisionFields
from web.summary.views import ApproveFramePage, ApprovePartPage, SummariesPage, SummaryPage

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


# -- approving -------------------------------------------------------------------------------------


def show_part(visit: Visit) -> Response:
    """A part of the reader's institution, with its words."""
    return _part_page(visit, Form(), 200)


def judge_part(visit: Visit) -> Response:
    """Approve or refuse a part, having read it."""
    summary, part = visit.identifier("summary"), _part_index(visit)

    def act(typed: DecisionFields) -> Response:
        reason = _reason(typed)
        approving.judge_part(visit.services, visit.session, summary, part, reason)
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
        framing.judge_frame(visit.services, visit.session, summary, reason)
        return visit.go(f"/syntheses/{summary}?fait={'refusee' if reason else 'approuvee'}")

    return with_form(
        visit, DecisionFields, act, lambda form, status: _frame_page(visit, form, status)
    )


def release(visit: Visit) -> Response:
    """Release the summary to its recipient."""
    summary = visit.identifier("summary")
    approving.release(visit.services, visit.session, summary)
    return visit.go(f"/syntheses/{summary}?fait=remise")


# -- the pages -------------------------------------------------------------------------------------


def _summary_page(visit: Visit, found: EnteredSummary) -> SummaryPage:
    summary = found.summary
    settled = summary.released_at is not None
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
    found = approving.read_part(visit.services, visit.session, summary_id, index)
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
    found = read_frame(visit.services, visit.session, visit.identifier("summary"))
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
        may_judge=summary.released_at is None,
        form=form,
    )
    return visit.show(page, status)


# -- what was typed --------------------------------------------------------------------------------


def _reason(typed: DecisionFields) -> str | None:
    if typed.decision == "approuver":
        return None
    if typed.raison is None:
        raise InvalidValue("raison", _("Choisissez une raison."))
    return typed.raison


def _part_index(visit: Visit) -> int:
    """Parts are counted from 1 on screen."""
    return visit.number("part") - 1


def _notice(visit: Visit) -> Notice | None:
    done = _DONE.get(visit.query.get("fait", ""))
    return Notice(done) if done else None
