"""The sequencer: gives committed ledger entries their place in the tree and signs checkpoints over it.

It runs in whichever process wins an advisory lock, on the connection that holds the lock: a sequencer that lost its
connection has lost the lock, and can store nothing more. Writers never wait for it (docs/ledger.md).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Final
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.formats.ledger.checkpoint import Checkpoint, NoteError, open_note, sign
from infrastructure.formats.ledger.tree import HASH_LENGTH, Frontier, leaf_hash
from infrastructure.postgres.database import Connections

BATCH: Final = 1000
_CHUNK: Final = 2**16
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# Rows, the state of their numbers and the snapshot are read in one statement: from one snapshot.
_WAITING = """
WITH above AS (
    SELECT coalesce(max(id), %b) AS top, count(*) AS number FROM relais.ledger_entry WHERE id > %b
)
SELECT above.top, above.number, pg_snapshot_xmin(pg_current_snapshot()) > %b::xid8,
       entry.id, entry.header
FROM above LEFT JOIN LATERAL (
    SELECT e.id, e.header FROM relais.ledger_entry AS e
    WHERE e.id > %b AND e.network = %b
      AND NOT EXISTS (SELECT FROM relais.ledger_leaf AS l WHERE l.entry = e.id)
    ORDER BY e.id LIMIT %b
) AS entry ON true
ORDER BY entry.id
"""
_STORE = """
INSERT INTO relais.ledger_leaf (network, position, entry, leaf)
SELECT %b, %b::bigint + given.place - 1, given.entry, given.leaf
FROM unnest(%b::bigint[], %b::bytea[]) WITH ORDINALITY AS given (entry, leaf, place)
"""


class LedgerOutOfStep(Exception):
    """The stored leaves are not those that were signed: nothing may be signed on top of them.

    ``relais verify`` names the place.
    """


@dataclass(frozen=True, slots=True)
class Round:
    """The result of one round: how many entries got their place, and the checkpoint that it stored, if one was due."""

    sequenced: int
    checkpoint: str | None


@dataclass(frozen=True, slots=True)
class _Crossing:
    """Numbers up to ``top`` may be passed once every transaction before ``burnt`` (an xid8) has ended."""

    top: int
    burnt: str


class Sequencer:
    """Orders the ledger of one network, in turn with other processes.

    ``origin`` names the ledger in its checkpoints and is the key name of their signature; the house signs. Checkpoints
    fall on fixed multiples of ``checkpoint_interval`` since 1970.
    """

    def __init__(
        self,
        connections: Connections,
        network: UUID,
        origin: str,
        signing_key: Ed25519PrivateKey,
        checkpoint_interval: timedelta,
    ) -> None:
        self._connections = connections
        self.network = network
        self.origin = origin
        self.signing_key = signing_key
        self.checkpoint_interval = checkpoint_interval

    @contextmanager
    def elected(self, at: datetime) -> Iterator["Sequencing | None"]:
        """The right to sequence within the block, or ``None`` if another process has it.

        Raises ``LedgerOutOfStep``. After any error within, be elected anew: the tree is then read again.
        """
        with self._connections.connection() as connection:
            lock = "(hashtextextended(%b::uuid::text, 3))"
            (won,) = connection.execute(
                "SELECT pg_try_advisory_lock" + lock, (self.network,)
            ).fetchone()
            if not won:
                yield None
                return
            try:
                yield Sequencing(self, connection, at)
            finally:
                try:
                    connection.execute("SELECT pg_advisory_unlock" + lock, (self.network,))
                except psycopg.Error:
                    # The lock goes with its connection, which must not return to a pool.
                    connection.close()

    def run(
        self,
        stop: Event,
        clock: Callable[[], datetime],
        pause: timedelta,
        may_sign: Callable[[], bool],
    ) -> None:
        """Sequence until told to stop, or wait for the right to. ``may_sign`` is false while a mismatch is known.

        A database that goes away is waited for. Raises ``LedgerOutOfStep``.
        """
        while not stop.is_set():
            try:
                with self.elected(clock()) as sequencing:
                    while sequencing is not None and not stop.is_set():
                        sequencing.round(clock(), may_sign=may_sign())
                        stop.wait(pause.total_seconds())
            except (psycopg.OperationalError, psycopg.InterfaceError):
                pass
            stop.wait(pause.total_seconds())


class Sequencing:
    """The sequencer at work, while it holds the lock. Reads the tree from the stored leaves first."""

    def __init__(self, sequencer: Sequencer, connection: Any, at: datetime) -> None:
        self._sequencer = sequencer
        self._connection = connection
        self._tick = self._tick_of(at)
        self._frontier, self._signed_size = _stored_tree(sequencer, connection)
        # Nothing at or under the mark can still appear: every number there is stored, or never will be.
        self._mark = 0
        self._crossing: _Crossing | None = None

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._frontier.size

    def round(self, at: datetime, *, may_sign: bool = True) -> Round:
        """Give every committed entry its place, and sign a checkpoint if a multiple of the interval has passed."""
        sequenced = taken = self._take()
        while taken == BATCH:
            taken = self._take()
            sequenced += taken
        tick = self._tick_of(at)
        if not may_sign or tick <= self._tick:
            return Round(sequenced, None)
        self._tick = tick
        return Round(sequenced, self.sign())

    def sign(self) -> str | None:
        """Sign and store a checkpoint now; ``None`` if the last one has the same size, or there is nothing to sign.

        A checkpoint holds no time, and an Ed25519 signature no chance: over the same tree it is the same note.
        """
        size = self._frontier.size
        if size == self._signed_size:
            return None
        sequencer = self._sequencer
        checkpoint = Checkpoint(sequencer.origin, size, self._frontier.root())
        note = sign(checkpoint, sequencer.origin, sequencer.signing_key)
        self._connection.execute(
            "INSERT INTO relais.checkpoint (network, size, note) VALUES (%b, %b, %b)",
            (sequencer.network, size, note),
        )
        self._signed_size = size
        return note

    def _take(self) -> int:
        """Sequence up to ``BATCH`` entries, in the order of their numbers; returns how many."""
        with self._connection.transaction():
            top, number, may_cross, entries = self._waiting()
            grown = Frontier(self._frontier.size, self._frontier.hashes)
            leaves = [leaf_hash(header) for _, header in entries]
            grown.extend(leaves)
            if entries:
                numbers = [entry for entry, _ in entries]
                arguments = (self._sequencer.network, self._frontier.size, numbers, leaves)
                self._connection.execute(_STORE, arguments)
        # From here on the leaves are durable: a crash before this line is as if this process had never been elected.
        self._frontier = grown
        if len(entries) < BATCH:
            self._advance(top, number, may_cross=may_cross)
        return len(entries)

    def _waiting(self) -> tuple[int, int, bool, list[tuple[int, bytes]]]:
        burnt = self._crossing.burnt if self._crossing else None
        arguments = (self._mark, self._mark, burnt, self._mark, self._sequencer.network, BATCH)
        # A plan for these very values: a generic one would scan the whole tree in each round.
        rows = self._connection.execute(_WAITING, arguments, prepare=False).fetchall()
        top, number, may_cross = rows[0][:3]
        return top, number, bool(may_cross), [row[3:] for row in rows if row[3] is not None]

    def _advance(self, top: int, number: int, *, may_cross: bool) -> None:
        """Move the mark over what can never change again.

        A number is taken after its transaction's id. So, with an id burnt after a number was seen, every transaction
        that may still fill a smaller one is older, and has ended once the oldest running one is younger than that.
        """
        if number == top - self._mark:
            self._mark = top
            self._crossing = None
        elif self._crossing is None:
            (burnt,) = self._connection.execute("SELECT pg_current_xact_id()::text").fetchone()
            self._crossing = _Crossing(top, burnt)
        elif may_cross:
            self._mark = self._crossing.top
            self._crossing = None

    def _tick_of(self, at: datetime) -> int:
        return (at - _EPOCH) // self._sequencer.checkpoint_interval


def _stored_tree(sequencer: Sequencer, connection: Any) -> tuple[Frontier, int]:
    """The tree of the stored leaves, and the size of the last checkpoint, which must be over its beginning."""
    network = sequencer.network
    (size,) = connection.execute(
        "SELECT coalesce(max(position) + 1, 0) FROM relais.ledger_leaf WHERE network = %b",
        (network,),
    ).fetchone()
    signed = _last_checkpoint(sequencer, connection)
    signed_size = signed.size if signed else 0
    if signed_size > size:
        raise LedgerOutOfStep("the tree is smaller than its last checkpoint")
    frontier = Frontier()
    for first in range(0, size, _CHUNK):
        leaves = _stored_leaves(connection, network, first, min(_CHUNK, size - first))
        within = max(signed_size - first, 0)
        frontier.extend(leaves[:within])
        if signed and frontier.size == signed_size and frontier.root() != signed.root:
            raise LedgerOutOfStep("the tree is not the one of its last checkpoint")
        frontier.extend(leaves[within:])
    return frontier, signed_size


def _last_checkpoint(sequencer: Sequencer, connection: Any) -> Checkpoint | None:
    row = connection.execute(
        "SELECT note FROM relais.checkpoint WHERE network = %b ORDER BY size DESC LIMIT 1",
        (sequencer.network,),
    ).fetchone()
    if row is None:
        return None
    try:
        return open_note(row[0], {sequencer.origin: sequencer.signing_key.public_key()})
    except NoteError as error:
        raise LedgerOutOfStep("the last checkpoint is not signed by this house") from error


def _stored_leaves(connection: Any, network: UUID, first: int, number: int) -> list[bytes]:
    (joined,) = connection.execute(
        "SELECT string_agg(leaf, ''::bytea ORDER BY position) FROM relais.ledger_leaf"
        " WHERE network = %b AND position >= %b AND position < %b",
        (network, first, first + number),
    ).fetchone()
    if joined is None or len(joined) != number * HASH_LENGTH:
        raise LedgerOutOfStep("a leaf is missing")
    return [joined[at : at + HASH_LENGTH] for at in range(0, len(joined), HASH_LENGTH)]
