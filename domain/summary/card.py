"""Card of a summary: a list shows it without opening the summary."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.summary.approvals import Approval
from domain.summary.summary import Standing, Summary


@dataclass(frozen=True, slots=True)
class SummaryCard:
    """The card under the frame. ``awaited_of`` are the institutions whose approval or release is due."""

    number: str
    standing: Standing
    recipient: UUID
    composer: UUID
    journey: UUID
    drafted_at: datetime
    released_at: datetime | None
    openings: int
    awaited_of: tuple[UUID, ...]


def summary_card(summary: Summary, coordination: UUID) -> SummaryCard:
    """The card of a summary after a writing."""
    awaited = [
        part.author_institution
        for part in summary.standing_parts
        if part.decision.approval is Approval.AWAITED
    ]
    if summary.standing is Standing.AWAITING_FRAME:
        awaited.append(coordination)
    if summary.is_ready:
        awaited.append(summary.composer.institution)
    return SummaryCard(
        number=summary.number,
        standing=summary.standing,
        recipient=summary.recipient,
        composer=summary.composer.institution,
        journey=summary.journey,
        drafted_at=summary.drafted_at,
        released_at=summary.released_at,
        openings=len(summary.openings),
        awaited_of=tuple(dict.fromkeys(awaited)),
    )
