"""The work left, and the list of one's journeys.

A list shows the code, the known name and what awaits; nothing more.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from web.drawing.page import Choice, Chrome, Form, Paging


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A planned action of the reader's institution that awaits: ``entry`` is its version in the journey."""

    journey_id: str
    code: str
    known_as: str | None
    title: str
    due: date
    entry: int
    journey_version: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """A journey that the institution is invited to, to be accepted or declined on this line.

    The journey itself says what is shared, and may be opened before answering. ``at`` is the time of its last entry.
    """

    journey_id: str
    code: str
    lead: str
    at: datetime
    journey_version: int


@dataclass(frozen=True, slots=True)
class NewsItem:
    """An entry of others in the last days; ``what`` is a sentence without content."""

    journey_id: str
    code: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkPage:
    """« Reste à faire »: the work left."""

    template: ClassVar[str] = "work.html"
    chrome: Chrome
    overdue: tuple[WorkItem, ...]
    today: tuple[WorkItem, ...]
    upcoming: tuple[WorkItem, ...]
    invitations: tuple[Invitation, ...]
    news: tuple[NewsItem, ...]
    decline_reasons: tuple[Choice, ...]
    may_open_journey: bool
    on_call: str | None = None
    approvals_awaited: int = 0
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class JourneyCard:
    """One line of the list.

    ``known_as`` and ``awaits`` are None if this reader has no key to them.
    """

    journey_id: str
    code: str
    known_as: str | None
    awaits: str | None
    due: date | None = None
    overdue: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class JourneysPage:
    """« Suivis »: the list of journeys (``SearchFields``)."""

    template: ClassVar[str] = "journeys.html"
    chrome: Chrome
    cards: tuple[JourneyCard, ...]
    total: int
    filtered: bool
    may_open_journey: bool
    paging: Paging
    form: Form = field(default_factory=Form)
