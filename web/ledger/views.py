"""The page of the ledger: whether it is whole, when it was used, and its lines; no word of a journey."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from web.drawing.page import Choice, Chrome, Form, Paging
from web.drawing.pictures import HeatCounts


@dataclass(frozen=True, slots=True)
class LedgerStanding:
    """Whether the ledger is whole; if not, ``problem`` names the first fault."""

    verified_at: datetime | None
    checkpoint_size: int
    awaiting_checkpoint: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line. ``act_label`` says the act; ``detail`` names the compartment or the summary, never content."""

    at: datetime
    person: str
    institution: str
    act_label: str
    journey_code: str | None
    purpose_label: str | None
    articles: tuple[str, ...]
    detail: str | None = None
    refused: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """« Registre des accès »: the ledger, filtered or exported by one form (``LedgerFields``)."""

    template: ClassVar[str] = "ledger.html"
    chrome: Chrome
    standing: LedgerStanding
    period_from: date
    period_to: date
    total: int
    heat: HeatCounts
    rows: tuple[LedgerRow, ...]
    institutions: tuple[Choice, ...]
    acts: tuple[Choice, ...]
    paging: Paging
    filtered: bool = False
    form: Form = field(default_factory=Form)
