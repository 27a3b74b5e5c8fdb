"""The summaries that a magistrate received: the list, the confirmation, the opened summary, its PDF."""

from starlette.responses import Response

from application.door.summary import EnteredSummary
from application.magistrate import received as magistrate
from application.magistrate.received import NotConfirmed, has_opened
from domain.journey.code import code_of
from web.drawing import labels
from web.drawing.page import Page, Section
from web.site.visit import NotFound, Visit
from web.summary import presenter as presenting
from web.summary.received_views import ConfirmOpenPage, OpenedSummaryPage, ReceivedPage

DOCUMENT = "synthese.pdf"
"""The name of the file: the same for every summary."""


def show_received(visit: Visit) -> Response:
    """Show the summaries addressed to the magistrate's institution, and nothing else (article 14.1)."""
    rows = magistrate.received(visit.services, visit.session)
    page = ReceivedPage(
        chrome=visit.chrome(Section.SUMMARIES), received=presenting.received(visit, rows)
    )
    return visit.show(page)


def show_received_summary(visit: Visit) -> Response:
    """Ask whether to open; once that is confirmed, show the summary."""
    entered = magistrate.read_received(visit.services, visit.session, visit.identifier("summary"))
    return visit.show(_opened(visit, entered) if has_opened(entered) else _confirm(visit, entered))


def open_summary(visit: Visit) -> Response:
    """Open on a confirmation, which is the receipt (article 14.4)."""
    summary = visit.identifier("summary")
    magistrate.open_summary(visit.services, visit.session, summary)
    return visit.go(f"/syntheses/{summary}")


def show_document(visit: Visit) -> Response:
    """Give the numbered copy as PDF, under the same neutral name for every summary."""
    summary = visit.identifier("summary")
    try:
        made = magistrate.document(visit.services, visit.session, summary)
    except NotConfirmed:
        return visit.go(f"/syntheses/{summary}")
    return Response(
        made,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{DOCUMENT}"'},
    )


def _confirm(visit: Visit, entered: EnteredSummary) -> Page:
    summary = entered.summary
    if summary.released_at is None:
        raise NotFound
    return ConfirmOpenPage(
        chrome=visit.chrome(Section.SUMMARIES),
        summary_id=str(summary.id),
        number=summary.number,
        sent_by=presenting.name(visit, summary.composer.institution),
        received_at=summary.released_at,
        requisition=presenting.requisition(summary),
    )


def _opened(visit: Visit, entered: EnteredSummary) -> Page:
    summary, reader = entered.summary, visit.session.referent
    if summary.released_at is None:
        raise NotFound
    opened_at = next(opening.at for opening in summary.openings if opening.by.referent == reader)
    recipient = presenting.name(visit, summary.recipient)
    return OpenedSummaryPage(
        chrome=visit.chrome(Section.SUMMARIES),
        summary_id=str(summary.id),
        number=summary.number,
        copy=f"n° {summary.copy_number}",
        recipient=f"{labels.referent_name(visit.network, reader)}, {recipient}",
        released_at=summary.released_at,
        opened_at=opened_at,
        journey_code=code_of(summary.journey),
        requisition=presenting.requisition(summary),
        parts=presenting.opened_parts(visit, summary),
        missing=presenting.left_out(visit, summary),
    )
