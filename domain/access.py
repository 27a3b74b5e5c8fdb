"""An access: what the ledger records of one act, allowed or refused (article 10.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

SAME_VISIT = timedelta(minutes=15)
"""How long after a page the next one of the same journey still belongs to the same visit."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who did what to which journey, when, why and under which articles. Identifiers and codes only, no content.

    ``subject`` is the journey or summary, where there is one. ``details`` names other things by identifier.
    """

    act: str
    at: datetime
    subject: UUID | None = None
    compartment: str | None = None
    purpose: str | None = None
    ground: str | None = None
    articles: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    allowed: bool = True
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the partners of a journey see of an access to it: everything but the compartment."""

    at: datetime
    referent: UUID
    institution: UUID
    act: str
    purpose: str | None
    allowed: bool


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the ledger as the coordination reads it. ``number`` is its place in the ledger, where it has one;
    ``referent`` is ``None`` for an act of the house."""

    number: int | None
    access: Access
    referent: UUID | None
    institution: UUID | None


@dataclass(frozen=True, slots=True)
class LedgerStanding:
    """Whether the ledger is whole, as the last verification found it.

    ``verified_at`` is ``None`` where it has not run yet; ``checkpoint_size`` is how many entries the last checkpoint
    covers, ``awaiting`` how many it does not yet; ``problem`` says the first thing that does not match, in French.
    """

    verified_at: datetime | None
    checkpoint_size: int
    awaiting: int
    problem: str | None


def visits(moments: Iterable[datetime]) -> int:
    """How many times somebody came, by when each page was shown to them, in any order.

    One act shows several pages of a journey: its form, what is wrong with it, the journey again. Each is recorded by
    itself; to whoever asks who came they are one visit.
    """
    ordered = sorted(moments)
    return bool(ordered) + sum(later - one > SAME_VISIT for one, later in pairwise(ordered))
