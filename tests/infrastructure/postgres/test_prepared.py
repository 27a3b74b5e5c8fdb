"""Statements called without a cursor: what they send and give back is what psycopg's own cursors would."""

import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrastructure.postgres.prepared import Kind, Statement
from tests.databases import FreshDatabase

KINDS = tuple(Kind)
TYPES = {
    Kind.UUID: "uuid",
    Kind.BYTES: "bytea",
    Kind.INTEGER: "integer",
    Kind.UUIDS: "uuid[]",
    Kind.BYTES_LIST: "bytea[]",
    Kind.INTEGERS: "integer[]",
    Kind.SMALLINTS: "smallint[]",
}
ECHO = Statement(
    b"echo",
    b"SELECT " + b", ".join(f"${place}".encode() for place in range(1, len(KINDS) + 1)),
    KINDS,
)
INTEGERS = st.integers(-(2**31), 2**31 - 1)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.UUID: st.uuids(),
    Kind.BYTES: st.binary(max_size=300),
    Kind.INTEGER: INTEGERS,
    Kind.UUIDS: st.lists(st.uuids(), max_size=5),
    Kind.BYTES_LIST: st.lists(st.binary(max_size=300), max_size=5),
    Kind.INTEGERS: st.lists(INTEGERS, max_size=5),
    Kind.SMALLINTS: st.lists(st.integers(-(2**15), 2**15 - 1), max_size=5),
}
SECRET = "Clothilde"
WAITS = Statement(b"waits", b"SELECT pg_advisory_xact_lock($1) IS NULL", (Kind.INTEGER,))
IS_WAITED_FOR = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


def test_each_kind_has_the_number_that_the_server_gives_it(database: FreshDatabase) -> None:
    with database.app.connection() as connection:
        for kind in KINDS:
            row = connection.execute(f"SELECT '{TYPES[kind]}'::regtype::oid::int").fetchone()
            assert row == (kind.number,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.tuples(*(st.none() | VALUES[kind] for kind in KINDS)))
def test_what_is_sent_is_what_is_meant(database: FreshDatabase, values: tuple[Any, ...]) -> None:
    with database.app.connection() as connection:
        assert connection.ask(ECHO, *values) == [values]


@pytest.mark.parametrize(
    "kind", [Kind.UUIDS, Kind.BYTES_LIST, Kind.INTEGERS, Kind.SMALLINTS], ids=lambda kind: kind.name
)
def test_a_list_begins_at_one(database: FreshDatabase, kind: Kind) -> None:
    first = Statement(b"first", b"SELECT array_lower($1, 1)", (kind,))
    value = {Kind.UUIDS: uuid4(), Kind.BYTES_LIST: b"one"}.get(kind, 1)
    with database.app.connection() as connection:
        assert connection.ask(first, [value, value]) == [(1,)]


@pytest.mark.parametrize("number", [0, 1, -1, -2, 2**31, 2**63 - 1, -(2**63)])
def test_a_number_is_read_as_the_server_meant_it(database: FreshDatabase, number: int) -> None:
    asked = Statement(b"number %d" % number, b"SELECT '%d'::bigint" % number, ())
    with database.app.connection() as connection:
        assert connection.ask_number(asked) == number


@pytest.mark.parametrize("text", [b"SELECT NULL::bigint", b"SELECT 1::bigint WHERE false"])
def test_an_answer_without_a_number_is_refused(database: FreshDatabase, text: bytes) -> None:
    with database.app.connection() as connection, pytest.raises(psycopg.DataError):
        connection.ask_number(Statement(b"no number", text, ()))


def test_as_many_values_are_given_as_the_statement_has_places(database: FreshDatabase) -> None:
    with database.app.connection() as connection, pytest.raises(ValueError, match="shorter"):
        connection.ask(ECHO, uuid4())


def test_each_connection_prepares_for_itself(database: FreshDatabase) -> None:
    one = Statement(b"one", b"SELECT $1", (Kind.INTEGER,))
    with database.app.connection() as first, database.app.connection() as second:
        assert [first.ask(one, 1), second.ask(one, 2), first.ask(one, 3)] == [
            [(1,)],
            [(2,)],
            [(3,)],
        ]
        prepared = first.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = 'one'")
        assert prepared.fetchone() == (1,)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (b"SELECT ($1::text)::integer", psycopg.errors.InvalidTextRepresentation),
        (b"SELECT nothing_of_the_kind($1)", psycopg.errors.UndefinedFunction),
    ],
)
def test_the_servers_refusal_is_raised_and_quotes_no_value(
    database: FreshDatabase, statement: bytes, error: type[psycopg.Error]
) -> None:
    refused = Statement(b"refused", statement, (Kind.BYTES,))
    with pytest.raises(error) as told, database.app.connection() as connection:
        connection.ask(refused, SECRET.encode())
    assert SECRET not in str(told.value)
    with database.app.connection() as connection:
        assert connection.ask(ECHO, *[None] * len(KINDS)) == [(None,) * len(KINDS)]


def _end(database: FreshDatabase, process: int) -> None:
    with database.superuser.connection() as superuser:
        superuser.execute("SELECT pg_terminate_backend(%b, 5000)", (process,))


def test_a_connection_that_broke_while_nothing_was_asked_is_told(database: FreshDatabase) -> None:
    with database.app.connection() as connection:
        _end(database, connection.info.backend_pid)
        with pytest.raises(psycopg.OperationalError):
            connection.ask(WAITS, 1)


def test_a_closed_connection_is_told(database: FreshDatabase) -> None:
    with database.app.connection() as connection:
        connection.close()
        with pytest.raises(psycopg.OperationalError):
            connection.ask(WAITS, 1)


def test_others_go_on_while_one_waits_and_who_waits_hears_of_a_broken_connection(
    database: FreshDatabase,
) -> None:
    """Given somebody who holds a lock, when another asks for it, then the first's thread still runs, and can end the
    other's connection."""
    heard: list[psycopg.Error] = []
    asked: list[int] = []

    def wait() -> None:
        try:
            with database.app.connection() as connection:
                asked.append(connection.info.backend_pid)
                connection.ask(WAITS, 7)
        except psycopg.Error as error:
            heard.append(error)

    with database.superuser.connection() as holder, holder.transaction():
        holder.execute("SELECT pg_advisory_xact_lock(7)")
        waiting = threading.Thread(target=wait, daemon=True)
        waiting.start()
        while holder.execute(IS_WAITED_FOR).fetchone() != (True,):
            pass
        _end(database, asked[0])
        waiting.join(timeout=30)
    assert [isinstance(error, psycopg.OperationalError) for error in heard] == [True]


def test_what_is_asked_within_a_transaction_goes_with_it(database: FreshDatabase) -> None:
    network: UUID = uuid4()
    stored = Statement(
        b"stored",
        b"INSERT INTO relais.session (finder, network, sealed, begun_at, seen_at)"
        b" VALUES ($1, $2, $1, now(), now())",
        (Kind.BYTES, Kind.UUID),
    )
    with database.app.connection() as connection:
        with connection.transaction(force_rollback=True):
            assert connection.ask(stored, b"one", network) == []
        connection.ask(stored, b"two", network)
        rows = connection.execute(
            "SELECT finder FROM relais.session WHERE network = %b", (network,)
        )
        assert rows.fetchall() == [(b"two",)]
