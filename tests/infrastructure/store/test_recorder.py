"""The recorder: an act is stored once, whole, and never changed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.access import Access
from domain.storing import DirectoryMoved, StoreUnavailable, VersionMoved
from infrastructure.formats.grant import GrantRow
from infrastructure.formats.ledger.entry import LedgerAuthor, LedgerRow, write_entry
from infrastructure.postgres.database import Unreachable
from infrastructure.store.recorder import Recorder, Recording
from tests.databases import FreshDatabase
from tests.telling.town import Clock

NETWORK = uuid4()
HOUSE_AUTHOR = LedgerAuthor.of_house(NETWORK, Ed25519PrivateKey.generate(), bytes(32))
RECORDED = (
    "event",
    "grant_set",
    "ledger_entry",
    "ledger_body",
    "ledger_key",
    "ledger_leaf",
    "checkpoint",
)


def ledger_row(journey: UUID | None = None) -> LedgerRow:
    """A ledger entry of the house: no two are alike."""
    return write_entry(HOUSE_AUTHOR, Access("consult", Clock()(), subject=journey), (), None)


def append(journey: UUID, expected: int, *states: bytes, counter: int | None = None) -> Recording:
    return Recording(
        network=NETWORK,
        originator=journey,
        ledger=ledger_row(journey),
        expected=expected,
        counter=counter,
        states=states,
    )


def stored(database: FreshDatabase, journey: UUID) -> list[bytes]:
    with database.app.connection() as connection:
        rows = connection.execute(
            "SELECT state FROM relais.event WHERE network = %b AND originator = %b ORDER BY version",
            (NETWORK, journey),
        ).fetchall()
    return [state for (state,) in rows]


def entries(database: FreshDatabase) -> int:
    with database.app.connection() as connection:
        row = connection.execute("SELECT count(*) FROM relais.ledger_entry").fetchone()
    assert row is not None
    return int(row[0])


class LosesAnswers:
    """Connections of which some lose the server's answer: after the commit, or before a word was sent."""

    def __init__(self, connections: Any, *losses: str) -> None:
        self._connections = connections
        self._losses = list(losses)

    @contextmanager
    def connection(self) -> Iterator[Any]:
        loss = self._losses.pop(0) if self._losses else ""
        if loss == "before":
            raise psycopg.OperationalError("the connection is lost before")
        with self._connections.connection() as connection:
            yield connection
        if loss == "after":
            raise psycopg.OperationalError("the connection is lost after the commit")


@pytest.mark.parametrize("loss", ["before", "after"])
def test_an_answer_that_got_lost_is_asked_for_again_and_stored_once(
    database: FreshDatabase, loss: str
) -> None:
    journey, extra = uuid4(), []
    recorder = Recorder(LosesAnswers(database.app, loss), NETWORK)
    recorder.insert(append(journey, 0, b"one"), lambda _: extra.append(1))
    assert stored(database, journey) == [b"one"]
    assert entries(database) == 1
    assert extra == [1]


def test_where_no_connection_is_had_nothing_is_asked_again(database: FreshDatabase) -> None:
    """Given a database that is away, when an act is recorded, then its caller waits for one connection and no more."""

    class Away:
        asked = 0

        def connection(self) -> Any:
            self.asked += 1
            raise Unreachable

    away = Away()
    with pytest.raises(StoreUnavailable):
        Recorder(away, NETWORK).insert(append(uuid4(), 0, b"one"))
    assert away.asked == 1
    assert entries(database) == 0


def test_a_lost_answer_to_a_consult_is_asked_for_again_though_the_journey_moved(
    database: FreshDatabase,
) -> None:
    journey, plain = uuid4(), Recorder(database.app, NETWORK)
    plain.insert(append(journey, 0, b"one"))
    consult = append(journey, 1)
    assert plain.insert(consult) > 0
    plain.insert(append(journey, 1, b"two"))
    assert plain.insert(consult) == 0
    assert entries(database) == 3


