"""The timeline of a journey: its days, their items, and who reads and consulted each entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from web.drawing.page import Tone


@dataclass(frozen=True, slots=True)
class Audience:
    """The readers: how many people, of which institutions, by which articles.

    ``number`` counts an institution once, even if its on-call desk is named beside it. ``deposit``: the author is not
    among the readers and can never read the text again. ``waiting``: nobody of the journey may read yet, so the on-call
    desk keeps it.
    """

    people: int
    number: int
    institutions: tuple[str, ...]
    articles: tuple[str, ...]
    deposit: bool = False
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A consult: by whom, when and why. ``times`` counts the visits of that day; ``refused`` names
    the act that was refused instead."""

    person: str
    institution: str
    at: datetime
    purpose_label: str | None = None
    times: int = 1
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Struck:
    """The text that a correction replaced; still readable, struck through."""

    title: str
    text: str
    occurred_on: date


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry that this reader can read.

    ``withdrawn_label`` says why it was withdrawn, or None.
    """

    shape: ClassVar[str] = "entry"
    version: int
    at: datetime
    day: date | None
    title: str
    institution: str
    person: str
    compartment_label: str
    text: str
    occurred_on: date
    audience: Audience
    readers: tuple[Reading, ...] = ()
    due: date | None = None
    awaiting: bool = False
    completes_title: str | None = None
    level_label: str | None = None
    ground_label: str | None = None
    tone: Tone = Tone.ACCENT
    history: tuple[Struck, ...] = ()
    withdrawn_label: str | None = None
    may_correct: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class SealedView:
    """An entry that this reader has no key to; ``why`` says who may read it."""

    shape: ClassVar[str] = "sealed"
    version: int
    day: date | None
    compartment_label: str | None
    why: str
    article: str | None


@dataclass(frozen=True, slots=True)
class FrameNoteView:
    """A quiet line of the frame.

    ``what`` is a whole sentence without the names ("a invité Police nationale").
    """

    shape: ClassVar[str] = "note"
    version: int
    at: datetime
    day: date | None
    person: str
    institution: str
    what: str


TimelineItem = EntryView | SealedView | FrameNoteView


@dataclass(frozen=True, slots=True)
class Day:
    """The items of one day in their order; ``day`` is None if no header can be opened."""

    day: date | None
    items: tuple[TimelineItem, ...]


def by_day(items: Iterable[TimelineItem]) -> tuple[Day, ...]:
    """Group items that are already in their order; an item without a day stays with those before it."""
    days: list[tuple[date | None, list[TimelineItem]]] = []
    for item in items:
        if not days or (item.day is not None and item.day != days[-1][0]):
            days.append((item.day, [item]))
        else:
            days[-1][1].append(item)
    return tuple(Day(day, tuple(kept)) for day, kept in days)
