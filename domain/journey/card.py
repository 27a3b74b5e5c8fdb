"""Cards of a journey: a list shows them without opening it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.journey import Journey
from domain.journey.partners import Participation


@dataclass(frozen=True, slots=True)
class Awaited:
    """A planned action that awaits: the version of its entry, its day, its institution and its kind."""

    version: int
    due: date
    institution: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class IdentityCard:
    """The card under identity: the name by which the person is known."""

    known_as: str


@dataclass(frozen=True, slots=True)
class FrameCard:
    """The card under frame: the partners, the actions that await, and the last writing."""

    opened_at: datetime
    lead: UUID
    closed_for: str | None
    partners: dict[UUID, Participation]
    awaited: tuple[Awaited, ...]
    last_at: datetime
    last_by: Author


def identity_card(journey: Journey) -> IdentityCard | None:
    """The identity card; ``None`` if the person is not recorded, or not readable to the writer."""
    return IdentityCard(journey.person.known_as) if journey.person else None


def frame_card(
    journey: Journey, kept: tuple[Awaited, ...] | None, by: Author, at: datetime
) -> FrameCard:
    """The frame card after a writing.

    ``kept`` are the actions that awaited before, for a writer who may not read the follow-up.
    """
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
        partners={
            partner.institution: partner.participation for partner in journey.partners.values()
        },
        awaited=awaited,
        last_at=at,
        last_by=by,
    )
