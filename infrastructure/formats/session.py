"""Sessions: the keys of an authorised person, for as long as their session is open.

The cookie holds a random 256-bit secret and nothing else. The row is found by one derivation of it and
opened by another, so the table alone opens nothing (docs/formats/session.md).
"""

import base64
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infrastructure.formats.bundle import Bundle
from infrastructure.formats.envelope import (
    KEY_SIZE,
    Tampered,
    context,
    derive,
    new_key,
    seal,
    seal_under,
    unseal,
    unseal_under,
)
from infrastructure.formats.grant import Epoch
from infrastructure.formats.keys import DecryptionKey, public_bytes
from infrastructure.formats.session_certificate import (
    CERTIFICATE_LENGTH,
    SessionCertificate,
    certify,
    parse_certificate,
)

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=10)
_EPOCH_SIZE = 32 + 1 + CERTIFICATE_LENGTH + 32


@dataclass(slots=True)
class OpenSession:
    """A referent's open session. ``groups`` are the private halves it opened, by holder and generation; ``epochs`` the
    epochs it opened and checked, by journey; ``ledger_key`` seals its ledger bodies. ``kept`` names the epochs that its
    rows hold already; ``all_kept_read`` says that all its rows were read. ``checked`` are other
    sessions' certificates that it found signed by their referent: each with its session's key.

    Its ``repr`` shows no key.
    """

    network: UUID
    referent: UUID
    institution: UUID
    bundle: Bundle = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    certificate: SessionCertificate = field(repr=False)
    ledger_key: bytes = field(repr=False)
    begun_at: datetime
    groups: dict[tuple[UUID, int], bytes] = field(default_factory=dict, repr=False)
    purposes: dict[UUID, str] = field(default_factory=dict, repr=False)
    epochs: dict[UUID, dict[bytes, Epoch]] = field(default_factory=dict, repr=False)
    secret: bytes = field(default=b"", repr=False)
    checked: dict[bytes, Ed25519PublicKey] = field(default_factory=dict, repr=False)
    kept: dict[UUID, frozenset[bytes]] = field(default_factory=dict, repr=False)
    all_kept_read: bool = field(default=False, repr=False)
    _halves: dict[tuple[UUID, int], DecryptionKey] = field(default_factory=dict, repr=False)

    @property
    def public_key(self) -> bytes:
        """The session's own Ed25519 public key: what its ledger entries are signed with."""
        return public_bytes(self.signing)

    @property
    def holders(self) -> list[UUID]:
        """Every holder whose grants this session can open."""
        return [self.referent, *{holder for holder, _ in self.groups}]

    @property
    def halves(self) -> list[tuple[UUID, int]]:
        """Every holder's generation whose private half this session has; a referent's own pair has one."""
        return [(self.referent, 1), *self.groups]

    def private_half(self, holder: UUID, generation: int) -> DecryptionKey | None:
        """The private half of a holder's generation, if this session has it."""
        if holder == self.referent:
            return self.bundle.decryption
        half = self._halves.get((holder, generation))
        raw = self.groups.get((holder, generation))
        if half is None and raw is not None:
            half = self._halves[holder, generation] = DecryptionKey(raw)
        return half

    def known_epochs(self, originator: UUID) -> dict[bytes, Epoch]:
        """The epochs of a journey that this session has opened."""
        return self.epochs.setdefault(originator, {})


def begin(
    network: UUID, referent: UUID, institution: UUID, bundle: Bundle, at: datetime
) -> OpenSession:
    """A new session of a referent whose bundle was unlocked: own signing key, certified by the referent's.

    The certificate outlives the session a little: a request that began in time signs in time.
    """
    signing = Ed25519PrivateKey.generate()
    start = at.replace(microsecond=0)
    certificate = certify(
        network=network,
        referent=referent,
        session_public_key=public_bytes(signing),
        not_before=start,
        not_after=start + ABSOLUTE + IDLE,
        key=bundle.signing,
    )
    return OpenSession(network, referent, institution, bundle, signing, certificate, new_key(), at)


