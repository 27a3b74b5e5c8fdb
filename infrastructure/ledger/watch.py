"""What is known of the ledger's wholeness: how far it is, and what the last verification in this process found."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID

from domain.access import LedgerStanding
from infrastructure.ledger.sequencer import ledger_state
from infrastructure.ledger.verification.report import Report
from infrastructure.postgres.database import Connections


@dataclass(frozen=True, slots=True)
class _Verified:
    at: datetime
    problem: str | None
    damaged: frozenset[UUID]


class LedgerWatch:
    """Remembers the last verification of one network's ledger; may be asked from several threads."""

    def __init__(self, connections: Connections, network: UUID) -> None:
        self._connections = connections
        self._network = network
        self._lock = Lock()
        self._last: _Verified | None = None

    @property
    def problem(self) -> str | None:
        """What the last verification found first, or ``None``."""
        with self._lock:
            return self._last.problem if self._last else None

    @property
    def damaged(self) -> frozenset[UUID]:
        """The journeys and summaries that the last verification named: nothing is written on top of them."""
        with self._lock:
            return self._last.damaged if self._last else frozenset()

    def verified(self, report: Report, at: datetime) -> None:
        """Take in what a verification found."""
        problem = report.mismatches[0].what if report.mismatches else None
        damaged = frozenset(one.subject for one in report.mismatches if one.subject is not None)
        with self._lock:
            self._last = _Verified(at, problem, damaged)

    def __call__(self) -> LedgerStanding:
        """How far the ledger is now, and what the last verification found."""
        state = ledger_state(self._connections, self._network)
        with self._lock:
            last = self._last
        return LedgerStanding(
            verified_at=last.at if last else None,
            checkpoint_size=state.checkpoint_size,
            awaiting=state.size - state.checkpoint_size + state.unsequenced,
            problem=last.problem if last else None,
        )
