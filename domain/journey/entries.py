"""What stands in a journey: entries, the person, and the notes of its frame."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.capacities import Capacity


@dataclass(frozen=True, slots=True)
class Content:
    """What an action says. ``occurred_on`` is the day it was done or is planned for; ``due`` makes it await."""

    kind: str
    text: str
    occurred_on: date
    due: date | None = None
    level: str | None = None
    completes: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who the person is. All but ``known_as`` are optional; nothing here ever stands in a URL, a title or a log."""

    known_as: str
    surname: str = ""
    first_name: str = ""
    birth_date: date | None = None


@dataclass(slots=True)
class Entry:
    """One entry as its readers see it; ``history`` holds what was struck by corrections, oldest first."""

    version: int
    compartment: Compartment
    at: datetime
    author: Author
    content: Content
    ground: str
    history: list[Content] = field(default_factory=list)
    withdrawn_for: str | None = None


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry that this reader has no key to: its place, and its compartment where the header opens."""

    version: int
    compartment: Compartment | None
    day: date | None


@dataclass(frozen=True, slots=True)
class FrameNote:
    """A frame event in the words of the timeline: a code, who, and the institution concerned."""

    version: int
    code: str
    at: datetime
    author: Author
    institution: UUID | None = None
    detail: str = ""
    capacities: frozenset[Capacity] = frozenset()
