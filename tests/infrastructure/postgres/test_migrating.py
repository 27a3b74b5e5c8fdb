"""Roles, databases and migrations, on a real server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from infrastructure.postgres.embedded.cluster import Embedded
from infrastructure.postgres.embedded.configuration import APP, OWNER, RETENTION, SUPERUSER
from infrastructure.postgres.migrating import (
    MIGRATIONS,
    MigrationRefused,
    bootstrap,
    migrate,
    pending,
)
from tests.databases import FreshDatabase

OURS = (OWNER, APP, RETENTION)


@dataclass(frozen=True)
class Empty:
    """A bootstrapped database without a migration, and a folder for some."""

    cluster: Embedded
    name: str
    folder: Path

    def address(self, role: str) -> str:
        return self.cluster.address(role, self.name)

    def migrate(self) -> list[str]:
        return migrate(self.address(OWNER), self.folder)

    def write(self, file_name: str, text: str) -> None:
        (self.folder / file_name).write_text(text, encoding="utf-8")

    def ask(self, statement: bytes, role: str = OWNER) -> list[tuple[object, ...]]:
        with psycopg.connect(self.address(role), autocommit=True) as connection:
            answer = connection.execute(statement)
            return answer.fetchall() if answer.description else []


@pytest.fixture
def empty(cluster: Embedded, tmp_path: Path) -> Iterator[Empty]:
    name = f"relais_{uuid4().hex}"
    anywhere = cluster.address(SUPERUSER, "postgres")
    bootstrap(anywhere, name)
    yield Empty(cluster, name, tmp_path)
    with psycopg.connect(anywhere, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_each_file_is_applied_once_and_in_order(empty: Empty) -> None:
    empty.write("0001_first.sql", "CREATE TABLE first (); CREATE TABLE second ();")
    empty.write("0002_second.sql", "ALTER TABLE second RENAME TO third")

    assert pending(empty.address(OWNER), empty.folder) == ["0001_first.sql", "0002_second.sql"]
    assert empty.migrate() == ["0001_first.sql", "0002_second.sql"]
    assert empty.migrate() == []
    empty.write("0003_third.sql", "DROP TABLE third")
    assert pending(empty.address(OWNER), empty.folder) == ["0003_third.sql"]
    assert empty.migrate() == ["0003_third.sql"]
    assert pending(empty.address(OWNER), empty.folder) == []
    assert empty.ask(b"SELECT number, name FROM relais_migration ORDER BY number") == [
        (1, "first"),
        (2, "second"),
        (3, "third"),
    ]


def test_a_changed_file_is_refused(empty: Empty) -> None:
    empty.write("0001_first.sql", "CREATE TABLE first ()")
    empty.migrate()

    empty.write("0001_first.sql", "CREATE TABLE first (); -- and more")
    empty.write("0002_second.sql", "CREATE TABLE second ()")

    with pytest.raises(MigrationRefused, match=r"0001_first\.sql a changé"):
        empty.migrate()
    assert empty.ask(b"SELECT to_regclass('second')") == [(None,)]


def test_a_renamed_file_is_refused(empty: Empty) -> None:
    empty.write("0001_first.sql", "CREATE TABLE first ()")
    empty.migrate()

    (empty.folder / "0001_first.sql").rename(empty.folder / "0001_other.sql")

    with pytest.raises(MigrationRefused, match=r"0001_other\.sql a changé"):
        empty.migrate()


def test_a_database_newer_than_the_program_is_refused(empty: Empty) -> None:
    empty.write("0001_first.sql", "CREATE TABLE first ()")
    empty.migrate()

    (empty.folder / "0001_first.sql").unlink()

    with pytest.raises(MigrationRefused, match="plus récente"):
        empty.migrate()


def test_a_file_that_fails_leaves_nothing(empty: Empty) -> None:
    empty.write("0001_first.sql", "CREATE TABLE first ()")
    empty.write("0002_second.sql", "CREATE TABLE second (); SELECT 1 / 0")
    empty.write("0003_third.sql", "CREATE TABLE third ()")

    with pytest.raises(MigrationRefused, match=r"0002_second\.sql : division by zero"):
        empty.migrate()

    assert empty.ask(b"SELECT to_regclass('second'), to_regclass('third')") == [(None, None)]
    empty.write("0002_second.sql", "CREATE TABLE second ()")
    assert empty.migrate() == ["0002_second.sql", "0003_third.sql"]


@pytest.mark.parametrize(
    "names",
    [
        ["0002_second.sql"],
        ["0001_first.sql", "0003_third.sql"],
        ["0001_first.sql", "0001_other.sql"],
        ["1_first.sql"],
        ["0001-first.sql"],
        ["0001_First.sql"],
    ],
)
def test_numbers_repeat_skip_or_are_badly_written(empty: Empty, names: list[str]) -> None:
    for name in names:
        empty.write(name, "SELECT 1")

    with pytest.raises(MigrationRefused):
        empty.migrate()


def test_two_at_once_apply_each_file_once(empty: Empty) -> None:
    for number in range(1, 6):
        empty.write(f"{number:04}_table.sql", f"CREATE TABLE table{number} ()")

    with ThreadPoolExecutor(3) as threads:
        applied = [task.result() for task in [threads.submit(empty.migrate) for _ in range(3)]]

    assert sum(len(names) for names in applied) == 5


def test_our_own_files_are_all_applied(database: FreshDatabase) -> None:
    assert list(MIGRATIONS.glob("*.sql"))
    assert pending(database.address(OWNER)) == []


def test_the_roles_may_log_in_and_nothing_more(empty: Empty) -> None:
    rows = empty.ask(
        b"""SELECT rolname, rolcanlogin, rolsuper OR rolcreatedb OR rolcreaterole
                   OR rolreplication OR rolbypassrls
            FROM pg_roles WHERE rolname LIKE 'relais\\_%' AND rolname <> 'relais_setup'
            ORDER BY rolname"""
    )
    assert rows == [(role, True, False) for role in sorted(OURS)]
    members = empty.ask(
        b"SELECT 1 FROM pg_auth_members WHERE member IN"
        b" (SELECT oid FROM pg_roles WHERE rolname IN ('relais_owner', 'relais_app', 'relais_retention'))"
    )
    assert members == []


def test_a_role_that_was_given_too_much_is_cut_back(empty: Empty) -> None:
    empty.ask(b"ALTER ROLE relais_retention CREATEDB CREATEROLE BYPASSRLS", SUPERUSER)

    bootstrap(empty.cluster.address(SUPERUSER, "postgres"), empty.name)

    test_the_roles_may_log_in_and_nothing_more(empty)


def test_a_stranger_has_nothing(empty: Empty) -> None:
    empty.ask(b"CREATE TABLE kept (); CREATE FUNCTION told() RETURNS int LANGUAGE sql RETURN 1")
    empty.ask(b"CREATE TYPE shade AS ENUM ('light')")
    stranger = f"stranger_{uuid4().hex}".encode()
    empty.ask(b"CREATE ROLE " + stranger, SUPERUSER)
    try:
        rows = empty.ask(
            b"""SELECT has_database_privilege($name, current_database(), 'CONNECT'),
                       has_database_privilege($name, current_database(), 'TEMP'),
                       has_schema_privilege($name, 'public', 'USAGE'),
                       has_schema_privilege($name, 'public', 'CREATE'),
                       has_function_privilege($name, 'told()', 'EXECUTE'),
                       has_type_privilege($name, 'shade', 'USAGE'),
                       has_table_privilege($name, 'kept', 'SELECT')""".replace(
                b"$name", b"'" + stranger + b"'"
            ),
            SUPERUSER,
        )
    finally:
        empty.ask(b"DROP ROLE " + stranger, SUPERUSER)
    assert rows == [(False,) * 7]


@pytest.mark.parametrize("role", [APP, RETENTION])
def test_the_other_roles_connect_and_make_nothing(empty: Empty, role: str) -> None:
    assert empty.ask(b"SELECT current_user::text", role) == [(role,)]
    for refused in (b"CREATE TABLE public.x ()", b"CREATE SCHEMA x", b"CREATE TEMP TABLE x ()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            empty.ask(refused, role)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        empty.ask(b"SET ROLE relais_owner", role)


def test_a_copied_database_is_closed_as_its_template_is(database: FreshDatabase) -> None:
    statement = "SELECT datacl::text, datdba::regrole::text FROM pg_database WHERE datname = %s"
    with database.superuser.connection() as connection:
        row = connection.execute(statement, [database.name]).fetchone()
    assert row is not None
    rights, owner = row
    assert owner == OWNER
    assert (
        rights
        == "{relais_owner=CTc/relais_owner,relais_app=c/relais_owner,relais_retention=c/relais_owner}"
    )


def test_the_database_keeps_its_statements_out_of_any_log(empty: Empty) -> None:
    for role in (OWNER, APP, RETENTION):
        rows = empty.ask(
            b"""SELECT current_setting('log_statement'), current_setting('log_min_error_statement'),
                       current_setting('log_min_messages'), current_setting('log_error_verbosity'),
                       current_setting('log_parameter_max_length_on_error')""",
            role,
        )
        assert rows == [("none", "panic", "log", "terse", "0")]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            empty.ask(b"SET log_statement = 'all'", role)


def test_a_password_is_kept_as_its_verifier(empty: Empty) -> None:
    bootstrap(
        empty.cluster.address(SUPERUSER, "postgres"), empty.name, passwords={APP: "un mot de passe"}
    )

    kept = empty.ask(b"SELECT rolpassword FROM pg_authid WHERE rolname = 'relais_app'", SUPERUSER)

    assert str(kept[0][0]).startswith("SCRAM-SHA-256$")
