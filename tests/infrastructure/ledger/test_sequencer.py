"""The sequencer against real transactions: held open, rolled back, killed, in every order."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrastructure.formats.ledger import tree as merkle
from infrastructure.formats.ledger.checkpoint import Checkpoint, open_note
from infrastructure.ledger import sequencer
from infrastructure.ledger.sequencer import (
    LedgerOutOfStep,
    Sequencer,
    Sequencing,
)
from infrastructure.ledger.watch import LedgerState, ledger_state
from infrastructure.postgres.embedded.configuration import APP
from tests.conftest import FreshDatabase

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


# -- order -----------------------------------------------------------------------------------------


def test_entries_are_placed_in_the_order_of_their_numbers(database: FreshDatabase) -> None:
    write_many(database, 5)
    write_many(database, 3, uuid4())
    write_many(database, 2)
    with elected(database) as sequencing:
        assert sequencing.round(START).sequenced == 7
        assert sequencing.round(START).sequenced == 0
        assert sequencing.size == 7
    assert [entry for _, entry, _ in leaves(database)] == [1, 2, 3, 4, 5, 9, 10]
    then_each_entry_has_one_leaf(database)


def test_a_number_that_nobody_will_ever_use_is_looked_for_no_more(
    database: FreshDatabase,
) -> None:
    """Else each round would look through everything since the first entry that was not written after all."""
    # given a number that was taken and given up
    write_many(database, 3)
    with database.superuser.connection() as connection:
        connection.execute("SELECT nextval(pg_get_serial_sequence('relais.ledger_entry', 'id'))")
    write_many(database, 2)
    with elected(database) as sequencing:
        # when all who could still use it have ended
        for _ in range(3):
            sequencing.round(START)
        # then only what is younger is looked at
        assert sequencing._mark == 6
    then_each_entry_has_one_leaf(database)


def test_what_waits_is_taken_in_one_round_however_much_it_is(database: FreshDatabase) -> None:
    write_many(database, 2 * sequencer.BATCH)
    with elected(database) as sequencing:
        assert sequencing.round(START).sequenced == 2 * sequencer.BATCH
    placed = [entry for _, entry, _ in leaves(database)]
    assert placed == sorted(placed)
    then_each_entry_has_one_leaf(database)


def test_a_late_committer_is_taken_though_younger_entries_are_placed(
    database: FreshDatabase,
) -> None:
    with elected(database) as sequencing:
        with database.app.connection() as slow, slow.transaction():
            late = write(slow, b"late")
            with database.app.connection() as quick:
                early = write(quick, b"early")
            for _ in range(5):
                sequencing.round(START)
            assert [entry for _, entry, _ in leaves(database)] == [early]
        assert ledger_state(database.app, NETWORK).unsequenced == 1
        sequencing.round(START)
    assert ledger_state(database.app, NETWORK).unsequenced == 0
    assert late < early
    assert [entry for _, entry, _ in leaves(database)] == [early, late]


class Writers:
    """Transactions on connections of their own, in any order that a schedule says."""

    def __init__(self, database: FreshDatabase, network: UUID) -> None:
        self._database = database
        self._network = network
        self._open: dict[int, tuple[psycopg.Connection[Any], list[tuple[int, int]]]] = {}
        self.committed: list[tuple[int, int]] = []

    def begin(self, writer: int) -> None:
        """Open a transaction that has its id, and no number yet."""
        if writer not in self._open:
            connection = psycopg.connect(self._database.address(APP))
            connection.execute("SELECT pg_current_xact_id()")
            self._open[writer] = (connection, [])

    def write(self, writer: int, journey: int) -> None:
        """Write to a journey, unless another writer holds it: as ``relais.record`` does."""
        self.begin(writer)
        connection, written = self._open[writer]
        (free,) = connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))",
            (str(self._network), 10 + journey),
        ).fetchone() or (False,)
        if free:
            written.append((journey, write(connection, uuid4().bytes, self._network)))

    def commit(self, writer: int) -> None:
        if writer in self._open:
            connection, written = self._open.pop(writer)
            connection.commit()
            connection.close()
            self.committed += written

    def give_up(self, writer: int) -> None:
        """Roll back: the numbers are never used again."""
        if writer in self._open:
            self._open.pop(writer)[0].close()

    def crash(self, writer: int) -> None:
        """The server process of a writer dies."""
        if writer in self._open:
            connection, _ = self._open.pop(writer)
            with self._database.superuser.connection() as other:
                other.execute(
                    "SELECT pg_terminate_backend(%b, 10000)", (connection.info.backend_pid,)
                )
            connection.close()

    def held(self) -> list[int]:
        """The numbers that open transactions may still commit."""
        return [number for _, written in self._open.values() for _, number in written]

    def end(self) -> None:
        for writer in list(self._open):
            self.commit(writer)


writers = st.integers(0, 3)
schedules = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), writers),
        st.tuples(st.just("write"), writers, st.integers(0, 2)),
        st.tuples(st.just("write"), writers, st.integers(0, 2)),
        st.tuples(st.just("commit"), writers),
        st.tuples(st.just("give_up"), writers),
        st.tuples(st.just("crash"), writers),
        st.tuples(st.just("round")),
        st.tuples(st.just("round")),
        st.tuples(st.just("anew")),
    ),
    max_size=40,
)


@given(schedules)
@settings(
    max_examples=60,
    deadline=None,
    # Each example has a network of its own in the one database.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_committed_entry_gets_one_leaf_whatever_the_schedule(
    database: FreshDatabase, schedule: list[tuple[Any, ...]]
) -> None:
    network = uuid4()
    acting = Writers(database, network)
    with ExitStack() as stack:
        running = ExitStack()
        stack.callback(lambda: running.close())  # noqa: PLW0108 (whichever runs then)
        sequencing = running.enter_context(elected(database, START, network))
        for name, *arguments in schedule:
            if name == "round":
                sequencing.round(START)
                # What the mark passed can never be filled, or the sequencer would miss it.
                assert all(number > sequencing._mark for number in acting.held())
            elif name == "anew":
                running.close()
                running = ExitStack()
                sequencing = running.enter_context(elected(database, START, network))
            else:
                getattr(acting, name)(*arguments)
        acting.end()
        for _ in range(3):
            sequencing.round(START)
        with database.app.connection() as connection:
            row = connection.execute("SELECT max(id) FROM relais.ledger_entry").fetchone()
        assert sequencing._mark == ((row and row[0]) or 0)
    then_each_entry_has_one_leaf(database, network)
    placed = [entry for _, entry, _ in leaves(database, network)]
    assert sorted(placed) == sorted(number for _, number in acting.committed)
    for journey in range(3):
        of_journey = [number for one, number in acting.committed if one == journey]
        assert sorted(of_journey, key=placed.index) == of_journey


# -- election ---------------------------------------------------------------------------------------


def test_one_process_at_a_time_sequences_a_network(database: FreshDatabase) -> None:
    with elected(database), make_sequencer(database.app).elected(START) as second:
        assert second is None
        with elected(database, network=uuid4()):
            pass
    with elected(database):
        pass


class Failing:
    """Connections whose server process dies before or after the n-th statement."""

    def __init__(self, database: FreshDatabase, statement: int, *, before: bool) -> None:
        self._database = database
        self._left = statement
        self._before = before
        self._connection: Any = None
        self.killed = False

    @contextmanager
    def connection(self) -> Iterator["Failing"]:
        with psycopg.connect(self._database.address(APP), autocommit=True) as connection:
            self._connection = connection
            yield self

    def execute(self, *arguments: Any, **named: Any) -> Any:
        self._left -= 1
        if self._left == 0 and self._before:
            self._kill()
        cursor = self._connection.cursor(binary=True).execute(*arguments, **named)
        if self._left == 0:
            self._kill()
        return cursor

    def transaction(self) -> Any:
        return self._connection.transaction()

    def close(self) -> None:
        self._connection.close()

    def _kill(self) -> None:
        self.killed = True
        with self._database.superuser.connection() as other:
            other.execute(
                "SELECT pg_terminate_backend(%b, 10000)", (self._connection.info.backend_pid,)
            )


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("statement", range(1, 12))
def test_a_connection_lost_at_any_statement_leaves_a_sound_ledger(
    database: FreshDatabase, statement: int, before: bool
) -> None:
    write_many(database, 3)
    with elected(database) as sequencing:
        sequencing.round(NEXT)
    with psycopg.connect(database.address(APP)) as gap:
        write(gap, b"never committed")
        gap.rollback()
    write_many(database, 3)

    failing = Failing(database, statement, before=before)
    with suppress(psycopg.Error), make_sequencer(failing).elected(START) as lost:
        assert lost is not None
        for _ in range(3):
            lost.round(NEXT)
    assert failing.killed

    with elected(database) as sequencing:
        sequencing.round(NEXT)
    then_each_entry_has_one_leaf(database)
    then_the_checkpoints_fit(database)
    assert 6 in checkpoints(database)


_PROCESS = """
import sys
from datetime import UTC, datetime, timedelta
from threading import Event
from uuid import UUID
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from infrastructure.postgres.database import Database
from infrastructure.ledger.sequencer import Sequencer
address, network, origin, key = sys.argv[1:]
house = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))
with Database(address) as database:
    made = Sequencer(database, UUID(network), origin, house, timedelta(milliseconds=1))
    print("begun", flush=True)
    pause = timedelta(microseconds=10)
    made.run(Event(), lambda: datetime.now(UTC), pause, lambda: True)
