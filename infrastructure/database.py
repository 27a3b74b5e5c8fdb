"""Connections to PostgreSQL, embedded or not.

Environment variables, read by ``address_from``:

- ``RELAIS_DATABASE_URL``: a server of one's own, as libpq's URL or connection string, without a password,
  such as ``postgresql://db.example:5432/relais?sslmode=verify-full``. Without it, the embedded server is used.
- ``RELAIS_DATABASE_PASSWORD_FILE``: the file that holds the role's password, or a folder that holds one file for
  each role, named after it (``relais_app``, ``relais_owner``, ``relais_retention``).
"""

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import conninfo as connection_string
from psycopg.pq import Format
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

URL = "RELAIS_DATABASE_URL"
PASSWORD_FILE = "RELAIS_DATABASE_PASSWORD_FILE"

# A server that vanished without a word is noticed in seconds, not in the two hours of the system's default.
_NETWORK = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}

Connection = psycopg.Connection[TupleRow]


class AddressRefused(Exception):
    """The environment does not say well where the database is. ``str()`` is one French line."""


class _BinaryCursor(psycopg.Cursor[TupleRow]):
    """A cursor that asks for results in PostgreSQL's binary form."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.format = Format.BINARY


class Database:
    """A pool of connections for one role to one database, opened at once.

    Connections commit each statement by itself, read results in binary form and prepare what is asked twice.
    Its ``repr`` shows no address.
    """

    def __init__(
        self, address: str, *, smallest: int = 1, largest: int = 10, patience: float = 5.0
    ) -> None:
        """Open the pool. ``address`` is libpq's; ``patience`` the seconds that a caller waits for a connection.

        Nothing is tried yet: ``connection`` raises where the server does not answer.
        """
        given = _parts(address)
        # The pool logs the address of a failed connection: the password must not be part of it.
        password = given.pop("password", None)
        self._pool = ConnectionPool(
            connection_string.make_conninfo(**(_NETWORK | given)),
            kwargs={
                "autocommit": True,
                "cursor_factory": _BinaryCursor,
                "prepare_threshold": 1,
                **({"password": password} if password is not None else {}),
            },
            min_size=smallest,
            max_size=largest,
            timeout=patience,
            num_workers=1,
            check=_refuse_closed,
            open=True,
        )

    def __repr__(self) -> str:
        return "Database()"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for as long as the block runs.

        What psycopg raises within leaves with names alone (condition, table, constraint) for its words, never a
        value. ``psycopg_pool.PoolTimeout`` (an ``OperationalError``) says that no connection was had: nothing was
        sent. Any other ``OperationalError`` may hide a commit that was made.
        """
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.Error as error:
            _forget_values(error)
            raise

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


def address_from(environment: Mapping[str, str], role: str) -> str | None:
    """Where the server of one's own is, for a role, as libpq's connection string; ``None`` for the embedded one.

    Raises ``AddressRefused``.
    """
    if not (url := environment.get(URL)):
        return None
    try:
        given = _parts(url)
    except psycopg.ProgrammingError:
        message = f"{URL} n'est pas une adresse de PostgreSQL."
        raise AddressRefused(message) from None
    if "password" in given:
        message = f"{URL} contient un mot de passe : mettez-le dans un fichier ({PASSWORD_FILE})."
        raise AddressRefused(message)
    given["user"] = role
    if password := _password(environment, role):
        given["password"] = password
    return connection_string.make_conninfo(**given)


def _parts(address: str) -> dict[str, str]:
    parts = connection_string.conninfo_to_dict(address)
    return {name: str(value) for name, value in parts.items() if value is not None}


def _password(environment: Mapping[str, str], role: str) -> str | None:
    if not (named := environment.get(PASSWORD_FILE)):
        return None
    path = Path(named)
    path = path / role if path.is_dir() else path
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        message = f"Le fichier du mot de passe ({PASSWORD_FILE}) n'est pas lisible : {path}"
        raise AddressRefused(message) from None


def _refuse_closed(connection: Connection) -> None:
    """Raise when the server closed this idle connection: it restarted. No word is exchanged to find out.

    An idle connection has nothing to read, but for the server's good-bye.
    """
    watched = select.poll()
    watched.register(connection.fileno(), select.POLLIN)
    if watched.poll(0):
        connection.pgconn.consume_input()
        if watched.poll(0):
            raise psycopg.OperationalError


def _forget_values(error: psycopg.Error) -> None:
    """Take the server's own words out of an error: they may quote what was stored or sent.

    The same error goes on, for a new one would drag the first along as its context.
    """
    if error.sqlstate is None:
        return
    told = error.diag
    place = [name for name in (told.schema_name, told.table_name, told.constraint_name) if name]
    error.args = (" ".join([error.sqlstate, type(error).__name__, *place]),)
