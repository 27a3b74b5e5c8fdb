"""Judicial summaries: composed by partners, framed by the coordination, opened by a magistrate."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from web.drawing.page import Choice, Chrome, Form
from web.journey.views import JourneyBar


class SummaryState(StrEnum):
    """Where a summary stands."""

    AWAITING_PARTS = "awaiting_parts"
    AWAITING_FRAME = "awaiting_frame"
    READY = "ready"
    RELEASED = "released"
    OPENED = "opened"


class ApprovalState(StrEnum):
    """Where an approval stands."""

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
    """Synthèses, for referents and for the coordination.

    ``awaiting`` are those that await the reader's institution: its parts, its release, or for the
    coordination the frame (``frames``).
    """

    template: ClassVar[str] = "summaries.html"
    chrome: Chrome
    summaries: tuple[SummaryRow, ...]
    awaiting: tuple[SummaryRow, ...] = ()
    frames: bool = False


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """An entry that may be joined; ``refusal`` says why it may not, then it has no box.

    ``on_requisition`` says that it enters only where a requisition asks for its compartment.
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
class MissingPart:
    """What this composer cannot join, named as missing in the document.

    ``why`` is None where nothing more may be told.
    """

    label: str
    why: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class ComposePage:
    """Compose a summary.

    Fields: ``destinataire``, ``requisition_numero``, ``requisition_magistrat``,
    ``requisition_date``, ``requisition_volets`` (several), ``inscriptions`` (several versions).
    """

    template: ClassVar[str] = "compose.html"
    chrome: Chrome
    bar: JourneyBar
    recipients: tuple[Choice, ...]
    scopes: tuple[Choice, ...]
    candidates: tuple[CandidateEntry, ...]
    missing: tuple[MissingPart, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class Requisition:
    """What the magistrate asked for (article 14.3); ``scope`` names the compartments."""

    number: str
    magistrate: str
    issued_on: date
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddEntriesPage:
    """Join entries to a summary that another partner composes. Field: ``inscriptions``."""

    template: ClassVar[str] = "add_entries.html"
    chrome: Chrome
    bar: JourneyBar
    summary_id: str
    number: str
    recipient_label: str
    requisition: Requisition | None
    candidates: tuple[CandidateEntry, ...]
    form: Form = field(default_factory=Form)


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
    """Who of the recipient opened the summary, and when; the first is the receipt."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One summary, for the partners of its journey: its parts, approvals and what is missing.

    Acts: POST /syntheses/{id}/remettre, /syntheses/{id}/inscriptions.
    """

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
    """Approve a part, having read its entries.

    Fields: ``decision`` (approuver, refuser), ``raison``.

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
    """The coordination reads the frame and no word, and approves it. Fields: ``decision``, ``raison``.

    ``may_judge`` is false once it was released or given up.
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
    """Synthèses reçues: the magistrate's only list (article 14.1)."""

    template: ClassVar[str] = "received.html"
    chrome: Chrome
    received: tuple[ReceivedRow, ...]


@dataclass(frozen=True, slots=True)
class ConfirmOpenPage:
    """Before the first opening: what will be recorded. Act: POST /syntheses/{id}/ouvrir."""

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
    """One institution's part of an opened summary; ``waiting`` says that its key has not come."""

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
