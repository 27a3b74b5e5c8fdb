"""Judicial summaries: composed by partners, framed by the coordination, opened by a magistrate."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from web.views.journey import JourneyBar
from web.views.page import Choice, Chrome, Form


class SummaryState(StrEnum):
    """Where a summary stands."""

    DRAFT = "draft"
    AWAITING_PARTS = "awaiting_parts"
    AWAITING_FRAME = "awaiting_frame"
    READY = "ready"
    RELEASED = "released"
    OPENED = "opened"
    REFUSED = "refused"


class ApprovalState(StrEnum):
    """Where an approval stands."""

    AWAITED = "awaited"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A summary in a list. ``journey_id`` is None for who reads no journey (the coordination)."""

    summary_id: str
    number: str
    journey_id: str | None
    journey_code: str
    recipient_label: str
    state: SummaryState
    created_at: datetime
    awaits: str | None = None


@dataclass(frozen=True, slots=True)
class PartToApprove:
    """A part that awaits the reader's institution."""

    summary_id: str
    number: str
    part: int
    journey_code: str
    composer: str
    recipient_label: str
    entries: int


@dataclass(frozen=True, slots=True)
class SummariesPage:
    """Synthèses, for referents and for the coordination (``frames``: counts only)."""

    template: ClassVar[str] = "summaries.html"
    chrome: Chrome
    summaries: tuple[SummaryRow, ...]
    parts: tuple[PartToApprove, ...] = ()
    frames: tuple[SummaryRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """An entry that may be joined; ``refusal`` says why it may not, then it has no box."""

    version: int
    occurred_on: date
    title: str
    institution: str
    compartment_label: str
    ground_label: str
    text: str
    refusal: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class MissingPart:
    """What this composer cannot join, named as missing in the document."""

    label: str
    why: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class ComposePage:
    """Compose a summary.

    Fields: ``destinataire``, ``requisition_numero``, ``requisition_magistrat``,
    ``requisition_date``, ``requisition_objet``, ``inscriptions`` (several versions), ``version``.
    """

    template: ClassVar[str] = "compose.html"
    chrome: Chrome
    bar: JourneyBar
    recipients: tuple[Choice, ...]
    candidates: tuple[CandidateEntry, ...]
    missing: tuple[MissingPart, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class Requisition:
    """What the magistrate asked for (article 14.3)."""

    number: str
    magistrate: str
    issued_on: date
    scope: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One institution's entries in a summary, and its approval."""

    number: int
    institution: str
    entries: int
    state: ApprovalState
    by: str | None = None
    at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """One summary, for its composer: its parts, approvals and what is missing.

    Act: POST /syntheses/{id}/remettre.
    """

    template: ClassVar[str] = "summary.html"
    chrome: Chrome
    summary_id: str
    number: str
    journey_id: str
    journey_code: str
    recipient_label: str
    requisition: Requisition
    state: SummaryState
    parts: tuple[PartView, ...]
    frame: ApprovalState
    missing: tuple[MissingPart, ...]
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

    ``refused`` says why this reader may not (the composer cannot approve).
    """

    template: ClassVar[str] = "approve_part.html"
    chrome: Chrome
    summary_id: str
    number: str
    part: int
    journey_code: str
    composer: str
    recipient_label: str
    requisition: Requisition
    entries: tuple[SummaryEntry, ...]
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
    """The coordination approves the frame and sees no word. Fields: ``decision``, ``raison``."""

    template: ClassVar[str] = "approve_frame.html"
    chrome: Chrome
    summary_id: str
    number: str
    journey_code: str
    composer: str
    recipient_label: str
    requisition: Requisition
    counts: tuple[FrameCount, ...]
    parts: tuple[PartView, ...]
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """A summary addressed to the magistrate."""

    summary_id: str
    number: str
    sent_by: str
    received_at: datetime
    requisition_number: str
    opened_at: datetime | None = None


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
    requisition: Requisition
    form: Form = field(default_factory=Form)


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """One institution's part of an opened summary."""

    institution: str
    approved_by: str
    approved_at: datetime
    entries: tuple[SummaryEntry, ...]


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
    requisition: Requisition
    parts: tuple[SummaryPart, ...]
    missing: tuple[MissingPart, ...]
