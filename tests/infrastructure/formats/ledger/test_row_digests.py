"""The digest of each stored row, worked out by hand from the page (docs/formats/ledger-header.md)."""

from hashlib import sha256
from uuid import UUID

from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.header import RowDigest, RowKind

NETWORK, JOURNEY, HOLDER, MEMBER = (UUID(int=number) for number in (1, 2, 3, 4))
EPOCH, DIGEST, KEY = (bytes([number]) * 32 for number in (5, 6, 7))
N, J, H, M = (one.bytes for one in (NETWORK, JOURNEY, HOLDER, MEMBER))


def number(value: int) -> bytes:
    return bytes(7) + bytes([value])


def by_hand(kind: int, *fields: bytes) -> RowDigest:
    told = b"".join(len(one).to_bytes(4, "big") + one for one in fields)
    return RowDigest(RowKind(kind), sha256(b"relais/v1/row" + bytes([kind]) + told).digest())


def rows() -> list[tuple[RowDigest, tuple[int, *tuple[bytes, ...]]]]:
    """One row of each kind, with its kind and its fields."""
    return [
        (row_digests.event(NETWORK, JOURNEY, 8, b"state"), (1, N, J, number(8), b"state")),
        (row_digests.event(NETWORK, NETWORK, 8, b"line"), (11, N, N, number(8), b"line")),
        (
            row_digests.grant(NETWORK, JOURNEY, EPOCH, HOLDER, 9, DIGEST),
            (2, N, J, EPOCH, H, number(9), DIGEST),
        ),
        (
            row_digests.grant(NETWORK, JOURNEY, EPOCH, HOLDER, 9, DIGEST, destroyed=True),
            (9, N, J, EPOCH, H, number(9), DIGEST),
        ),
        (
            row_digests.grant_set(NETWORK, JOURNEY, EPOCH, 1, b"payload", b"signature"),
            (3, N, J, EPOCH, number(1), b"payload", b"signature"),
        ),
        *(
            (
                row_digests.card(NETWORK, JOURNEY, face, 8, EPOCH, b"card"),
                (kind, N, J, number(8), EPOCH, b"card"),
            )
            for face, kind in ((1, 4), (2, 17), (3, 18))
        ),
        (row_digests.shred_secret(NETWORK, JOURNEY), (5, N, J)),
        (row_digests.shred_secret(NETWORK, JOURNEY, destroyed=True), (10, N, J)),
        (
            row_digests.ledger_key(NETWORK, KEY, HOLDER, 9, b"envelope"),
            (6, N, KEY, H, number(9), b"envelope"),
        ),
        (
            row_digests.group_secret(NETWORK, HOLDER, 9, MEMBER, 1, b"envelope"),
            (7, N, H, number(9), M, number(1), b"envelope"),
        ),
        (
            row_digests.bundle(NETWORK, HOLDER, b"locked"),
            (8, N, H, sha256(b"locked").digest()),
        ),
    ]


def test_a_row_s_digest_is_over_its_kind_and_each_field() -> None:
    for found, expected in rows():
        assert found == by_hand(*expected)
