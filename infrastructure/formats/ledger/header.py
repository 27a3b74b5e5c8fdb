"""The clear header of a ledger entry: digests of the rows of a transaction, signed by its session.

The format is in ``docs/formats/ledger-header.md``. A header says nothing of who or what: that is in
the sealed body, whose digest it holds. Whether the session's key is certified (``certificates``),
and whether the rows exist, the caller must ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from itertools import pairwise
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAGIC: Final = b"relais/v1/ledger-header\n"
ROW_LABEL: Final = b"relais/v1/row"
NO_TRACE: Final = bytes(32)

_UUID_LENGTH: Final = 16
_DIGEST_LENGTH: Final = 32
_KEY_LENGTH: Final = 32
_COUNT_LENGTH: Final = 2
_ROW_LENGTH: Final = 1 + _DIGEST_LENGTH
_SIGNATURE_LENGTH: Final = 64
_NETWORK: Final = len(MAGIC)
_SUBJECT: Final = _NETWORK + _UUID_LENGTH
_BODY_DIGEST: Final = _SUBJECT + _UUID_LENGTH
_TRACE_DIGEST: Final = _BODY_DIGEST + _DIGEST_LENGTH
_SESSION_KEY: Final = _TRACE_DIGEST + _DIGEST_LENGTH
_COUNT: Final = _SESSION_KEY + _KEY_LENGTH
_ROWS: Final = _COUNT + _COUNT_LENGTH

BODY_DIGEST_AT: Final = _BODY_DIGEST
SESSION_KEY_AT: Final = _SESSION_KEY
"""Where the two stand in a header, counted from 0: for statements that compare them in the database."""

# C2SP tlog-tiles gives an entry's length two bytes: a longer header could never be in a tile.
_LONGEST_ENTRY: Final = 2**16 - 1
MAXIMUM_ROWS: Final = (_LONGEST_ENTRY - _ROWS - _SIGNATURE_LENGTH) // _ROW_LENGTH


class LedgerFormatError(Exception):
    """A ledger header is refused; its subclasses say why."""


class MalformedHeader(LedgerFormatError):
    """The bytes are not a ledger header, or these fields cannot make one."""


class BadSignature(LedgerFormatError):
    """The session key that the header names has not signed it."""


class RowKind(IntEnum):
    """The kind of row that a digest stands for; a number is never used again for another kind.

    ``DESTROYED_…`` name, by its former digest, a row that the transaction took away.
    """

    EVENT = 1
    GRANT = 2
    GRANT_SET = 3
    CARD_IDENTITY = 4
    SHRED_SECRET = 5
    LEDGER_KEY = 6
    GROUP_SECRET = 7
    BUNDLE = 8
    DESTROYED_GRANT = 9
    DESTROYED_SHRED_SECRET = 10
    DIRECTORY_LINE = 11
    TAG = 12
    WAKE_UP = 13
    ERASE_NOT_BEFORE = 14
    SUMMARY = 15
    DROPPED_SEGMENT = 16
    CARD_FRAME = 17
    CARD_SUMMARY = 18


class RowDigest(NamedTuple):
    """One stored row: its kind and its ``row_digest`` (32 bytes)."""

    kind: RowKind
    digest: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one ledger entry.

    ``subject`` is the journey, or a random id if there is none. ``body_digest`` is SHA-256 of
    the sealed body, ``trace_digest`` that of the sealed trace or ``NO_TRACE``. ``rows`` are in the
    order of the format. The signature (64 bytes) is not verified until ``verify``.
    """

    network: UUID
    subject: UUID
    body_digest: bytes
    trace_digest: bytes
    session_public_key: bytes
    rows: tuple[RowDigest, ...]
    signature: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The bytes of the header: the data of its leaf in the tree. Raises ``MalformedHeader``."""
        return _signed_part(self) + self.signature


def row_digest(kind: RowKind, *fields: bytes) -> bytes:
    """The digest that stands for one stored row in a header: 32 bytes.

    SHA-256 over the label, the kind and each field after its length (4 bytes, big-endian), so that
    no two rows of different fields share their input.
    """
    parts = [ROW_LABEL, kind.to_bytes(1, "big")]
    for each in fields:
        parts += (len(each).to_bytes(4, "big"), each)
    return sha256(b"".join(parts)).digest()


def unsigned_bytes(
    *,
    network: UUID,
    subject: UUID,
    body_digest: bytes,
    trace_digest: bytes,
    session_public_key: bytes,
    rows: Iterable[RowDigest],
) -> bytes:
    """Return the bytes that the session signs: every field but the signature, the rows put in order.

    Raises ``MalformedHeader`` for a digest or key that is not 32 bytes, a row given twice, or more
    than ``MAXIMUM_ROWS``.
    """
    ordered = sorted(rows)
    if not len(body_digest) == len(trace_digest) == _DIGEST_LENGTH:
        raise MalformedHeader("a digest has 32 bytes")
    if len(session_public_key) != _KEY_LENGTH:
        raise MalformedHeader("a public key has 32 bytes")
    if len(ordered) > MAXIMUM_ROWS:
        raise MalformedHeader("too many rows for one entry")
    if len(set(ordered)) != len(ordered):
        raise MalformedHeader("a row is named twice")
    parts = [
        MAGIC,
        network.bytes,
        subject.bytes,
        body_digest,
        trace_digest,
        session_public_key,
        len(ordered).to_bytes(_COUNT_LENGTH, "big"),
    ]
    for kind, digest in ordered:
        if len(digest) != _DIGEST_LENGTH:
            raise MalformedHeader("a digest has 32 bytes")
        parts.append(kind.to_bytes(1, "big"))
        parts.append(digest)
    return b"".join(parts)


def sign(
    *,
    network: UUID,
    subject: UUID,
    body_digest: bytes,
    trace_digest: bytes,
    session_public_key: bytes,
    rows: Iterable[RowDigest],
    key: Ed25519PrivateKey,
) -> bytes:
    """The whole header, signed with the session's ``key``, whose public half is named in it.

    Raises as ``unsigned_bytes`` does.
    """
    unsigned = unsigned_bytes(
        network=network,
        subject=subject,
        body_digest=body_digest,
        trace_digest=trace_digest,
        session_public_key=session_public_key,
        rows=rows,
    )
    return unsigned + key.sign(unsigned)


def parse(data: bytes) -> Header:
    """Read a header, verifying nothing: ``parse(data).to_bytes() == data``.

    Raises ``MalformedHeader`` for anything that ``sign`` would not have written.
    """
    if data[:_NETWORK] != MAGIC:
        raise MalformedHeader("this is not a ledger header")
    if len(data) < _ROWS + _SIGNATURE_LENGTH:
        raise MalformedHeader("the header is cut short")
    count = int.from_bytes(data[_COUNT:_ROWS], "big")
    end = _ROWS + count * _ROW_LENGTH
    if count > MAXIMUM_ROWS or len(data) != end + _SIGNATURE_LENGTH:
        raise MalformedHeader("the length is not that of the count of rows")
    rows = tuple(
        _parse_row(data[start : start + _ROW_LENGTH]) for start in range(_ROWS, end, _ROW_LENGTH)
    )
    if any(later <= earlier for earlier, later in pairwise(rows)):
        raise MalformedHeader("the rows are not in order, or one is named twice")
    return Header(
        network=UUID(bytes=data[_NETWORK:_SUBJECT]),
        subject=UUID(bytes=data[_SUBJECT:_BODY_DIGEST]),
        body_digest=data[_BODY_DIGEST:_TRACE_DIGEST],
        trace_digest=data[_TRACE_DIGEST:_SESSION_KEY],
        session_public_key=data[_SESSION_KEY:_COUNT],
        rows=rows,
        signature=data[end:],
    )


def verify(header: Header) -> None:
    """Check that the session key in the header signed it. Raises ``BadSignature``."""
    key = Ed25519PublicKey.from_public_bytes(header.session_public_key)
    try:
        key.verify(header.signature, _signed_part(header))
    except InvalidSignature:
        raise BadSignature("not signed by the session key that it names") from None


def _parse_row(data: bytes) -> RowDigest:
    try:
        kind = RowKind(data[0])
    except ValueError:
        raise MalformedHeader("a row of an unknown kind") from None
    return RowDigest(kind, data[1:])


def _signed_part(header: Header) -> bytes:
    return unsigned_bytes(
        network=header.network,
        subject=header.subject,
        body_digest=header.body_digest,
        trace_digest=header.trace_digest,
        session_public_key=header.session_public_key,
        rows=header.rows,
    )
