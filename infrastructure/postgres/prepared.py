"""Statements that are asked all day: prepared once on a connection, then called without a cursor.

A cursor of psycopg finds out at each call what each argument is and how it is sent; for an act of 26 that costs as much
as the server's work on it (docs/decisions/0022-prepared.md). Here a statement says so once.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

_ONE_DIMENSION = struct.Struct("!5i")
_LENGTH = struct.Struct("!i")
_INTEGER = struct.Struct("!i")
_SMALLINT = struct.Struct("!h")


def _uuid(value: Any) -> bytes:
    packed: bytes = value.bytes
    return packed


def _list_of(item_type: int, pack: Callable[[Any], bytes]) -> Callable[[Sequence[Any]], bytes]:
    """An array in PostgreSQL's binary form: dimensions, flags, the items' type, how many, from one; then each item."""

    def packed(values: Sequence[Any]) -> bytes:
        if not values:
            return struct.pack("!3i", 0, 0, item_type)
        parts = [_ONE_DIMENSION.pack(1, 0, item_type, len(values), 1)]
        for value in values:
            item = pack(value)
            parts += (_LENGTH.pack(len(item)), item)
        return b"".join(parts)

    return packed


class Kind(Enum):
    """The type of a parameter: PostgreSQL's number for it (``pg_type.oid``) and its binary form."""

    UUID = (2950, _uuid)
    BYTES = (17, bytes)
    INTEGER = (23, _INTEGER.pack)
    UUIDS = (2951, _list_of(2950, _uuid))
    BYTES_LIST = (1001, _list_of(17, bytes))
    INTEGERS = (1007, _list_of(23, _INTEGER.pack))
    SMALLINTS = (1005, _list_of(21, _SMALLINT.pack))

    def __init__(self, number: int, pack: Callable[[Any], bytes]) -> None:
        self.number = number
        self.pack = pack


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with places ``$1``, ``$2``, …, and the kind of each."""

    name: bytes
    text: bytes
    kinds: tuple[Kind, ...]
