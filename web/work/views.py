"""Work left, and the list of one's journeys.

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
    """A journey that the institution is invited to; accepted or declined on the line.

    What is shared stands in the journey, which may be opened before one answers. ``at`` is its last entry.
    """

    journey_id: str
    code: str
    lead: str
    at: datetime
    journey_version: int


@dataclass(frozen=True, slots=True)
class NewsItem:
    """What others did in a journey these last days; ``what`` is a sentence without content."""

    journey_id: str
    code: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Reste à faire."""

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

    ``known_as`` and ``awaits`` are None where this reader has no key to them.
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
    """Suivis.

    ``form`` fields: ``recherche`` (code or known name), ``etat`` (ouverts, clos, tous).
    """

    template: ClassVar[str] = "journeys.html"
    chrome: Chrome
    cards: tuple[JourneyCard, ...]
    total: int
    filtered: bool
    may_open_journey: bool
    paging: Paging
    form: Form = field(default_factory=Form)
