"""Verifying the ledger itself: entries, their order in the tree, and the checkpoints over it.

Everything is recomputed from the stored bytes, one entry at a time.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from infrastructure.formats.ledger.checkpoint import Checkpoint, NoteError, open_note
from infrastructure.formats.ledger.header import (
    NO_TRACE,
    BadSignature,
    Header,
    MalformedHeader,
    parse,
    verify,
)
from infrastructure.formats.ledger.tree import Frontier, leaf_hash
from infrastructure.ledger.verification.report import Findings, MismatchKind, place

FETCH: Final = 500

_PLACED = """
SELECT l.entry, e.header, b.network, b.subject, b.session_key, b.body, b.trace_epoch, b.trace,
       l.position, l.leaf, e.network
FROM relais.ledger_leaf AS l
LEFT JOIN relais.ledger_entry AS e ON e.id = l.entry
LEFT JOIN relais.ledger_body AS b ON b.entry = l.entry
WHERE l.network = %b ORDER BY l.position
"""
_WAITING = """
SELECT e.id, e.header, b.network, b.subject, b.session_key, b.body, b.trace_epoch, b.trace
FROM relais.ledger_entry AS e LEFT JOIN relais.ledger_body AS b ON b.entry = e.id
WHERE e.network = %b AND NOT EXISTS (SELECT FROM relais.ledger_leaf AS l WHERE l.entry = e.id)
ORDER BY e.id
"""
_CHECKPOINTS = "SELECT size, note FROM relais.checkpoint WHERE network = %b ORDER BY size"
_LONE_BODIES = """
SELECT b.entry FROM relais.ledger_body AS b WHERE b.network = %b
  AND NOT EXISTS (SELECT FROM relais.ledger_entry AS e WHERE e.id = b.entry) ORDER BY b.entry
"""
_UNKNOWN_EPOCHS = """
SELECT b.entry, b.subject FROM relais.ledger_body AS b
WHERE b.network = %b AND b.trace_epoch IS NOT NULL AND NOT EXISTS (
    SELECT FROM relais.grant_set AS s
    WHERE s.network = b.network AND s.originator = b.subject AND s.epoch = b.trace_epoch)
ORDER BY b.entry
"""
_UNKNOWN_SESSIONS = """
SELECT min(b.entry), b.session_key FROM relais.ledger_body AS b
WHERE b.network = %b AND NOT EXISTS (
    SELECT FROM relais.ledger_key AS k
    WHERE k.network = b.network AND k.session_key = b.session_key)
