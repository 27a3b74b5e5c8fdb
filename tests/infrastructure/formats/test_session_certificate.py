"""Session certificates: one spelling, one signer, one span of time."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.formats import session_certificate as certificates
from infrastructure.formats.session_certificate import SessionCertificate
from tests.infrastructure.formats.ledger.published import example, hexadecimal_example

NETWORK = UUID("11111111-1111-4111-8111-111111111111")
REFERENT = UUID("33333333-3333-4333-8333-333333333333")
SESSION_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
REFERENT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 20, tzinfo=UTC)

seconds = st.integers(0, int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())).map(
    lambda number: datetime.fromtimestamp(number, UTC)
)


def certify(
    not_before: datetime = MORNING,
    not_after: datetime = EVENING,
    session_public_key: bytes = SESSION_KEY.public_bytes_raw(),
) -> SessionCertificate:
    return certificates.certify(
        network=NETWORK,
        referent=REFERENT,
        session_public_key=session_public_key,
        not_before=not_before,
        not_after=not_after,
        key=REFERENT_KEY,
    )


def test_the_example_of_the_page() -> None:
    data = hexadecimal_example("session-certificate.md")
    key = bytes.fromhex(example("session-certificate.md", "key"))
    certificate = certificates.parse_certificate(data)
    certificate.verify(Ed25519PublicKey.from_public_bytes(key), MORNING)
    assert certificate == certify()
    assert certificate.to_bytes() == data


@given(st.uuids(), st.uuids(), st.binary(min_size=32, max_size=32), st.lists(seconds, min_size=2,
       max_size=2, unique=True).map(sorted))  # fmt: skip
def test_what_is_certified_parses_verifies_and_prints_back(
    network: UUID, referent: UUID, session_public_key: bytes, span: list[datetime]
) -> None:
    certificate = certificates.certify(
        network=network,
        referent=referent,
        session_public_key=session_public_key,
        not_before=span[0],
        not_after=span[1],
        key=REFERENT_KEY,
    )
    data = certificate.to_bytes()
    assert len(data) == certificates.CERTIFICATE_LENGTH == 174
    assert certificates.parse_certificate(data) == certificate
    certificate.verify(REFERENT_KEY.public_key(), span[0])


def test_any_changed_byte_is_refused() -> None:
    data = certify().to_bytes()
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(certificates.CertificateError):
            certificates.parse_certificate(changed).verify(REFERENT_KEY.public_key(), MORNING)


@given(st.binary(max_size=200) | st.binary(min_size=144, max_size=144).map(
       lambda data: certificates.LABEL + data))  # fmt: skip
def test_any_bytes_are_refused_or_print_back(data: bytes) -> None:
    try:
        certificate = certificates.parse_certificate(data)
    except certificates.MalformedCertificate:
        return
    assert certificate.to_bytes() == data


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0"])
def test_another_length_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(certificates.MalformedCertificate):
        certificates.parse_certificate(change(certify().to_bytes()))


def test_another_label_is_refused() -> None:
    data = certify().to_bytes().replace(b"/v1/", b"/v2/")
    with pytest.raises(certificates.MalformedCertificate):
        certificates.parse_certificate(data)


def test_a_time_that_no_calendar_has_is_refused() -> None:
    data = certify().to_bytes()
    late = data[:102] + b"\xff" * 8 + data[110:]
    with pytest.raises(certificates.MalformedCertificate):
        certificates.parse_certificate(late)


def test_the_last_second_of_the_calendar_is_taken() -> None:
    certificate = certify(not_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert certificates.parse_certificate(certificate.to_bytes()) == certificate
    beyond = int.from_bytes(certificate.to_bytes()[102:110], "big") + 1
    data = certificate.to_bytes()
    with pytest.raises(certificates.MalformedCertificate):
        certificates.parse_certificate(data[:102] + beyond.to_bytes(8, "big") + data[110:])


def test_another_referent_s_key_is_refused() -> None:
    with pytest.raises(certificates.BadCertificateSignature):
        certify().verify(SESSION_KEY, MORNING)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (MORNING - timedelta(microseconds=1), certificates.CertificateNotYetValid),
        (EVENING, certificates.CertificateExpired),
        (EVENING + timedelta(days=1), certificates.CertificateExpired),
    ],
)
def test_outside_its_time_it_is_refused(
    at: datetime, refusal: type[certificates.CertificateError]
) -> None:
    with pytest.raises(refusal):
        certify().verify(REFERENT_KEY.public_key(), at)


@pytest.mark.parametrize("at", [MORNING, EVENING - timedelta(microseconds=1)])
def test_within_its_time_it_holds_in_any_zone(at: datetime) -> None:
    certify().verify(REFERENT_KEY.public_key(), at.astimezone(timezone(timedelta(hours=2))))


def test_the_same_moment_in_another_zone_is_the_same_certificate() -> None:
    paris = timezone(timedelta(hours=1))
    assert certify(MORNING.astimezone(paris)).to_bytes() == certify().to_bytes()


@pytest.mark.parametrize(
    ("not_before", "not_after"),
    [
        (MORNING, MORNING),
        (EVENING, MORNING),
        (MORNING.replace(tzinfo=None), EVENING),
        (MORNING, EVENING.replace(microsecond=1)),
        (datetime(1969, 12, 31, tzinfo=UTC), EVENING),
    ],
)
def test_a_span_that_cannot_be_written_is_refused(
    not_before: datetime, not_after: datetime
) -> None:
    with pytest.raises(certificates.MalformedCertificate):
        certify(not_before, not_after)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_session_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(certificates.MalformedCertificate):
        certify(session_public_key=bytes(length))


def test_a_signature_of_another_length_is_refused() -> None:
    with pytest.raises(certificates.MalformedCertificate):
        SessionCertificate(NETWORK, REFERENT, bytes(32), MORNING, EVENING, bytes(63))
