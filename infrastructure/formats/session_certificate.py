"""Session certificates: a referent says that this session's key signs for them, from when to when.

The format is in ``docs/formats/session-certificate.md``. It has a fixed length, so that grants can
hold one. Whether the referent's key is the directory's, and whether the session has ended, the
caller must ask.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LABEL: Final = b"relais/v1/session-certificate\n"

_UUID_LENGTH: Final = 16
_KEY_LENGTH: Final = 32
_TIME_LENGTH: Final = 8
_SIGNATURE_LENGTH: Final = 64
_NETWORK: Final = len(LABEL)
_REFERENT: Final = _NETWORK + _UUID_LENGTH
_SESSION_KEY: Final = _REFERENT + _UUID_LENGTH
_NOT_BEFORE: Final = _SESSION_KEY + _KEY_LENGTH
_NOT_AFTER: Final = _NOT_BEFORE + _TIME_LENGTH
_SIGNATURE: Final = _NOT_AFTER + _TIME_LENGTH

CERTIFICATE_LENGTH: Final = _SIGNATURE + _SIGNATURE_LENGTH

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)


class CertificateError(Exception):
    """A session certificate is refused; its subclasses say why."""


class MalformedCertificate(CertificateError):
    """The bytes are not a session certificate, or these fields cannot make one."""


class BadCertificateSignature(CertificateError):
    """The certificate is not signed by this referent's key."""


class CertificateNotYetValid(CertificateError):
    """The moment asked about lies before the certificate's first."""


class CertificateExpired(CertificateError):
    """The moment asked about lies at or after the certificate's end."""


@dataclass(frozen=True, slots=True)
class SessionCertificate:
    """A referent's word that ``session_public_key`` (Ed25519, 32 bytes) signs for them.

    Valid from ``not_before``, up to and without ``not_after``: both with a time zone, in whole
    seconds. Raises ``MalformedCertificate`` for a field that the format cannot hold.
    """

    network: UUID
    referent: UUID
    session_public_key: bytes
    not_before: datetime
    not_after: datetime
    signature: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.session_public_key) != _KEY_LENGTH:
            raise MalformedCertificate("a public key has 32 bytes")
        if len(self.signature) != _SIGNATURE_LENGTH:
            raise MalformedCertificate("a signature has 64 bytes")
        if _seconds(self.not_before) >= _seconds(self.not_after):
            raise MalformedCertificate("a certificate ends after it begins")

    def to_bytes(self) -> bytes:
        """The 174 bytes of the certificate."""
        return self._unsigned() + self.signature

    def verify(self, public_key: Ed25519PublicKey, at: datetime) -> None:
        """Check that the referent whose key this is certified the session for the moment ``at``.

        Raises ``BadCertificateSignature``, ``CertificateNotYetValid`` or ``CertificateExpired``.
        """
        try:
            public_key.verify(self.signature, self._unsigned())
        except InvalidSignature:
            raise BadCertificateSignature("not signed by this key") from None
        if at < self.not_before:
            raise CertificateNotYetValid("the certificate begins later")
        if at >= self.not_after:
            raise CertificateExpired("the certificate has ended")

    def _unsigned(self) -> bytes:
        return _unsigned_bytes(
            self.network, self.referent, self.session_public_key, self.not_before, self.not_after
        )


def certify(
    *,
    network: UUID,
    referent: UUID,
    session_public_key: bytes,
    not_before: datetime,
    not_after: datetime,
    key: Ed25519PrivateKey,
) -> SessionCertificate:
    """Certify a session's key with the referent's own ``key``.

    Raises ``MalformedCertificate`` for a time without zone or with a fraction of a second, an end
    that is not after the beginning, or a session key that is not 32 bytes.
    """
    unsigned = _unsigned_bytes(network, referent, session_public_key, not_before, not_after)
    return SessionCertificate(
        network, referent, session_public_key, not_before, not_after, key.sign(unsigned)
    )


def parse_certificate(data: bytes) -> SessionCertificate:
    """Read the 174 bytes of a certificate, verifying nothing. Raises ``MalformedCertificate``."""
    if len(data) != CERTIFICATE_LENGTH:
        raise MalformedCertificate("a certificate has 174 bytes")
    if data[:_NETWORK] != LABEL:
        raise MalformedCertificate("this is not a session certificate")
    return SessionCertificate(
        network=UUID(bytes=data[_NETWORK:_REFERENT]),
        referent=UUID(bytes=data[_REFERENT:_SESSION_KEY]),
        session_public_key=data[_SESSION_KEY:_NOT_BEFORE],
        not_before=_moment(data[_NOT_BEFORE:_NOT_AFTER]),
        not_after=_moment(data[_NOT_AFTER:_SIGNATURE]),
        signature=data[_SIGNATURE:],
    )


def referent_in(data: bytes) -> bytes:
    """The referent (16 bytes) that a certificate's bytes name."""
    return data[_REFERENT:_SESSION_KEY]


def session_key_in(data: bytes) -> bytes:
    """The session's public key (32 bytes) that a certificate's bytes name."""
    return data[_SESSION_KEY:_NOT_BEFORE]


def _unsigned_bytes(
    network: UUID,
    referent: UUID,
    session_public_key: bytes,
    not_before: datetime,
    not_after: datetime,
) -> bytes:
    return b"".join(
        (
            LABEL,
            network.bytes,
            referent.bytes,
            session_public_key,
            _seconds(not_before).to_bytes(_TIME_LENGTH, "big"),
            _seconds(not_after).to_bytes(_TIME_LENGTH, "big"),
        )
    )


def _seconds(moment: datetime) -> int:
    """Seconds since 1970 in UTC; a moment that this would round is refused."""
    if moment.utcoffset() is None:
        raise MalformedCertificate("a time has a time zone")
    whole, fraction = divmod(moment - _EPOCH, timedelta(seconds=1))
    if fraction or whole < 0:
        raise MalformedCertificate("a time is whole seconds since 1970")
    return whole


def _moment(data: bytes) -> datetime:
    seconds = int.from_bytes(data, "big")
    if seconds > _LATEST:
        raise MalformedCertificate("a time lies beyond the year 9999")
    return _EPOCH + timedelta(seconds=seconds)
