"""The pages that compose a judicial summary, or join entries to it."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from web.drawing.page import Choice, Chrome, Form
from web.journey.reading.views import JourneyBar
from web.summary.views import MissingPart, Requisition


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """An entry that may be joined; ``refusal`` says why it may not, then it has no box.

    ``on_requisition``: it may be joined only if a requisition asks for its compartment.
    """

    version: int
    occurred_on: date
    title: str
    institution: str
    compartment_label: str
    ground_label: str
    text: str
    refusal: str | None = None
    article: str | None = None
    on_requisition: bool = False


@dataclass(frozen=True, slots=True)
class ComposePage:
    """Compose a summary (``ComposeFields``)."""

    template: ClassVar[str] = "compose.html"
    chrome: Chrome
    bar: JourneyBar
    recipients: tuple[Choice, ...]
    scopes: tuple[Choice, ...]
    candidates: tuple[CandidateEntry, ...]
    missing: tuple[MissingPart, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class AddEntriesPage:
    """Join entries to a summary that another partner composes (``AddEntriesFields``)."""

    template: ClassVar[str] = "add_entries.html"
    chrome: Chrome
    bar: JourneyBar
    summary_id: str
    number: str
    recipient_label: str
    requisition: Requisition | None
    candidates: tuple[CandidateEntry, ...]
    form: Form = field(default_factory=Form)
