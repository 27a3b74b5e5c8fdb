"""The pages of a magistrate: the summaries received."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from web.drawing.page import Chrome, Form
from web.summary.views import MissingPart, Requisition, SummaryEntry


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A summary addressed to the magistrate."""

    summary_id: str
    number: str
    sent_by: str
    received_at: datetime
    opened: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """« Synthèses reçues »: the magistrate's only list (article 14.1)."""

    template: ClassVar[str] = "received.html"
    chrome: Chrome
    received: tuple[ReceivedRow, ...]


@dataclass(frozen=True, slots=True)
class ConfirmOpenPage:
    """The question before the first opening, which says that it will be recorded."""

    template: ClassVar[str] = "confirm_open.html"
    chrome: Chrome
    summary_id: str
    number: str
    sent_by: str
    received_at: datetime
    requisition: Requisition | None
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """One institution's part of an opened summary; ``waiting``: its key has not come yet."""

    institution: str
    approved_by: str
    approved_at: datetime
    entries: tuple[SummaryEntry, ...]
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class OpenedSummaryPage:
    """The summary as released: numbered copy, marked for its recipient (article 14.4)."""

    template: ClassVar[str] = "opened_summary.html"
    chrome: Chrome
    summary_id: str
    number: str
    copy: str
    recipient: str
    released_at: datetime
    opened_at: datetime
    journey_code: str
    requisition: Requisition | None
    parts: tuple[SummaryPart, ...]
    missing: tuple[MissingPart, ...]
