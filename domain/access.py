"""Accesses: acts as the ledger records them, allowed or refused (article 10.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

SAME_VISIT = timedelta(minutes=15)
"""How long after a page the next page of the same journey still belongs to the same visit."""


class LedgerAct(StrEnum):
    """An act of the ledger that the charter is not asked about, or that it knows under several names.

    All others are the charter's own (``policies.acts.Act``).
    """

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    LIST_SUMMARIES = "list_summaries"
    READ_SUMMARY = "read_summary"
    LOOK_AT_SUMMARY = "look_at_summary"
    SET_STANDING = "set_standing"
    MAKE_SMALL_GROUP = "make_small_group"
    RENEW_GROUPS = "renew_groups"
    SHARE_GROUPS = "share_groups"
    FOUND_NETWORK = "found_network"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Access:
    """One act on a journey: when, why and under which articles. Identifiers and codes only, no content.

    ``subject`` is the journey or summary, if there is one. ``details`` names other things by identifier.
    """

    act: str
    at: datetime
    subject: UUID | None = None
    compartments: tuple[str, ...] = ()
    purpose: str | None = None
    ground: str | None = None
    articles: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    allowed: bool = True
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """An access to a journey as its partners see it: everything but the compartment."""

    at: datetime
    referent: UUID
    institution: UUID
    act: str
    purpose: str | None
    allowed: bool


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the ledger as the coordination reads it.

    ``number`` is its place in the ledger, once it has one; ``referent`` is ``None`` for an act of the house.
    """

    number: int | None
    access: Access
    referent: UUID | None
    institution: UUID | None


@dataclass(frozen=True, slots=True)
class LedgerStanding:
    """Whether the ledger is whole, as the last verification found it.

    ``verified_at`` is ``None`` before the first verification; ``checkpoint_size`` is how many entries the last
    checkpoint covers, ``awaiting`` how many it does not yet; ``problem`` is the first mismatch found, in French.
    """

    verified_at: datetime | None
    checkpoint_size: int
    awaiting: int
    problem: str | None


def visits(moments: Iterable[datetime]) -> int:
    """Count visits from the moments at which pages were shown to somebody, given in any order.

    One act shows several pages of a journey: its form, the errors in it, the journey again. Each page is recorded by
    itself; together they are one visit.
    """
    ordered = sorted(moments)
    return bool(ordered) + sum(later - earlier > SAME_VISIT for earlier, later in pairwise(ordered))