def test_a_lost_answer_is_a_yes_though_the_directory_moved_since(database: FreshDatabase) -> None:
    journey, plain = uuid4(), Recorder(database.app, NETWORK)
    plain.insert(append(NETWORK, 0, b"line"))
    consult = append(journey, 0, counter=1)

    class MovesMeanwhile(LosesAnswers):
        @contextmanager
        def connection(self) -> Iterator[Any]:
            lost = bool(self._losses)
            try:
                with super().connection() as connection:
                    yield connection
            finally:
                if lost:
                    plain.insert(append(NETWORK, 1, b"another line"))

    assert Recorder(MovesMeanwhile(database.app, "after"), NETWORK).insert(consult) == 0
    assert entries(database) == 3


def test_an_act_that_was_never_stored_is_decided_again_when_the_directory_moved(
    database: FreshDatabase,
) -> None:
    plain = Recorder(database.app, NETWORK)
    plain.insert(append(NETWORK, 0, b"line"))
    with pytest.raises(DirectoryMoved):
        Recorder(LosesAnswers(database.app, "before"), NETWORK).insert(
            append(uuid4(), 0, counter=0)
        )


@pytest.mark.parametrize("losses", [("before", "before"), ("before", "", "before")])
def test_a_database_that_stays_away_is_said_to_be_unavailable(
    database: FreshDatabase, losses: tuple[str, ...]
) -> None:
    Recorder(database.app, NETWORK).insert(append(NETWORK, 0, b"line"))
    recorder = Recorder(LosesAnswers(database.app, *losses), NETWORK)
    with pytest.raises(StoreUnavailable):
        recorder.insert(append(uuid4(), 0, b"one", counter=0))


def test_what_cannot_be_read_is_said_to_be_unavailable(database: FreshDatabase) -> None:
    with pytest.raises(StoreUnavailable):
        Recorder(LosesAnswers(database.app, "before"), NETWORK).load(uuid4(), [uuid4()], [])


def test_of_writers_at_one_version_exactly_one_wins(database: FreshDatabase) -> None:
    journey, recorder, start = uuid4(), Recorder(database.app, NETWORK), Barrier(6)

    def write(number: int) -> bool:
        recording = append(journey, 0, b"writer %d" % number)
        start.wait()
        try:
            recorder.insert(recording)
        except VersionMoved:
            return False
        return True

    with ThreadPoolExecutor(6) as writers:
        won = list(writers.map(write, range(6)))
    assert sum(won) == 1
    assert stored(database, journey) == [b"writer %d" % won.index(True)]
    assert entries(database) == 1


def test_an_act_that_fails_leaves_neither_event_nor_entry(database: FreshDatabase) -> None:
    journey, recorder = uuid4(), Recorder(database.app, NETWORK)

    def fails(_: Any) -> None:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        recorder.insert(append(journey, 0, b"one"), fails)
    assert stored(database, journey) == []
    assert entries(database) == 0


def test_an_append_and_a_change_of_the_directory_cannot_cross(database: FreshDatabase) -> None:
    recorder, journey = Recorder(database.app, NETWORK), uuid4()
    recorder.insert(append(NETWORK, 0, b"line"))
    with database.app.connection() as connection, connection.transaction():
        # A change of the directory is under way: it holds its lock until it commits.
        connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%b::text, 1))", (NETWORK,)
        )
        with ThreadPoolExecutor(1) as other:
            waiting = other.submit(recorder.insert, append(journey, 0, b"one", counter=1))
            while not _somebody_waits(database):
                assert not waiting.done()
            connection.execute(
                "INSERT INTO relais.event (network, originator, version, state)"
                " VALUES (%b, %b, 2, 'excluded'::bytea)",
                (NETWORK, NETWORK),
            )
            connection.execute("COMMIT")
            connection.execute("BEGIN")
            with pytest.raises(DirectoryMoved):
                waiting.result(timeout=30)
    assert stored(database, journey) == []


def _somebody_waits(database: FreshDatabase) -> bool:
    with database.superuser.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        ).fetchone()
    assert row is not None
    return int(row[0]) > 0


