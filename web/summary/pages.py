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
from web.site.form_page import FormPage
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
"""The sentence for an act that was just done, by the word that the address carries."""


def show_summaries(visit: Visit) -> Response:
    """Show the summaries of the visitor: each role has its own page."""
    if visit.may(Act.RECEIVE_SUMMARY):
        return magistrate.show_received(visit)
    rows = summaries.my_summaries(visit.services, visit.session)
    own = visit.session.institution
    page = SummariesPage(
        chrome=visit.chrome(Section.SUMMARIES),
        summaries=tuple(
            presenting.row(visit, row) for row in rows if own not in row.card.awaited_of
        ),
        awaiting=tuple(presenting.row(visit, row) for row in rows if own in row.card.awaited_of),
        frames=visit.may(Act.APPROVE_FRAME),
    )
    return visit.show(page)


def show_summary(visit: Visit) -> Response:
    """Show one summary, as the visitor may see it."""
    if visit.may(Act.RECEIVE_SUMMARY):
        return magistrate.show_received_summary(visit)
    if visit.may(Act.APPROVE_FRAME):
        return FRAME.show(visit)
    entered = summaries.read_summary(visit.services, visit.session, visit.identifier("summary"))
    return visit.show(_summary_page(visit, entered))


# -- approving -------------------------------------------------------------------------------------


def judge_part(visit: Visit, typed: DecisionFields) -> Response:
    """Approve or refuse a part, having read it."""
    summary, reason = visit.identifier("summary"), _reason(typed)
    approving.judge_part(visit.services, visit.session, summary, _part_index(visit), reason)
    return visit.go(f"/syntheses/{summary}?fait={'refusee' if reason else 'approuvee'}")


def judge_frame(visit: Visit, typed: DecisionFields) -> Response:
    """Approve or refuse the frame."""
    summary, reason = visit.identifier("summary"), _reason(typed)
    framing.judge_frame(visit.services, visit.session, summary, reason)
    return visit.go(f"/syntheses/{summary}?fait={'refusee' if reason else 'approuvee'}")


def release(visit: Visit) -> Response:
    """Release the summary to its recipient."""
    summary = visit.identifier("summary")
    approving.release(visit.services, visit.session, summary)
    return visit.go(f"/syntheses/{summary}?fait=remise")


# -- the pages -------------------------------------------------------------------------------------


def _summary_page(visit: Visit, entered: EnteredSummary) -> SummaryPage:
    summary = entered.summary
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
        parts=presenting.parts(visit, entered),
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


def _part_page(visit: Visit, form: Form) -> ApprovePartPage:
    """A part of the reader's institution, with its words."""
    index = _part_index(visit)
    summary_id = visit.identifier("summary")
    summary = approving.read_part(visit.services, visit.session, summary_id, index).summary
    part = summary.parts[index]
    refused = None
    if summary.released_at is not None or part.decision.approval is not Approval.AWAITED:
        refused = _("Votre institution s’est déjà prononcée sur cette partie.")
    elif part.items is None:
        refused = _(
            "Les mots de cette partie ne vous sont pas ouverts : on n’approuve que ce qu’on a lu."
        )
    return ApprovePartPage(
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


def _frame_page(visit: Visit, form: Form) -> ApproveFramePage:
    """The frame, for the coordination."""
    entered = read_frame(visit.services, visit.session, visit.identifier("summary"))
    summary = entered.summary
    return ApproveFramePage(
        chrome=visit.chrome(Section.SUMMARIES, notice=_notice(visit)),
        summary_id=str(summary.id),
        number=summary.number,
        journey_code=code_of(summary.journey),
        composer=presenting.person(visit, summary.composer),
        recipient_label=presenting.name(visit, summary.recipient),
        requisition=presenting.requisition(summary),
        counts=presenting.counts(visit, summary),
        parts=presenting.parts(visit, entered),
        reasons=labels.choices(visit.services.catalogue.refusal_reasons),
        state=presenting.state(summary),
        frame=presenting.approval(summary.frame.approval),
        missing=presenting.missing(visit, summary),
        may_judge=summary.released_at is None,
        form=form,
    )


# -- reading the form --------------------------------------------------------------------------------


def _reason(typed: DecisionFields) -> str | None:
    if typed.decision == "approuver":
        return None
    if typed.raison is None:
        raise InvalidValue("raison", _("Choisissez une raison."))
    return typed.raison


def _part_index(visit: Visit) -> int:
    """The index of a part, which the screen counts from 1."""
    return visit.number("part") - 1


def _notice(visit: Visit) -> Notice | None:
    done = _DONE.get(visit.query.get("fait", ""))
    return Notice(done) if done else None


PART = FormPage(DecisionFields, _part_page, judge_part)
FRAME = FormPage(DecisionFields, _frame_page, judge_frame)