GROUP BY b.session_key ORDER BY min(b.entry)
"""


class Body(NamedTuple):
    """The stored row beside an entry; all ``None`` if there is none."""

    network: UUID | None
    subject: UUID
    session_key: bytes
    body: bytes
    trace_epoch: bytes | None
    trace: bytes | None


class Log:
    """Which ledger is verified: its network, its origin, and the house that signs its checkpoints."""

    def __init__(self, network: UUID, origin: str, house_public_key: bytes) -> None:
        self.network = network
        self.house_public_key = house_public_key
        self._origin = origin
        self._key = Ed25519PublicKey.from_public_bytes(house_public_key)

    def open(self, note: str) -> Checkpoint | None:
        """A checkpoint of this ledger, signed by the house, or ``None``."""
        try:
            checkpoint = open_note(note, {self._origin: self._key})
        except NoteError:
            return None
        return checkpoint if checkpoint.origin == self._origin else None


class VerifiedTree:
    """One walk over the entries in their order. ``frontier`` is the tree so far."""

    def __init__(
        self, connection: Any, log: Log, against: Checkpoint | None, findings: Findings
    ) -> None:
        self._connection = connection
        self._log = log
        self._against = against
        self._findings = findings
        self._checkpoints = rows(connection, "checkpoints", _CHECKPOINTS, log.network)
        self._next = next(self._checkpoints, None)
        self._position = 0
        self._against_is_stored = False
        self.frontier = Frontier()
        self.checkpoint_size = 0
        self.checkpoints = 0
        self.unsequenced = 0

    def walk(self) -> None:
        """Verify every entry, placed or not, and every checkpoint."""
        self._compare()
        for row in rows(self._connection, "placed", _PLACED, self._log.network):
            self._placed(row[0], row[1], Body(*row[2:8]), *row[8:])
            self._compare()
        for row in rows(self._connection, "waiting", _WAITING, self._log.network):
            self.unsequenced += 1
            self._entry(place("ledger_entry", id=row[0]), row[0], row[1], Body(*row[2:8]))
        self._compare_beyond()
        self._bodies()

    # -- entries --------------------------------------------------------------------------------

    def _placed(
        self,
        entry: int,
        header: bytes | None,
        body: Body,
        position: int,
        leaf: bytes,
        network: UUID | None,
    ) -> None:
        where = place("ledger_leaf", position=position)
        if position != self._position:
            missing = place("ledger_leaf", position=self._position)
            self._findings.add(MismatchKind.POSITION_MISSING, missing)
        self._position = position + 1
        if header is None:
            self._findings.add(MismatchKind.ENTRY_MISSING, where)
            # Its place is kept, so that the sizes of later checkpoints are still met.
            self.frontier.append(leaf_hash(leaf))
            return
        computed = leaf_hash(header)
        if leaf != computed:
            self._findings.add(MismatchKind.LEAF_ALTERED, where)
        self.frontier.append(computed)
        where = place("ledger_entry", id=entry, position=position)
        if network != self._log.network:
            self._findings.add(MismatchKind.COLUMN_ALTERED, f"{where} column=network")
        self._entry(where, entry, header, body)

    def _entry(self, where: str, entry: int, data: bytes, body: Body) -> None:
        try:
            header = parse(data)
        except MalformedHeader:
            self._findings.add(MismatchKind.HEADER_REFUSED, where)
            return
        try:
            verify(header)
        except BadSignature:
            self._findings.add(MismatchKind.SIGNATURE_REFUSED, where, header.subject)
        if header.network != self._log.network:
            self._findings.add(MismatchKind.HEADER_REFUSED, where, header.subject)
        if body.network is None:
            missing = place("ledger_body", entry=entry)
            self._findings.add(MismatchKind.BODY_MISSING, missing, header.subject)
        else:
            self._body(entry, header, body)

    def _body(self, entry: int, header: Header, body: Body) -> None:
        where = place("ledger_body", entry=entry)
        columns = {
            "network": body.network == header.network,
            "subject": body.subject == header.subject,
            "session_key": body.session_key == header.session_public_key,
            "trace_epoch": (body.trace_epoch is None) == (body.trace is None),
        }
        for column, holds in columns.items():
            if not holds:
                altered = f"{where} column={column}"
                self._findings.add(MismatchKind.COLUMN_ALTERED, altered, header.subject)
        if sha256(body.body).digest() != header.body_digest:
            self._findings.add(MismatchKind.BODY_ALTERED, where, header.subject)
        trace = NO_TRACE if body.trace is None else sha256(body.trace).digest()
        if trace != header.trace_digest:
            self._findings.add(MismatchKind.TRACE_ALTERED, where, header.subject)

    def _bodies(self) -> None:
        """Verify that a body beside an entry fits more than its header."""
        network = self._log.network
        for (entry,) in rows(self._connection, "lone", _LONE_BODIES, network):
            self._findings.add(MismatchKind.ROW_WITHOUT_ENTRY, place("ledger_body", entry=entry))
        for entry, subject in rows(self._connection, "epochs", _UNKNOWN_EPOCHS, network):
            where = place("ledger_body", entry=entry, column="trace_epoch")
            self._findings.add(MismatchKind.COLUMN_ALTERED, where, subject)
        for entry, session in rows(self._connection, "sessions", _UNKNOWN_SESSIONS, network):
            where = place("ledger_body", entry=entry, session_key=session)
            self._findings.add(MismatchKind.SESSION_UNKNOWN, where)

    # -- checkpoints ----------------------------------------------------------------------------

    def _compare(self) -> None:
        """Compare the tree of this size with the checkpoints of this size."""
        size = self.frontier.size
        against = self._against
        if against and against.size == size and against.root != self.frontier.root():
            self._findings.add(MismatchKind.EARLIER_ROOT, place("checkpoint", size=size))
        while self._next is not None and self._next[0] <= size:
            self._stored(*self._next)
            self._next = next(self._checkpoints, None)

    def _stored(self, size: int, note: str) -> None:
        self.checkpoints += 1
        where = place("checkpoint", size=size)
        checkpoint = self._log.open(note)
        if checkpoint is None or checkpoint.size != size:
            self._findings.add(MismatchKind.CHECKPOINT_REFUSED, where)
            return
        self._against_is_stored |= checkpoint == self._against
        if checkpoint.root == self.frontier.root():
            self.checkpoint_size = size
        else:
            self._findings.add(MismatchKind.CHECKPOINT_ROOT, where)

    def _compare_beyond(self) -> None:
        size = self.frontier.size
        while self._next is not None:
            where = place("checkpoint", size=self._next[0])
            self._findings.add(MismatchKind.CHECKPOINT_BEYOND, where)
            self._next = next(self._checkpoints, None)
        if self._against is None:
            return
        where = place("checkpoint", size=self._against.size)
        if self._against.size > size:
            self._findings.add(MismatchKind.EARLIER_BEYOND, where)
        elif not self._against_is_stored:
            self._findings.add(MismatchKind.EARLIER_MISSING, where)


def rows(connection: Any, name: str, statement: str, network: UUID) -> Iterator[Any]:
    """The rows of a statement of one argument, the network, some at a time."""
    with connection.cursor(f"verify_{name}", binary=True) as cursor:
        cursor.itersize = FETCH
        cursor.execute(statement, (network,))
        yield from cursor
