"""One process at a time sequences a network; one that is killed leaves a sound ledger."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infrastructure.ledger.watch import ledger_state
from infrastructure.postgres.embedded.configuration import APP
from tests.databases import FreshDatabase
from tests.infrastructure.ledger.sequencing import (
    INTERVAL,
    KEY,
    NETWORK,
    NEXT,
    ORIGIN,
    START,
    checkpoints,
    elected,
    leaves,
    make_sequencer,
    then_each_entry_has_one_leaf,
    then_the_checkpoints_fit,
    wait_for_election,
    wait_until,
    write,
    write_many,
)


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
from infrastructure.ledger.sequencer import (Sequencer)
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