def test_a_key_that_another_passed_on_first_is_decided_again(database: FreshDatabase) -> None:
    journey, recorder = uuid4(), Recorder(database.app, NETWORK)
    given = GrantRow(bytes(32), uuid4(), 1, b"envelope")
    for attempt in (1, 2):
        act = Recording(
            network=NETWORK,
            originator=journey,
            ledger=ledger_row(journey),
            expected=0,
            grants=[given],
        )
        if attempt == 1:
            recorder.insert(act)
        else:
            with pytest.raises(VersionMoved):
                recorder.insert(act)
    assert entries(database) == 1


def test_to_who_holds_nothing_a_journey_and_none_answer_the_same(database: FreshDatabase) -> None:
    journey, recorder = uuid4(), Recorder(database.app, NETWORK)
    recorder.insert(append(journey, 0, b"one"))
    assert recorder.load(journey, [uuid4()], []) == recorder.load(uuid4(), [uuid4()], [])


@pytest.mark.parametrize("table", RECORDED)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET network = network", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
@pytest.mark.parametrize("role", ["app", "retention", "owner", "superuser"])
def test_what_is_recorded_is_refused_any_change(
    database: FreshDatabase, table: str, statement: str, role: str
) -> None:
    """By privilege, and by trigger to whoever has every privilege."""
    _one_row_in_each(database)
    words = statement.format(f"relais.{table}")
    expected = "42501"
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege) as refused,
        getattr(database, role).connection() as connection,
    ):
        connection.execute(words)
    assert refused.value.sqlstate == expected


def _one_row_in_each(database: FreshDatabase) -> None:
    """A trigger for each row speaks where there is a row."""
    recorder = Recorder(database.app, NETWORK)
    entry = recorder.insert(append(uuid4(), 0, b"one"))
    with database.app.connection() as connection:
        for statement in (
            "INSERT INTO relais.grant_set VALUES (%b, %b, decode(repeat('00', 32), 'hex'), 0, '', '')",
            "INSERT INTO relais.ledger_key VALUES (%b, ''::bytea, %b, 1, '')",
        ):
            connection.execute(statement, (NETWORK, uuid4()))
        connection.execute(
            "INSERT INTO relais.ledger_leaf VALUES (%b, 0, %b, decode(repeat('00', 32), 'hex'))",
            (NETWORK, entry),
        )
        connection.execute("INSERT INTO relais.checkpoint VALUES (%b, 1, 'note')", (NETWORK,))


def test_sessions_are_in_no_write_ahead_log(database: FreshDatabase) -> None:
    with database.superuser.connection() as connection:
        rows = connection.execute(
            "SELECT relname, relpersistence::text FROM pg_class"
            " WHERE relnamespace = 'relais'::regnamespace AND relkind = 'r'"
        ).fetchall()
    unlogged = {name for name, persistence in rows if persistence == "u"}
    assert unlogged == {"session", "session_keys"}
    assert {persistence for name, persistence in rows if name not in unlogged} == {"p"}


def test_events_are_stored_in_their_order_each_under_its_journey(database: FreshDatabase) -> None:
    journey, other, recorder = uuid4(), uuid4(), Recorder(database.app, NETWORK)
    recorder.insert(append(journey, 0, b"1"))
    recorder.insert(append(journey, 1, b"2", b"3"))
    recorder.insert(append(other, 0, b"other"))
    assert stored(database, journey) == [b"1", b"2", b"3"]
    assert stored(database, other) == [b"other"]
    assert stored(database, uuid4()) == []


@pytest.mark.parametrize("expected", [0, 2, 3])
@pytest.mark.parametrize("states", [(b"other",), (b"other", b"more")])
def test_events_that_do_not_follow_are_refused_together(
    database: FreshDatabase, expected: int, states: tuple[bytes, ...]
) -> None:
    journey, recorder = uuid4(), Recorder(database.app, NETWORK)
    recorder.insert(append(journey, 0, b"1"))
    with pytest.raises(VersionMoved):
        recorder.insert(append(journey, expected, *states))
    assert stored(database, journey) == [b"1"]
    assert entries(database) == 1
