"""The state of the ledger: how far it is now, and what the last verification found.

The server verifies at start and every night, and keeps the result here: pages carry a banner, sequencing signs no
checkpoint, and the journeys named take no entry.
"""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from uuid import UUID

from domain.access import LedgerStanding
from infrastructure.ledger.verification.report import Report
from infrastructure.postgres.database import Connections

# Every page asks: so only the newest numbers are looked at for entries that wait.
_STATE = """
WITH leaves AS (
    SELECT coalesce(max(position) + 1, 0) AS size FROM relais.ledger_leaf WHERE network = %b
), newest AS (
    SELECT coalesce(max(entry), 0) AS entry FROM (
        SELECT entry FROM relais.ledger_leaf WHERE network = %b ORDER BY position DESC LIMIT 1
    ) AS leaf
), last AS (
    SELECT size FROM relais.checkpoint WHERE network = %b ORDER BY size DESC LIMIT 1
), entries AS (
    SELECT count(*) AS number FROM relais.ledger_entry AS e
    WHERE e.network = %b AND e.id > (SELECT entry FROM newest) - 1000
      AND NOT EXISTS (SELECT FROM relais.ledger_leaf AS l WHERE l.entry = e.id)
)
SELECT leaves.size, coalesce(last.size, 0), entries.number
FROM leaves CROSS JOIN entries LEFT JOIN last ON true
"""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How far the ledger is: its leaves, its last checkpoint's size, and the entries that wait for a place.

    An entry that a thousand younger numbers overtook is not counted here; ``relais verify`` counts it.
    """

    size: int
    checkpoint_size: int
    unsequenced: int


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
        """The first mismatch of the last verification, or ``None``."""
        with self._lock:
            return self._last.problem if self._last else None

    @property
    def damaged(self) -> frozenset[UUID]:
        """The journeys and summaries that the last verification named: nothing is written on top of them."""
        with self._lock:
            return self._last.damaged if self._last else frozenset()

    def verified(self, report: Report, at: datetime) -> None:
        """Keep the result of a verification."""
        problem = report.mismatches[0].what if report.mismatches else None
        subjects = (mismatch.subject for mismatch in report.mismatches)
        damaged = frozenset(subject for subject in subjects if subject is not None)
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


def ledger_state(connections: Connections, network: UUID) -> LedgerState:
    """Read how far the ledger of a network is, for its pages."""
    with connections.connection() as connection:
        row = connection.execute(_STATE, (network,) * 4).fetchone()
    return LedgerState(*row)
