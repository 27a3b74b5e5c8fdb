"""Cards: what a list shows of a journey without opening it (design: an entry renews both)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.compartments import Compartment
from domain.journey import Journey
from domain.partners import Author, Participation
from domain.summary import Approval, Standing, Summary


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card to be sealed: its face, the lock that it goes under, and what it shows."""

    face: int
    lock: int
    content: object


@dataclass(frozen=True, slots=True)
class Awaited:
    """A planned action that awaits somebody: its entry, its day, whose it is and of what kind."""

    version: int
    due: date
    institution: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class IdentityCard:
    """The name by which the person is known, under identity."""

    known_as: str


@dataclass(frozen=True, slots=True)
class FrameCard:
    """Under frame: who takes part, what awaits, and what was written last."""

    opened_at: datetime
    lead: UUID
    closed_for: str | None
    partners: dict[UUID, Participation]
    awaited: tuple[Awaited, ...]
    last_at: datetime
    last_by: Author


def identity_card(journey: Journey) -> IdentityCard | None:
    """The identity card, where the writer reads identity."""
    return IdentityCard(journey.person.known_as) if journey.person else None


def frame_card(
    journey: Journey, kept: tuple[Awaited, ...] | None, by: Author, at: datetime
) -> FrameCard:
    """The frame card after a writing. ``kept`` is what awaited before, for a writer who does not read the follow-up."""
    awaited = kept
    if awaited is None:
        awaited = tuple(
            Awaited(entry.version, entry.content.due, entry.author.institution, entry.content.kind)
            for entry in journey.awaiting()
            if entry.content.due and entry.compartment is Compartment.FOLLOW_UP
        )
    return FrameCard(
        opened_at=journey.opened_at,
        lead=journey.lead,
        closed_for=journey.closed_for,
        partners={one.institution: one.participation for one in journey.partners.values()},
        awaited=awaited,
        last_at=at,
        last_by=by,
    )


IDENTITY_FACE = 1
FRAME_FACE = 2
SUMMARY_FACE = 3


@dataclass(frozen=True, slots=True)
class SummaryCard:
    """What a list shows of a summary, under its frame."""

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
    """The card of a summary after a writing. ``awaited_of`` are the institutions whose approval is due."""
    awaited = [
        part.author_institution
        for part in summary.standing_parts
        if part.decision.approval is Approval.AWAITED
    ]
    if summary.standing is Standing.AWAITING_FRAME:
        awaited.append(coordination)
    if summary.standing is Standing.READY:
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
