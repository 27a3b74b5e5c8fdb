"""The cards of a journey: what a list shows of it without opening it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.journey import Journey
from domain.journey.partners import Participation


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
