"""Roles, databases and the numbered SQL files that make the store.

A file ``NNNN_name.sql`` in ``infrastructure/postgres/migrations`` is applied once, in its own transaction, by the role
``relais_owner``; an applied file may not change afterwards (docs/decisions/0025-migrations.md).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infrastructure.postgres.embedded.configuration import APP, OWNER, RETENTION

MIGRATIONS = Path(__file__).parent / "migrations"

# Our own number among PostgreSQL's advisory locks: "relais" in ASCII.
_LOCK = int.from_bytes(b"relais")
_FILE_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")
_REGISTER = """
CREATE TABLE IF NOT EXISTS public.relais_migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32)
)
"""
# A server that is not ours may log what it likes, but no SQL text and no value of this database.
_SILENCE = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class MigrationRefused(Exception):
    """The files and the database do not fit, or a file failed. ``str()`` is one French line."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    text: str = field(repr=False)

    @property
    def sha256(self) -> bytes:
        """The digest by which a later change of the file is noticed."""
        return hashlib.sha256(self.text.encode()).digest()


def bootstrap(
    superuser_address: str,
    database: str,
    *,
    passwords: Mapping[str, str] | None = None,
    template: str = "template0",
) -> None:
    """Make the three roles and the database if they are missing, and close it to everybody else.

    ``superuser_address`` leads to any existing database. ``passwords`` gives each role's, if the server asks for one;
    it leaves this process only as its SCRAM verifier. ``template`` is the database to copy. Runs again harmlessly.
    """
    with _locked(superuser_address) as connection:
        for role in (OWNER, APP, RETENTION):
            _make_role(connection, role, (passwords or {}).get(role))
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
        if known is None:
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8' STRATEGY file_copy"
                ).format(sql.Identifier(database), sql.Identifier(OWNER), sql.Identifier(template))
            )
        _close_to_everybody_else(connection, database)
    with _connected(make_conninfo(superuser_address, dbname=database)) as connection:
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for kind in ("FUNCTIONS", "TYPES"):
            connection.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE ALL ON {} FROM PUBLIC").format(
                    sql.Identifier(OWNER), sql.SQL(kind)
                )
            )


def migrate(owner_address: str, folder: Path = MIGRATIONS) -> list[str]:
    """Apply the files that are not yet applied, in order; return their names.

    Two processes at once wait for each other. Raises ``MigrationRefused`` when an applied file changed or is missing,
    when numbers repeat or skip, and when a file fails: that file then left nothing.
    """
    files = _files(folder)
    with _locked(owner_address) as connection:
        connection.execute(_REGISTER)
        fresh = _unapplied(connection, files)
        for migration in fresh:
            _apply(connection, migration)
    return [_file_name(migration) for migration in fresh]


def pending(owner_address: str, folder: Path = MIGRATIONS) -> list[str]:
    """Return the names of the files that ``migrate`` would apply. Raises ``MigrationRefused`` as it does."""
    files = _files(folder)
    with _connected(owner_address) as connection:
        known = connection.execute("SELECT to_regclass('public.relais_migration')").fetchone()
        fresh = files if known == (None,) else _unapplied(connection, files)
    return [_file_name(migration) for migration in fresh]


def _files(folder: Path) -> list[Migration]:
    migrations = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            message = f"{path.name} : une migration se nomme NNNN_nom.sql."
            raise MigrationRefused(message)
        text = path.read_text(encoding="utf-8")
        migrations.append(Migration(int(match["number"]), match["name"], text))
    if [migration.number for migration in migrations] != list(range(1, len(migrations) + 1)):
        message = "Les numéros des migrations doivent se suivre à partir de 0001."
        raise MigrationRefused(message)
    return migrations


def _unapplied(
    connection: psycopg.Connection[tuple[object, ...]], files: list[Migration]
) -> list[Migration]:
    applied = connection.execute(
        "SELECT number, name, sha256 FROM public.relais_migration ORDER BY number"
    ).fetchall()
    if len(applied) > len(files):
        message = "La base est plus récente que ce programme : mettez le programme à jour."
        raise MigrationRefused(message)
    for row, migration in zip(applied, files, strict=False):
        if row != (migration.number, migration.name, migration.sha256):
            message = f"{_file_name(migration)} a changé depuis qu'elle fut appliquée."
            raise MigrationRefused(message)
    return files[len(applied) :]


def _apply(connection: psycopg.Connection[tuple[object, ...]], migration: Migration) -> None:
    try:
        with connection.transaction():
            # Bytes, for the text comes from our own files and may hold several statements.
            connection.execute(migration.text.encode())
            connection.execute("RESET search_path")
            connection.execute(
                "INSERT INTO public.relais_migration (number, name, sha256) VALUES (%s, %s, %s)",
                [migration.number, migration.name, migration.sha256],
            )
    except psycopg.Error as error:
        message = f"{_file_name(migration)} : {error.diag.message_primary or error}"
        raise MigrationRefused(message) from None


def _file_name(migration: Migration) -> str:
    return f"{migration.number:04}_{migration.name}.sql"


def _make_role(
    connection: psycopg.Connection[tuple[object, ...]], role: str, password: str | None
) -> None:
    name = sql.Identifier(role)
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if known is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    connection.execute(
        sql.SQL(
            "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        ).format(name)
    )
    if password is not None:
        verifier = connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        )
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(verifier.decode()))
        )


def _close_to_everybody_else(
    connection: psycopg.Connection[tuple[object, ...]], database: str
) -> None:
    name = sql.Identifier(database)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
            name, sql.Identifier(APP), sql.Identifier(RETENTION)
        )
    )
    for setting, value in _SILENCE.items():
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                name, sql.Identifier(setting), sql.Literal(value)
            )
        )


@contextmanager
def _locked(address: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with _connected(address) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield connection


@contextmanager
def _connected(address: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    # Closing it gives back the advisory lock.
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
