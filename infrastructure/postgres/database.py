"""Connections to PostgreSQL, embedded or not.

Environment variables, read by ``address_from``:

- ``RELAIS_DATABASE_URL``: a server of one's own, as libpq's URL or connection string, without a password,
  such as ``postgresql://db.example:5432/relais?sslmode=verify-full``. Without it, the embedded server is used.
- ``RELAIS_DATABASE_PASSWORD_FILE``: the file that holds the role's password, or a folder that holds one file for
  each role, named after it (``relais_app``, ``relais_owner``, ``relais_retention``).
"""

import select
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Protocol, Self

import psycopg
from psycopg import conninfo as connection_string
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

from infrastructure.postgres.prepared import Statement


class Connections(Protocol):
    """A source of connections."""

    def connection(self) -> Any:
        """A connection as a context manager, in autocommit."""


URL = "RELAIS_DATABASE_URL"
PASSWORD_FILE = "RELAIS_DATABASE_PASSWORD_FILE"  # noqa: S105 - the name of a variable

# A server that vanished without a word is noticed in seconds, not in the two hours of the system's default.
_NETWORK = {
    "connect_timeout": "2",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}

_PAUSE = 0.05


class AddressRefused(Exception):
    """The environment names no usable database. ``str()`` is one French line."""


class _BinaryCursor(psycopg.Cursor[TupleRow]):
    """A cursor that asks for results in PostgreSQL's binary form."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.format = Format.BINARY


class Connection(psycopg.Connection[TupleRow]):
    """psycopg's connection, which can also be asked without a cursor."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._called: set[bytes] = set()
        self._watched = select.poll()
        self._watched.register(self.fileno(), select.POLLIN)

    def ask(self, statement: Statement, *arguments: Any) -> list[TupleRow]:
        """Return the rows of a statement; raises as ``execute`` does."""
        return self._rows(self._answer(statement, _packed(statement, arguments)))

    def ask_number(self, statement: Statement, *arguments: Any) -> int:
        """Return the one ``bigint`` of a statement's one row; raises as ``execute`` does."""
        number = self._answer(statement, _packed(statement, arguments)).get_value(0, 0)
        if number is None:
            raise psycopg.DataError("no number")
        return int.from_bytes(number, signed=True)

    def is_quiet(self) -> bool:
        """Whether the server said nothing since: an idle connection hears from it when it is closed, and hardly else.

        No word is exchanged to find out.
        """
        return not self._watched.poll(0)

    def _rows(self, result: PGresult) -> list[TupleRow]:
        rows = Transformer(self)
        rows.set_pgresult(result)
        return rows.load_rows(0, result.ntuples, tuple)

    def _answer(self, statement: Statement, given: list[Any]) -> PGresult:
        try:
            if statement.name not in self._called:
                numbers = [kind.number for kind in statement.kinds]
                _good(self.pgconn.prepare(statement.name, statement.text, numbers))
                self._called.add(statement.name)
            binary = [Format.BINARY] * len(given)
            return _good(self.pgconn.exec_prepared(statement.name, given, binary, Format.BINARY))
        except MemoryError:
            # libpq has no answer, for nothing could be sent; psycopg takes that for a lack of memory.
            raise psycopg.OperationalError("the connection is lost") from None


class Unreachable(psycopg.OperationalError):
    """No connection was had in time: nothing was sent."""


class Database:
    """Connections for one role to one database, made when first needed, kept and lent again.

    They commit each statement by itself, read results in binary form and prepare each statement that is asked twice.
    May be used by several threads; has none of its own. Its ``repr`` shows no address.
    """

    def __init__(self, address: str, *, largest: int = 10, patience: float = 2.0) -> None:
        """``address`` is libpq's, ``largest`` how many connections there may be at once, ``patience`` the seconds
        that a caller waits for one. Nothing is tried yet."""
        self._address = connection_string.make_conninfo(**(_NETWORK | _parts(address)))
        self._patience = patience
        self._places: SimpleQueue[None] = SimpleQueue()
        for _ in range(largest):
            self._places.put(None)
        self._idle: deque[Connection] = deque()
        self._open = True

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
        """Lend a connection for as long as the block runs.

        An error of psycopg leaves the block with names alone (condition, table, constraint) for its words, never a
        value. Raises ``Unreachable`` if no connection was had: nothing was sent. Any other ``OperationalError`` may
        hide a commit that was made.
        """
        deadline = monotonic() + self._patience
        try:
            self._places.get(timeout=self._patience)
        except Empty:
            raise Unreachable("no connection is free") from None
        try:
            connection = self._idle_connection() or self._new_connection(deadline)
            try:
                yield connection
            except psycopg.Error as error:
                _forget_values(error)
                raise
            finally:
                self._take_back(connection)
        finally:
            self._places.put(None)

    def close(self) -> None:
        """Close every connection; those that are lent out, when they come back."""
        self._open = False
        while (connection := self._popped()) is not None:
            connection.close()

    def _idle_connection(self) -> Connection | None:
        while (connection := self._popped()) is not None:
            if connection.is_quiet():
                return connection
            connection.close()
        return None

    def _popped(self) -> Connection | None:
        try:
            # The last one first: it is warm, and has its statements prepared.
            return self._idle.pop()
        except IndexError:
            return None

    def _new_connection(self, deadline: float) -> Connection:
        while True:
            try:
                return Connection.connect(
                    self._address,
                    autocommit=True,
                    cursor_factory=_BinaryCursor,
                    prepare_threshold=1,
                )
            except psycopg.OperationalError as error:
                # A server that restarts refuses for a moment.
                if monotonic() > deadline:
                    raise Unreachable("the server does not answer") from error
            sleep(_PAUSE)

    def _take_back(self, connection: Connection) -> None:
        if self._open and connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            connection.close()


def address_from(environment: Mapping[str, str], role: str) -> str | None:
    """Return the address of one's own server for a role, as libpq's connection string; ``None`` for the embedded one.

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


def _packed(statement: Statement, arguments: Sequence[Any]) -> list[Any]:
    return [
        None if argument is None else kind.pack(argument)
        for kind, argument in zip(statement.kinds, arguments, strict=True)
    ]


def _good(result: PGresult) -> PGresult:
    if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        return result
    if result.error_field(DiagnosticField.SQLSTATE) is None:
        # Not the server speaks, but libpq: the connection broke before an answer came.
        raise psycopg.OperationalError("the connection is lost")
    raise error_from_result(result)


def _forget_values(error: psycopg.Error) -> None:
    """Take the server's own words out of an error: they may quote a stored or sent value.

    The same error goes on, for a new one would drag the first along as its context.
    """
    if error.sqlstate is None:
        return
    told = error.diag
    place = [name for name in (told.schema_name, told.table_name, told.constraint_name) if name]
    error.args = (" ".join([error.sqlstate, type(error).__name__, *place]),)
