"""The header of a ledger entry: one spelling, one signer, and digests that never collide."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.formats.keys import public_bytes
from infrastructure.formats.ledger import header as ledger_format
from infrastructure.formats.ledger import tree as merkle
from infrastructure.formats.ledger.header import RowDigest, RowKind
from tests.infrastructure.formats.ledger.published import ROOT, hexadecimal_example, vectors

VECTORS = vectors(
    "ledger-headers.toml",
    {"header": {"header", "rows", "leaf"}, "refused": {"header", "expected"}},
)
SESSION_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NETWORK, SUBJECT = UUID(int=1), UUID(int=2)

digests = st.binary(min_size=32, max_size=32)
rows = st.builds(RowDigest, st.sampled_from(RowKind), digests)


def signed(stored: Sequence[RowDigest] = (), digest: bytes = bytes(32)) -> bytes:
    return ledger_format.sign(
        network=NETWORK,
        subject=SUBJECT,
        body_digest=digest,
        trace_digest=ledger_format.NO_TRACE,
        session_public_key=public_bytes(SESSION_KEY),
        rows=stored,
        key=SESSION_KEY,
    )


def numbered(count: int) -> list[RowDigest]:
    return [RowDigest(RowKind.EVENT, number.to_bytes(32, "big")) for number in range(count)]


@pytest.mark.parametrize("vector", VECTORS["header"], ids=itemgetter("comment"))
def test_kept_headers_verify(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["header"])
    header = ledger_format.parse(data)
    ledger_format.verify(header)
    assert header.to_bytes() == data
    assert len(header.rows) == vector["rows"]
    assert merkle.leaf_hash(data).hex() == vector["leaf"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=itemgetter("comment"))
def test_other_headers_are_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(ledger_format.LedgerFormatError) as refused:
        ledger_format.verify(ledger_format.parse(bytes.fromhex(vector["header"])))
    assert refused.type.__name__ == vector["expected"]


def test_the_example_of_the_page() -> None:
    data = hexadecimal_example("ledger-header.md")
    header = ledger_format.parse(data)
    ledger_format.verify(header)
    assert data.hex() == VECTORS["header"][0]["header"]
    assert [row.kind for row in header.rows] == [RowKind.EVENT, RowKind.CARD_IDENTITY]
    assert header.rows[0].digest == ledger_format.row_digest(RowKind.EVENT, b"event", b"")


def test_the_page_names_every_kind_and_the_most_rows() -> None:
    page = (ROOT / "docs" / "formats" / "ledger-header.md").read_text("utf-8")
    for kind in RowKind:
        assert f"| {kind.value} | `{kind.name}` |" in page
    assert f"at most {ledger_format.MAXIMUM_ROWS} rows" in page


@given(st.uuids(), st.uuids(), digests, digests, st.lists(rows, unique=True, max_size=20))
def test_what_is_signed_verifies_and_prints_back(
    network: UUID, subject: UUID, body: bytes, trace: bytes, stored: list[RowDigest]
) -> None:
    data = ledger_format.sign(
        network=network,
        subject=subject,
        body_digest=body,
        trace_digest=trace,
        session_public_key=public_bytes(SESSION_KEY),
        rows=stored,
        key=SESSION_KEY,
    )
    header = ledger_format.parse(data)
    ledger_format.verify(header)
    assert (header.network, header.subject) == (network, subject)
    assert (header.body_digest, header.trace_digest) == (body, trace)
    assert header.session_public_key == SESSION_KEY.public_key().public_bytes_raw()
    assert header.rows == tuple(sorted(stored))
    assert header.to_bytes() == data


@given(st.lists(rows, unique=True, max_size=6).flatmap(
       lambda stored: st.tuples(st.just(stored), st.permutations(stored))))  # fmt: skip
def test_the_order_of_writing_makes_no_difference(
    orders: tuple[list[RowDigest], list[RowDigest]],
) -> None:
    assert signed(orders[0]) == signed(orders[1])


def test_no_bit_of_a_header_can_change() -> None:
    """Case 36: every stored byte of a header, each of its bits flipped, is refused."""
    data = signed(numbered(2))
    for place in range(len(data)):
        for bit in range(8):
            changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
            with pytest.raises(ledger_format.LedgerFormatError):
                ledger_format.verify(ledger_format.parse(changed))


@given(st.binary(max_size=300) | st.binary(max_size=250).map(
       lambda data: ledger_format.MAGIC + bytes(128) + data))  # fmt: skip
def test_any_bytes_are_refused_or_print_back(data: bytes) -> None:
    try:
        header = ledger_format.parse(data)
    except ledger_format.MalformedHeader:
        return
    assert header.to_bytes() == data


def test_a_header_of_the_most_rows_fits_a_tile_entry() -> None:
    most = numbered(ledger_format.MAXIMUM_ROWS)
    data = signed(most)
    assert len(data) <= 0xFFFF < len(data) + 33
    assert len(ledger_format.parse(data).rows) == ledger_format.MAXIMUM_ROWS
    with pytest.raises(ledger_format.MalformedHeader):
        signed(numbered(ledger_format.MAXIMUM_ROWS + 1))


def test_more_rows_than_the_most_are_refused_though_signed() -> None:
    data = signed(numbered(ledger_format.MAXIMUM_ROWS))[:-64]
    count = (ledger_format.MAXIMUM_ROWS + 1).to_bytes(2, "big")
    longer = data[:152] + count + data[154:] + b"\x01" + b"\xff" * 32
    with pytest.raises(ledger_format.MalformedHeader):
        ledger_format.parse(longer + SESSION_KEY.sign(longer))


def test_a_row_named_twice_is_refused_though_signed() -> None:
    data = signed(numbered(1))[:-64]
    twice = data[:152] + (2).to_bytes(2, "big") + data[154:] + data[154:]
    with pytest.raises(ledger_format.MalformedHeader):
        ledger_format.parse(twice + SESSION_KEY.sign(twice))


@pytest.mark.parametrize(
    "stored",
    [
        [RowDigest(RowKind.EVENT, bytes(32))] * 2,
        [RowDigest(RowKind.EVENT, bytes(31))],
        [RowDigest(RowKind.EVENT, b"")],
    ],
)
def test_rows_that_cannot_be_written_are_refused(stored: list[RowDigest]) -> None:
    with pytest.raises(ledger_format.MalformedHeader):
        signed(stored)


@pytest.mark.parametrize(
    ("body", "trace", "key"),
    [(31, 32, 32), (32, 0, 32), (33, 33, 32), (32, 32, 31)],
)
def test_fields_of_another_length_are_refused(body: int, trace: int, key: int) -> None:
    with pytest.raises(ledger_format.MalformedHeader):
        ledger_format.unsigned_bytes(
            network=NETWORK,
            subject=SUBJECT,
            body_digest=bytes(body),
            trace_digest=bytes(trace),
            session_public_key=bytes(key),
            rows=[],
        )


some_fields = st.lists(st.binary(max_size=3), max_size=4)


@given(st.sampled_from(RowKind), some_fields, st.sampled_from(RowKind), some_fields)
def test_a_row_digest_is_of_its_kind_and_fields_alone(
    kind: RowKind, fields: list[bytes], other_kind: RowKind, other_fields: list[bytes]
) -> None:
    """Where one field ends and the next begins counts; so does an empty one."""
    same = (kind, fields) == (other_kind, other_fields)
    digest = ledger_format.row_digest(kind, *fields)
    assert (digest == ledger_format.row_digest(other_kind, *other_fields)) is same


@given(st.sampled_from(RowKind), st.binary(max_size=8), st.integers(1, 7))
def test_a_row_digest_tells_where_a_field_ends(kind: RowKind, data: bytes, at: int) -> None:
    parts = ledger_format.row_digest(kind, data[:at], data[at:])
    assert parts != ledger_format.row_digest(kind, data)


def test_a_row_digest_is_what_the_page_says() -> None:
    """SHA-256 of 72656c6169732f76312f726f77 01 00000005 6576656e74 00000000, computed apart."""
    digest = ledger_format.row_digest(RowKind.EVENT, b"event", b"")
    assert digest.hex() == "374b6004b6dabe05428dd9c60e37b71dc9ad91fb7065caf8fd230d86d1eb9318"
