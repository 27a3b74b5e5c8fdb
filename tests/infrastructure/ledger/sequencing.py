"""A sequencer in tests: entries written, elections waited for, and what a sound ledger looks like."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.formats.ledger import tree as merkle
from infrastructure.formats.ledger.checkpoint import Checkpoint, open_note
from infrastructure.ledger.sequencer import Sequencer, Sequencing
from tests.databases import FreshDatabase

ORIGIN = "relais.example/chalon"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
INTERVAL = timedelta(minutes=5)
START = datetime(2026, 3, 2, 9, 31, tzinfo=UTC)
NEXT = datetime(2026, 3, 2, 9, 35, tzinfo=UTC)
NETWORK = UUID("11111111-1111-4111-8111-111111111111")


def make_sequencer(connections: Any, network: UUID = NETWORK) -> Sequencer:
    return Sequencer(connections, network, ORIGIN, KEY, INTERVAL)


def write(connection: Any, header: bytes, network: UUID = NETWORK) -> int:
    """Store an entry, of which only the header matters here; returns its number."""
    (number,) = connection.execute(
        "INSERT INTO relais.ledger_entry (network, header) VALUES (%b, %b) RETURNING id",
        (network, header),
    ).fetchone()
    return int(number)


def write_many(database: FreshDatabase, number: int, network: UUID = NETWORK) -> None:
    with database.app.connection() as connection:
        connection.execute(
            "INSERT INTO relais.ledger_entry (network, header)"
            " SELECT %b, sha256(convert_to(%b::text || place, 'UTF8'))"
            " FROM generate_series(1, %b::int) AS place",
            (network, uuid4().hex, number),
        )


def leaves(database: FreshDatabase, network: UUID = NETWORK) -> list[tuple[int, int, bytes]]:
    with database.app.connection() as connection:
        return connection.execute(
            "SELECT position, entry, leaf FROM relais.ledger_leaf WHERE network = %b"
            " ORDER BY position",
            (network,),
        ).fetchall()


def entries(database: FreshDatabase, network: UUID = NETWORK) -> dict[int, bytes]:
    with database.app.connection() as connection:
        return dict(
            connection.execute(
                "SELECT id, header FROM relais.ledger_entry WHERE network = %b", (network,)
            ).fetchall()
        )


def checkpoints(database: FreshDatabase, network: UUID = NETWORK) -> dict[int, Checkpoint]:
    with database.app.connection() as connection:
        rows = connection.execute(
            "SELECT size, note FROM relais.checkpoint WHERE network = %b", (network,)
        ).fetchall()
    return {size: open_note(note, {ORIGIN: KEY.public_key()}) for size, note in rows}


def then_each_entry_has_one_leaf(database: FreshDatabase, network: UUID = NETWORK) -> None:
    stored, placed = entries(database, network), leaves(database, network)
    assert [position for position, _, _ in placed] == list(range(len(stored)))
    assert {entry: leaf for _, entry, leaf in placed} == {
        entry: merkle.leaf_hash(header) for entry, header in stored.items()
    }


def then_the_checkpoints_fit(database: FreshDatabase, network: UUID = NETWORK) -> None:
    placed = [leaf for _, _, leaf in leaves(database, network)]
    for size, checkpoint in checkpoints(database, network).items():
        assert checkpoint == Checkpoint(ORIGIN, size, merkle.root(placed[:size]))


@contextmanager
def elected(
    database: FreshDatabase, at: datetime = START, network: UUID = NETWORK
) -> Iterator[Sequencing]:
    with make_sequencer(database.app, network).elected(at) as sequencing:
        assert sequencing is not None
        yield sequencing


@contextmanager
def wait_for_election(database: FreshDatabase) -> Iterator[Sequencing]:
    """The server needs a moment to see that a killed process is gone."""
    ends = monotonic() + 30
    while monotonic() < ends:
        with make_sequencer(database.app).elected(START) as sequencing:
            if sequencing is not None:
                yield sequencing
                return
        sleep(0.01)
    raise TimeoutError


def wait_until(reached: Callable[[], bool]) -> None:
    ends = monotonic() + 30
    while not reached():
        assert monotonic() < ends
        sleep(0.01)
