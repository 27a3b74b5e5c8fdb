"""The pool of connections, on a real server that restarts under it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from infrastructure.postgres.database import (
    PASSWORD_FILE,
    URL,
    AddressRefused,
    Database,
    Unreachable,
    address_from,
)
from infrastructure.postgres.embedded.cluster import Embedded, start
from infrastructure.postgres.embedded.configuration import APP, SUPERUSER
from tests.clusters import name_of_this_run
from tests.databases import FreshDatabase

CLONE = Path(__file__).parent.parent.parent.parent
NAME = name_of_this_run("restarted")
SECRET = "Clothilde"


@pytest.fixture
def restarted() -> Iterator[Embedded]:
    """A server of its own, that a test may end and start."""
    made = start(CLONE, name=NAME, durable=False)
    try:
        yield made
    finally:
        made.remove()


def one(database: Database) -> object:
    with database.connection() as connection:
        row = connection.execute("SELECT 1").fetchone()
    return row and row[0]


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGKILL])
def test_a_restart_is_not_noticed(restarted: Embedded, order: signal.Signals) -> None:
    with Database(restarted.address(SUPERUSER, "postgres")) as database:
        with database.connection(), database.connection(), database.connection():
            pass
        process = restarted.process
        assert process is not None
        if order is signal.SIGINT:
            restarted.stop()
        else:
            os.kill(process, order)
        start(CLONE, name=NAME, durable=False)

        assert [one(database) for _ in range(6)] == [1] * 6


def test_without_a_server_the_caller_is_told(restarted: Embedded) -> None:
    with Database(restarted.address(SUPERUSER, "postgres"), patience=0.2) as database:
        assert one(database) == 1
        restarted.stop()

        with pytest.raises(Unreachable):
            one(database)

        start(CLONE, name=NAME, durable=False)
        assert one(database) == 1


def test_who_waits_too_long_for_a_connection_is_told(database: FreshDatabase) -> None:
    with Database(database.address(APP), largest=1, patience=0.01) as narrow:
        with narrow.connection(), pytest.raises(Unreachable):
            one(narrow)

        assert one(narrow) == 1


def test_a_connection_is_lent_again(database: FreshDatabase) -> None:
    with database.app.connection() as first:
        pass
    with database.app.connection() as second:
        assert second is first


def test_a_connection_left_within_a_transaction_is_not_lent_again(database: FreshDatabase) -> None:
    with database.app.connection() as first:
        first.execute("BEGIN")
    with database.app.connection() as second:
        assert second is not first
    assert first.closed


def test_a_closed_pool_keeps_no_connection(database: FreshDatabase) -> None:
    pool = Database(database.address(APP))
    with pool.connection() as lent:
        with pool.connection() as idle:
            pass
        pool.close()
        assert idle.closed
        assert not lent.closed
    assert lent.closed


def test_each_statement_commits_by_itself(database: FreshDatabase) -> None:
    with database.owner.connection() as connection:
        connection.execute("CREATE TABLE kept ()")
        with database.superuser.connection() as other:
            row = other.execute("SELECT to_regclass('kept') IS NOT NULL").fetchone()
    assert row == (True,)


def test_a_transaction_that_fails_leaves_nothing(database: FreshDatabase) -> None:
    def fails() -> None:
        with database.owner.connection() as connection, connection.transaction():
            connection.execute("CREATE TABLE kept ()")
            raise KeyError(SECRET)

    with pytest.raises(KeyError):
        fails()

    with database.owner.connection() as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_results_come_in_binary_form(database: FreshDatabase) -> None:
    with database.app.connection() as connection:
        cursor = connection.execute("SELECT %b::bytea, 7", [b"\x00\xff"])
        assert cursor.pgresult is not None
        assert [cursor.pgresult.fformat(column) for column in (0, 1)] == [1, 1]
        assert cursor.fetchone() == (b"\x00\xff", 7)


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO named VALUES ('{SECRET}')",  # noqa: S608 - a constant
        f"SELECT '{SECRET}'::integer",
        f"SELECT {SECRET}",
        f"DO $$ BEGIN RAISE EXCEPTION '{SECRET}'; END $$",
        f"SELECT '{{{SECRET}'::json",
    ],
)
def test_an_error_quotes_no_value(database: FreshDatabase, statement: str) -> None:
    with database.owner.connection() as connection:
        connection.execute("CREATE TABLE named (name text CONSTRAINT named_once UNIQUE)")
        connection.execute(f"INSERT INTO named VALUES ('{SECRET}')")  # noqa: S608 - a constant

    with pytest.raises(psycopg.Error) as raised, database.owner.connection() as connection:
        connection.execute(statement.encode())

    error: BaseException | None = raised.value
    assert isinstance(error, psycopg.Error)
    assert error.sqlstate
    assert error.sqlstate in str(error)
    while error is not None:
        assert SECRET.lower() not in f"{error!s}{error!r}".lower()
        error = error.__context__


def test_an_error_names_the_constraint(database: FreshDatabase) -> None:
    with database.owner.connection() as connection:
        connection.execute("CREATE TABLE named (name text CONSTRAINT named_once UNIQUE)")
        connection.execute("INSERT INTO named VALUES ('x')")

    with (
        pytest.raises(psycopg.errors.UniqueViolation, match=r"23505 .* named named_once"),
        database.owner.connection() as connection,
    ):
        connection.execute("INSERT INTO named VALUES ('x')")


def test_nothing_shows_the_address(database: FreshDatabase) -> None:
    assert repr(database.app) == "Database()"


def test_without_the_variable_the_embedded_server_is_meant() -> None:
    assert address_from({}, APP) is None
    assert address_from({URL: ""}, APP) is None


@pytest.mark.parametrize("as_folder", [True, False])
def test_the_password_comes_from_a_file(tmp_path: Path, *, as_folder: bool) -> None:
    file = tmp_path / APP
    file.write_text("mot de passe\n", encoding="utf-8")
    environment = {
        URL: "postgresql://other@db.example/relais?sslmode=verify-full",
        PASSWORD_FILE: str(tmp_path if as_folder else file),
    }

    address = address_from(environment, APP)

    assert address is not None
    assert conninfo_to_dict(address) == {
        "host": "db.example",
        "dbname": "relais",
        "user": APP,
        "sslmode": "verify-full",
        "password": "mot de passe",
    }


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({URL: f"postgresql://a:{SECRET}@db.example/x"}, "contient un mot de passe"),
        ({URL: f"mysql://{SECRET}"}, "n'est pas une adresse"),
        ({URL: "host=db", PASSWORD_FILE: "/nowhere/at/all"}, "n'est pas lisible"),
    ],
)
def test_a_bad_address_is_refused_in_one_line(environment: dict[str, str], told: str) -> None:
    with pytest.raises(AddressRefused, match=told) as refused:
        address_from(environment, APP)

    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)