def new_secret() -> str:
    """Make the value of a cookie: 256 random bits, in URL-safe characters."""
    return secrets.token_urlsafe(KEY_SIZE)


def secret_of(cookie: str) -> bytes | None:
    """The cookie's bytes, or ``None`` if it is not of our making."""
    try:
        secret = base64.urlsafe_b64decode(cookie + "=")
    except ValueError:
        return None
    rewritten = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    return secret if len(secret) == KEY_SIZE and rewritten == cookie else None


def finder(secret: bytes) -> bytes:
    """Derive the value by which the session's row is found."""
    return derive(secret, b"relais/v1/session-find")


def seal_session(session: OpenSession) -> bytes:
    """The session's row: everything but the epochs."""
    content = {
        "network": str(session.network),
        "referent": str(session.referent),
        "institution": str(session.institution),
        "bundle": _text(session.bundle.to_bytes()),
        "signing": _text(session.signing.private_bytes_raw()),
        "certificate": _text(session.certificate.to_bytes()),
        "ledger_key": _text(session.ledger_key),
        "begun_at": session.begun_at.isoformat(),
        "groups": [
            [str(holder), generation, _text(raw)]
            for (holder, generation), raw in session.groups.items()
        ],
        "purposes": {str(journey): code for journey, code in session.purposes.items()},
    }
    return seal(_seal_key(session.secret), json.dumps(content).encode(), _session_context())


def open_session(secret: bytes, sealed: bytes) -> OpenSession:
    """Open a row with the cookie's secret. Raises ``Tampered``."""
    content: dict[str, Any] = json.loads(unseal(_seal_key(secret), sealed, _session_context()))
    return OpenSession(
        network=UUID(content["network"]),
        referent=UUID(content["referent"]),
        institution=UUID(content["institution"]),
        bundle=Bundle.from_bytes(_raw(content["bundle"])),
        signing=Ed25519PrivateKey.from_private_bytes(_raw(content["signing"])),
        certificate=parse_certificate(_raw(content["certificate"])),
        ledger_key=_raw(content["ledger_key"]),
        begun_at=datetime.fromisoformat(content["begun_at"]),
        groups={
            (UUID(holder), generation): _raw(raw) for holder, generation, raw in content["groups"]
        },
        purposes={UUID(journey): code for journey, code in content["purposes"].items()},
        secret=secret,
    )


def seal_epochs(session: OpenSession, originators: Iterable[UUID]) -> list[bytes]:
    """The epochs that the session holds of each of these journeys, sealed for the session's rows of keys."""
    cipher = AESGCM(_seal_key(session.secret))
    return [
        seal_under(
            cipher,
            b"".join(
                epoch.id + bytes([epoch.lock]) + epoch.certificate + epoch.key
                for epoch in session.known_epochs(originator).values()
            ),
            _epochs_context(originator),
        )
        for originator in originators
    ]


def open_epochs(
    secret: bytes, rows: Iterable[tuple[UUID, bytes]]
) -> Iterator[tuple[UUID, dict[bytes, Epoch]]]:
    """The epochs in a session's rows of keys: each journey with its epochs by id. Raises ``Tampered``."""
    cipher = AESGCM(_seal_key(secret))
    for originator, sealed in rows:
        plaintext = unseal_under(cipher, sealed, _epochs_context(originator))
        if len(plaintext) % _EPOCH_SIZE:
            raise Tampered
        starts = range(0, len(plaintext), _EPOCH_SIZE)
        epochs = (_epoch_in(plaintext[start : start + _EPOCH_SIZE]) for start in starts)
        yield originator, {epoch.id: epoch for epoch in epochs}


def _epoch_in(row: bytes) -> Epoch:
    return Epoch(row[:32], row[32], row[33:-32], row[-32:])


def _seal_key(secret: bytes) -> bytes:
    return derive(secret, b"relais/v1/session-seal")


def _session_context() -> bytes:
    return context(b"relais/v1/session")


def _epochs_context(originator: UUID) -> bytes:
    return context(b"relais/v1/session-epochs", originator.bytes)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
