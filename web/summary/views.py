"""The pages of judicial summaries for partners and for the coordination: lists, approvals."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from web.drawing.page import Choice, Chrome, Form


class SummaryState(StrEnum):
    """The standing of a summary."""

    AWAITING_PARTS = "awaiting_parts"
    AWAITING_FRAME = "awaiting_frame"
    READY = "ready"
    RELEASED = "released"
    OPENED = "opened"


class ApprovalState(StrEnum):
    """The standing of an approval."""

    AWAITED = "awaited"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A summary in a list."""

    summary_id: str
    number: str
    journey_code: str
    recipient_label: str
    state: SummaryState
    created_at: datetime
    awaits: str | None = None


@dataclass(frozen=True, slots=True)
class SummariesPage:
    """« Synthèses », for referents and for the coordination.

    ``awaiting`` are the summaries that await the reader's institution: its parts, its release, or for the
    coordination the frame (``frames``).
    """

    template: ClassVar[str] = "summaries.html"
    chrome: Chrome
    summaries: tuple[SummaryRow, ...]
    awaiting: tuple[SummaryRow, ...] = ()
    frames: bool = False


@dataclass(frozen=True, slots=True)
class MissingPart:
    """Entries that the composer cannot join, named as missing in the document.

    ``why`` is None if nothing more may be told.
    """

    label: str
    why: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Requisition:
    """The magistrate's requisition (article 14.3); ``scope`` names the compartments that it asks for."""

    number: str
    magistrate: str
    issued_on: date
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """One institution's entries in a summary, and its approval; ``may_judge`` links to them."""

    number: int
    institution: str
    compartment_label: str
    entries: int
    state: ApprovalState
    by: str | None = None
    at: datetime | None = None
    reason: str | None = None
    may_judge: bool = False


@dataclass(frozen=True, slots=True)
class OpeningView:
    """An opening of the summary by a person of the recipient; the first is the receipt."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One summary, for the partners of its journey: its parts, its approvals and the missing entries."""

    template: ClassVar[str] = "summary.html"
    chrome: Chrome
    summary_id: str
    number: str
    journey_id: str
    journey_code: str
    recipient_label: str
    requisition: Requisition | None
    state: SummaryState
    parts: tuple[PartView, ...]
    frame: ApprovalState
    missing: tuple[MissingPart, ...]
    composer: str = ""
    frame_reason: str | None = None
    openings: tuple[OpeningView, ...] = ()
    available_until: date | None = None
    may_add: bool = False
    may_release: bool = False


@dataclass(frozen=True, slots=True)
class SummaryEntry:
    """An entry as it stands in a summary."""

    occurred_on: date
    title: str
    institution: str
    compartment_label: str
    ground_label: str
    text: str
    level_label: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovePartPage:
    """Approve a part, having read its entries (``DecisionFields``).

    ``refused`` says why this reader may not (the composer cannot approve; it was decided already).
    """

    template: ClassVar[str] = "approve_part.html"
    chrome: Chrome
    summary_id: str
    number: str
    part: int
    journey_code: str
    composer: str
    recipient_label: str
    requisition: Requisition | None
    entries: tuple[SummaryEntry, ...]
    reasons: tuple[Choice, ...]
    refused: str | None = None
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class FrameCount:
    """How many entries of one class rest on one ground."""

    class_label: str
    ground_label: str
    entries: int
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApproveFramePage:
    """Approve the frame, for the coordination, which reads no word (``DecisionFields``).

    ``may_judge`` is false once the summary was released or given up.
    """

    template: ClassVar[str] = "approve_frame.html"
    chrome: Chrome
    summary_id: str
    number: str
    journey_code: str
    composer: str
    recipient_label: str
    requisition: Requisition | None
    counts: tuple[FrameCount, ...]
    parts: tuple[PartView, ...]
    reasons: tuple[Choice, ...]
    state: SummaryState
    frame: ApprovalState
    missing: tuple[MissingPart, ...] = ()
    may_judge: bool = True
    form: Form = field(default_factory=Form)