"""


def test_a_killed_sequencer_leaves_a_sound_ledger(database: FreshDatabase) -> None:
    command = [
        sys.executable,
        "-c",
        _PROCESS,
        database.address(APP),
        str(NETWORK),
        ORIGIN,
        KEY.private_bytes_raw().hex(),
    ]
    for _ in range(5):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
            size = ledger_state(database.app, NETWORK).size
            while ledger_state(database.app, NETWORK).size < size + 40:
                write_many(database, 7)
            process.kill()
    with wait_for_election(database) as sequencing:
        sequencing.round(NEXT)
        sequencing.sign()
    then_each_entry_has_one_leaf(database)
    then_the_checkpoints_fit(database)
    assert len(checkpoints(database)) > 5


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


# -- running ----------------------------------------------------------------------------------------


def wait_until(reached: Callable[[], bool]) -> None:
    ends = monotonic() + 30
    while not reached():
        assert monotonic() < ends
        sleep(0.01)


def test_it_runs_until_told_to_stop_and_bears_the_loss_of_its_connection(
    database: FreshDatabase,
) -> None:
    stop = Event()
    times = iter(START + n * INTERVAL for n in range(10**6))
    made = make_sequencer(database.app)
    arguments = (stop, lambda: next(times), timedelta(milliseconds=1), lambda: True)
    thread = Thread(target=made.run, args=arguments)
    thread.start()
    try:
        write_many(database, 3)
        wait_until(lambda: 3 in checkpoints(database))
        with database.superuser.connection() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database"
                " WHERE locktype = 'advisory' AND datname = current_database()"
            )
        write_many(database, 3)
        wait_until(lambda: 6 in checkpoints(database))
    finally:
        stop.set()
        thread.join()
    then_each_entry_has_one_leaf(database)


def placed(database: FreshDatabase, total: int) -> bool:
    return len(leaves(database)) == total


def test_it_goes_on_placing_and_signs_nothing_while_a_mismatch_is_known(
    database: FreshDatabase,
) -> None:
    stop, sound = Event(), Event()
    times = iter(START + n * INTERVAL for n in range(10**6))
    made = make_sequencer(database.app)
    arguments = (stop, lambda: next(times), timedelta(milliseconds=1), sound.is_set)
    thread = Thread(target=made.run, args=arguments)
    thread.start()
    try:
        for total in (3, 6):
            write_many(database, 3)
            wait_until(partial(placed, database, total))
        assert checkpoints(database) == {}
        sound.set()
        wait_until(lambda: 6 in checkpoints(database))
    finally:
        stop.set()
        thread.join()


def test_it_waits_while_another_runs(database: FreshDatabase) -> None:
    stop = Event()
    asked = Event()

    def clock() -> datetime:
        asked.set()
        return START

    made = make_sequencer(database.app)
    arguments = (stop, clock, timedelta(milliseconds=1), lambda: True)
    thread = Thread(target=made.run, args=arguments)
    write_many(database, 3)
    with elected(database):
        thread.start()
        asked.wait(30)
        assert leaves(database) == []
    try:
        wait_until(lambda: len(leaves(database)) == 3)
    finally:
        stop.set()
        thread.join()


# -- checkpoints ------------------------------------------------------------------------------------


def test_checkpoints_fall_on_multiples_of_the_interval(database: FreshDatabase) -> None:
    write_many(database, 3)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT - timedelta(microseconds=1)).checkpoint is None
        note = sequencing.round(NEXT + timedelta(minutes=1)).checkpoint
        write_many(database, 2)
        assert sequencing.round(NEXT + timedelta(minutes=4)).checkpoint is None
        assert sequencing.round(NEXT + timedelta(minutes=5)).checkpoint is not None
    assert note is not None
    assert open_note(note, {ORIGIN: KEY.public_key()}).size == 3
    assert sorted(checkpoints(database)) == [3, 5]
    then_the_checkpoints_fit(database)


def test_a_ledger_that_did_not_grow_has_the_same_checkpoint(database: FreshDatabase) -> None:
    with elected(database) as sequencing:
        assert sequencing.sign() is None
    write_many(database, 3)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT).checkpoint is not None
        assert sequencing.round(NEXT + INTERVAL).checkpoint is None
        assert sequencing.sign() is None
    with elected(database) as sequencing:
        assert sequencing.sign() is None
    assert sorted(checkpoints(database)) == [3]


def test_nothing_is_signed_while_a_mismatch_is_known(database: FreshDatabase) -> None:
    write_many(database, 3)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT, may_sign=False) == sequencer.Round(3, None)
        assert sequencing.round(NEXT).checkpoint is not None


def test_a_tree_of_many_leaves_is_taken_up_where_it_stood(database: FreshDatabase) -> None:
    write_many(database, 70_000)
    with database.app.connection() as connection:
        connection.execute(
            "INSERT INTO relais.ledger_leaf (network, position, entry, leaf)"
            " SELECT network, id - 1, id, sha256('\\x00'::bytea || header)"
            " FROM relais.ledger_entry WHERE id <= 69990"
        )
    with elected(database) as sequencing:
        assert sequencing.size == 69_990
        sequencing.sign()
        assert sequencing.round(START).sequenced == 10
        sequencing.sign()
    with elected(database) as sequencing:
        assert sequencing.size == 70_000
    then_each_entry_has_one_leaf(database)
    then_the_checkpoints_fit(database)


TAMPERINGS = {
    "a leaf altered": "UPDATE relais.ledger_leaf SET leaf = sha256(leaf) WHERE position = 2",
    "leaves exchanged": "UPDATE relais.ledger_leaf SET leaf = (SELECT o.leaf FROM"
    " relais.ledger_leaf AS o WHERE o.position = 1 - ledger_leaf.position) WHERE position < 2",
    "a leaf taken away": "DELETE FROM relais.ledger_leaf WHERE position = 2",
    "the last leaf taken away": "DELETE FROM relais.ledger_leaf WHERE position = 4",
    "all leaves taken away": "DELETE FROM relais.ledger_leaf",
    "the checkpoint altered": "UPDATE relais.checkpoint SET note = replace(note, '5', '6')",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_nothing_is_built_on_a_tree_that_was_not_signed(
    database: FreshDatabase, statement: str
) -> None:
    write_many(database, 5)
    with elected(database) as sequencing:
        sequencing.round(NEXT)
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(statement.encode())
    with pytest.raises(LedgerOutOfStep), elected(database):
        pass
    # The lock was given back.
    with pytest.raises(LedgerOutOfStep), elected(database):
        pass


def test_a_checkpoint_far_into_the_tree_is_compared_too(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leaves are read in pieces; the checkpoint ends amid a later one."""
    monkeypatch.setattr(sequencer, "_CHUNK", 2)
    write_many(database, 5)
    with elected(database) as sequencing:
        sequencing.round(NEXT)
    write_many(database, 4)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT, may_sign=False).sequenced == 4
    with elected(database) as sequencing:
        assert sequencing.size == 9
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(TAMPERINGS["a leaf altered"].encode())
    with pytest.raises(LedgerOutOfStep), elected(database):
        pass


# -- state ------------------------------------------------------------------------------------------


def test_the_state_says_how_far_the_ledger_is(database: FreshDatabase) -> None:
    assert ledger_state(database.app, NETWORK) == LedgerState(0, 0, 0)
    write_many(database, 3)
    write_many(database, 4, uuid4())
    assert ledger_state(database.app, NETWORK) == LedgerState(0, 0, 3)
    with elected(database) as sequencing:
        sequencing.round(NEXT)
        write_many(database, 2)
        sequencing.round(NEXT)
        write_many(database, 1)
    assert ledger_state(database.app, NETWORK) == LedgerState(5, 3, 1)
