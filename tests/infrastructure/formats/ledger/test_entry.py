"""One ledger entry as its session writes it, and as its readers open it."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.access import Access, Trace
from domain.compartments import Compartment
from infrastructure.formats.bundle import Bundle
from infrastructure.formats.entry import EpochKeys
from infrastructure.formats.envelope import (
    NONCE_SIZE,
    TAG_SIZE,
    Tampered,
    context,
    new_key,
    padded,
    padme,
    seal,
    unpadded,
    unseal,
    unseal_under,
)
from infrastructure.formats.grant import new_epoch
from infrastructure.formats.keys import public_bytes
from infrastructure.formats.ledger import header as ledger_format
from infrastructure.formats.ledger.body import HOUSE, Actor, Detail
from infrastructure.formats.ledger.entry import (
    LedgerAuthor,
    LedgerRow,
    body_context,
    read_body,
    read_trace,
    write_entry,
)
from infrastructure.formats.ledger.header import NO_TRACE, RowDigest, RowKind
from infrastructure.formats.session import OpenSession, begin

NETWORK, REFERENT, INSTITUTION, JOURNEY = (uuid4() for _ in range(4))
AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
CONSULT = Access(
    act="consult",
    at=AT,
    subject=JOURNEY,
    compartments=("follow_up",),
    purpose="ongoing_work",
    ground="person_consent",
    articles=("2.1", "3.1"),
    policies=("2.1-partner",),
    details={"journey_version": "12"},
)
ROWS = [RowDigest(RowKind.EVENT, bytes(range(32)))]


@dataclass(frozen=True)
class Written:
    """An entry, the session that wrote it, and the frame epoch of its journey."""

    session: OpenSession
    frame: EpochKeys
    row: LedgerRow

    def body_digest(self) -> bytes:
        return sha256(self.row.body).digest()

    def trace(self) -> bytes:
        assert self.row.trace is not None
        return self.row.trace


def session_of_a_referent() -> OpenSession:
    return begin(NETWORK, REFERENT, INSTITUTION, Bundle.generate(), AT)


def frame_epoch() -> EpochKeys:
    return EpochKeys(
        new_epoch(Compartment.FRAME.code, session_of_a_referent().certificate), new_key()
    )


def author_of_the_house() -> LedgerAuthor:
    return LedgerAuthor.of_house(NETWORK, Ed25519PrivateKey.generate(), new_key())


@pytest.fixture
def written() -> Written:
    session, frame = session_of_a_referent(), frame_epoch()
    return Written(session, frame, write_entry(LedgerAuthor.of(session), CONSULT, ROWS, frame))


def test_the_body_says_who_did_what_to_what_and_why(written: Written) -> None:
    session, row = written.session, written.row
    body = read_body(NETWORK, JOURNEY, session.public_key, session.ledger_key, row.body)
    assert body.who == Actor(REFERENT, str(INSTITUTION))
    assert body.certificate == session.certificate
    assert (body.act, body.at, body.subject, body.allowed) == ("consult", AT, JOURNEY, True)
    assert (body.compartment, body.purpose, body.ground) == (
        "follow_up",
        "ongoing_work",
        "person_consent",
    )
    assert (body.articles, body.policies) == (("2.1", "3.1"), ("2.1-partner",))
    assert body.details == {Detail.JOURNEY_VERSION: "12"}


def test_the_header_names_body_trace_and_rows_and_is_signed_by_the_session(
    written: Written,
) -> None:
    header = ledger_format.parse(written.row.header)
    ledger_format.verify(header)
    assert header.session_public_key == written.session.public_key
    assert written.row.session_key == written.session.public_key
    assert (header.network, header.subject) == (NETWORK, JOURNEY)
    assert header.body_digest == written.body_digest()
    assert header.trace_digest == sha256(written.trace()).digest()
    assert list(header.rows) == ROWS


def test_a_partner_reads_in_the_trace_who_consulted(written: Written) -> None:
    assert written.row.trace_epoch == written.frame.id
    digest = written.body_digest()
    assert read_trace(NETWORK, JOURNEY, digest, written.frame, written.trace()) == Trace(
        at=AT,
        referent=REFERENT,
        institution=INSTITUTION,
        act="consult",
        purpose="ongoing_work",
        allowed=True,
    )


def test_a_body_is_bound_to_what_its_page_says(written: Written) -> None:
    session = written.session
    bound_to = context(b"relais/v1/ledger-body", NETWORK.bytes, JOURNEY.bytes, session.public_key)
    opened = unpadded(unseal(session.ledger_key, written.row.body, bound_to))
    assert json.loads(opened)["act"] == "consult"


def test_a_trace_holds_what_its_page_says(written: Written) -> None:
    bound_to = context(
        b"relais/v1/ledger-trace",
        NETWORK.bytes,
        JOURNEY.bytes,
        written.body_digest(),
        written.frame.id,
    )
    opened = unseal_under(written.frame[b"relais/v1/ledger-trace"], written.trace(), bound_to)
    assert json.loads(unpadded(opened)) == {
        "at": "2026-03-02T09:30:15.123456+00:00",
        "referent": str(REFERENT),
        "institution": str(INSTITUTION),
        "act": "consult",
        "purpose": "ongoing_work",
        "allowed": "1",
    }


def test_a_refusal_without_a_purpose_is_traced_as_such() -> None:
    frame = frame_epoch()
    refused = replace(CONSULT, allowed=False, purpose=None)
    row = write_entry(LedgerAuthor.of(session_of_a_referent()), refused, (), frame)
    assert row.trace is not None
    trace = read_trace(NETWORK, JOURNEY, sha256(row.body).digest(), frame, row.trace)
    assert (trace.allowed, trace.purpose) == (False, None)


def test_an_act_on_no_journey_stands_under_a_number_of_its_own_and_leaves_no_trace() -> None:
    author = LedgerAuthor.of(session_of_a_referent())
    first, second = (write_entry(author, Access("log_in", AT), (), None) for _ in range(2))
    assert first.subject != second.subject
    assert (first.trace, first.trace_epoch) == (None, None)
    header = ledger_format.parse(first.header)
    assert (header.subject, header.trace_digest) == (first.subject, NO_TRACE)
    body = read_body(NETWORK, first.subject, first.session_key, author.ledger_key, first.body)
    assert body.subject is None


def test_an_act_of_the_house_is_nobody_s_and_leaves_no_trace_to_partners() -> None:
    author = author_of_the_house()
    row = write_entry(author, CONSULT, ROWS, frame_epoch())
    assert (row.trace, row.trace_epoch) == (None, None)
    header = ledger_format.parse(row.header)
    ledger_format.verify(header)
    assert header.session_public_key == public_bytes(author.signing)
    assert header.trace_digest == NO_TRACE
    body = read_body(NETWORK, JOURNEY, row.session_key, author.ledger_key, row.body)
    assert (body.who, body.certificate) == (HOUSE, None)


@pytest.mark.parametrize("place", ["network", "subject", "session", "key"])
def test_a_body_opens_in_its_own_place_only(written: Written, place: str) -> None:
    own: dict[str, tuple[UUID, UUID, bytes, bytes]] = {}
    session = written.session
    here = (NETWORK, JOURNEY, session.public_key, session.ledger_key)
    own["network"] = (uuid4(), *here[1:])
    own["subject"] = (NETWORK, uuid4(), *here[2:])
    own["session"] = (*here[:2], bytes(32), session.ledger_key)
    own["key"] = (*here[:3], new_key())
    with pytest.raises(Tampered):
        read_body(*own[place], written.row.body)


def test_a_trace_opens_beside_its_own_entry_only(written: Written) -> None:
    digest, frame, trace = written.body_digest(), written.frame, written.trace()
    for network, subject, body_digest, epoch in (
        (uuid4(), JOURNEY, digest, frame),
        (NETWORK, uuid4(), digest, frame),
        (NETWORK, JOURNEY, bytes(32), frame),
        (NETWORK, JOURNEY, digest, frame_epoch()),
    ):
        with pytest.raises(Tampered):
            read_trace(network, subject, body_digest, epoch, trace)


def test_what_is_sealed_and_is_no_body_is_refused() -> None:
    """Whoever has the session's ledger key can seal what they like: it must still be a body."""
    ledger_key, session_key = new_key(), bytes(32)
    bound_to = body_context(NETWORK, JOURNEY, session_key)
    sealed = seal(ledger_key, padded(b'{"act": "consult"}'), bound_to)
    with pytest.raises(Tampered):
        read_body(NETWORK, JOURNEY, session_key, ledger_key, sealed)


def test_only_a_few_sizes_are_written(written: Written) -> None:
    """What is sealed is filled up to a Padmé size, so that its length tells little of the act."""
    around = 1 + NONCE_SIZE + TAG_SIZE
    for sealed in (written.row.body, written.trace()):
        inside = len(sealed) - around
        assert padme(inside) == inside


def test_neither_pen_nor_key_is_shown_in_a_repr() -> None:
    author = author_of_the_house()
    assert "signing" not in repr(author)
    assert "ledger_key" not in repr(author)
