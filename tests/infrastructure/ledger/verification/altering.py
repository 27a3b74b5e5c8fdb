"""Altering one byte of one column of one row, whatever its type, as superuser."""

# ruff: noqa: S608 (a superuser's statements are put together here, out of names of our own)

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

UNPROVED = {
    ("ledger_entry", "xid"): "orders nothing once the entry has its place",
    ("shred_secret", "house_key"): "changes with each house key; verify_secrets opens the envelope",
    ("shred_secret", "envelope"): "changes with each house key; verify_secrets opens it",
    ("account", "space"): "sealed by the referent alone, who opens it or not",
}
"""Columns whose bytes no entry names, and why."""

_PROVED = {
    "ledger_entry": ("id", "network", "header"),
    "ledger_body": ("entry", "network", "subject", "session_key", "body", "trace_epoch", "trace"),
    "ledger_leaf": ("network", "position", "entry", "leaf"),
    "checkpoint": ("network", "size", "note"),
    "event": ("network", "originator", "version", "state"),
    "grant_set": ("network", "originator", "epoch", "ordinal", "payload", "signature"),
    "epoch_grant": ("network", "originator", "epoch", "holder", "generation", "envelope"),
    "card": ("network", "originator", "face", "version", "epoch", "envelope"),
    "shred_secret": ("network", "originator"),
    "erased": ("network", "originator"),
    "ledger_key": ("network", "session_key", "holder", "generation", "envelope"),
    "group_secret": (
        "network",
        "holder",
        "generation",
        "member",
        "member_generation",
        "envelope",
    ),
    "account": ("network", "referent", "bundle"),
}
# To bytes and back, for each type of column.
_TYPES = {
    "bytea": ("{}", "{}"),
    "uuid": ("uuid_send({})", "encode({}, 'hex')::uuid"),
    "text": ("convert_to({}, 'UTF8')", "convert_from({}, 'LATIN1')"),
    "smallint": (
        "int2send({})",
        "((('x' || encode({}, 'hex'))::bit(16)::int << 16) >> 16)::smallint",
    ),
    "integer": ("int4send({})", "('x' || encode({}, 'hex'))::bit(32)::int"),
    "bigint": ("int8send({})", "('x' || encode({}, 'hex'))::bit(64)::bigint"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one row; ``size`` is how many bytes it has."""

    table: str
    column: str
    row: str
    size: int


def columns(*, proved: bool = False) -> Iterator[tuple[str, str]]:
    """Every column, or only those whose bytes are proved."""
    for table, names in _PROVED.items():
        for name in names:
            yield table, name
    if not proved:
        yield from UNPROVED


def cells(connection: Any, table: str, column: str) -> list[Cell]:
    """Every value of a column that is not null and has bytes."""
    to_bytes, _ = _TYPES[_type(connection, table, column)]
    rows = connection.execute(
        f"SELECT ctid::text, length({to_bytes.format(column)}) FROM relais.{table}"
        f" WHERE {column} IS NOT NULL ORDER BY ctid".encode()
    ).fetchall()
    return [Cell(table, column, row, size) for row, size in rows if size]


def alter(connection: Any, cell: Cell, byte: int, mask: int) -> None:
    """Exclusive-or one byte: the row is taken out and put back altered."""
    to_bytes, from_bytes = _TYPES[_type(connection, cell.table, cell.column)]
    was = to_bytes.format(f"r.{cell.column}")
    flipped = f"set_byte({was}, {byte}, get_byte({was}, {byte}) # {mask})"
    names = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'relais' AND table_name = %b ORDER BY ordinal_position",
            (cell.table,),
        )
    ]
    values = [from_bytes.format(flipped) if name == cell.column else f"r.{name}" for name in names]
    connection.execute(
        f"CREATE TEMPORARY TABLE altered ON COMMIT DROP AS SELECT * FROM relais.{cell.table}"
        f" WHERE ctid = '{cell.row}'::tid".encode()
    )
    connection.execute(f"DELETE FROM relais.{cell.table} WHERE ctid = '{cell.row}'::tid".encode())
    connection.execute(
        f"INSERT INTO relais.{cell.table} ({', '.join(names)}) OVERRIDING SYSTEM VALUE"
        f" SELECT {', '.join(values)} FROM altered AS r".encode()
    )


def _type(connection: Any, table: str, column: str) -> str:
    (name,) = connection.execute(
        "SELECT data_type::text FROM information_schema.columns"
        " WHERE table_schema = 'relais' AND table_name = %b AND column_name = %b",
        (table, column),
    ).fetchone()
    return str(name)
