"""The directory as it is stored and read: the network's signed lines, verified one by one."""

from collections.abc import Sequence
from copy import copy
from threading import Lock
from uuid import UUID

from domain.access import Access
from domain.network.network import Network
from domain.storing import VersionMoved
from infrastructure.formats.directory_line import (
    DirectoryRefused,
    Signer,
    fold,
    read_line,
    write_line,
)
from infrastructure.formats.event import EventCodec
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.entry import LedgerAuthor, write_entry
from infrastructure.formats.ledger.header import RowDigest
from infrastructure.postgres.database import Connections
from infrastructure.store.recorder import ExtraRows, Recorder, Recording


class Directory:
    """Reads the directory up to the counter that a request names, and stores new lines."""

    def __init__(
        self, connections: Connections, recorder: Recorder, network: UUID, house_key: bytes
    ) -> None:
        self._connections = connections
        self._recorder = recorder
        self._network = network
        self._house_key = house_key
        self._codec = EventCodec(Network)
        self._lock = Lock()
        self._folded: Network | None = None
        self._founding = True

    def at_least(self, counter: int) -> Network:
        """The directory with at least that many lines. It is shared: read it, never change it.

        Raises ``DirectoryRefused`` if a line does not verify, or lines are missing.
        """
        folded = self._folded
        if folded is None or folded.counter < counter:
            with self._lock:
                folded = self._read_on()
        if folded is None or folded.counter < counter:
            raise DirectoryRefused(counter)
        return folded

    def current(self) -> Network:
        """The directory as it stands now."""
        with self._lock:
            folded = self._read_on()
        if folded is None:
            raise DirectoryRefused(0)
        return folded

    def to_change(self) -> Network:
        """A copy of the directory as it stands, for an act that changes it."""
        return copied(self.current())

    def record(
        self,
        author: LedgerAuthor,
        network: Network,
        access: Access,
        rows: Sequence[RowDigest] = (),
        extra: ExtraRows | None = None,
    ) -> int:
        """Sign and store the network's pending lines, with the act's ledger entry.

        ``rows`` and ``extra`` are the other rows that the same transaction stores. Raises ``VersionMoved``.
        """
        events = network.collect_events()
        before = network.version - len(events)
        signer = Signer(author.signing, author.certificate)
        states = [write_line(self._network, self._codec, event, signer) for event in events]
        self._refuse_unreadable(before, states)
        digests = [
            row_digests.event(self._network, self._network, version, state)
            for version, state in enumerate(states, start=before + 1)
        ]
        ledger = write_entry(author, access, [*digests, *rows], None)
        recording = Recording(
            network=self._network,
            originator=self._network,
            ledger=ledger,
            expected=before,
            states=states,
        )
        return self._recorder.insert(recording, extra)

    def _refuse_unreadable(self, before: int, states: Sequence[bytes]) -> None:
        """Read the new lines as everybody will: a line that is refused once stored would close the directory for good.

        Raises ``DirectoryRefused``, and ``VersionMoved`` if the directory is no longer at ``before``.
        """
        with self._lock:
            folded = copied(self._folded) if self._folded else None
        if (folded.counter if folded else 0) != before:
            raise VersionMoved
        founding = self._founding
        for version, state in enumerate(states, start=before + 1):
            line = read_line(self._network, self._codec, version, state)
            folded = fold(folded, line, self._house_key, founding=founding)
            founding = founding and line.said_by is None

    def _read_on(self) -> Network | None:
        after = self._folded.counter if self._folded else 0
        with self._connections.connection() as connection:
            rows = connection.execute(
                "SELECT version, state FROM relais.event WHERE network = %b AND originator = %b"
                " AND version > %b ORDER BY version",
                (self._network, self._network, after),
            ).fetchall()
        if not rows:
            return self._folded
        folded, founding = copied(self._folded) if self._folded else None, self._founding
        for version, state in rows:
            line = read_line(self._network, self._codec, version, state)
            if version != after + 1:
                raise DirectoryRefused(after + 1)
            folded = fold(folded, line, self._house_key, founding=founding)
            founding = founding and line.said_by is None
            after = version
        self._folded, self._founding = folded, founding
        return folded


def copied(network: Network) -> Network:
    """A copy that can be changed while the other is read: an act changes its collections, and no value in them."""
    other = copy(network)
    for name, value in vars(network).items():
        if isinstance(value, dict | list):
            setattr(other, name, value.copy())
    return other
