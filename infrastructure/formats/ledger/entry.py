"""Writing the ledger: each act's entry, signed by the session that did it (docs/formats/ledger-header.md).

The header in clear names a digest of each row that the same transaction stores. The body is sealed
with the session's ledger key; what concerns a journey is sealed a second time under the journey's frame, for its
partners.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.access import Access, LedgerAct, Trace
from infrastructure.formats.entry import EpochKeys
from infrastructure.formats.envelope import (
    Tampered,
    context,
    padded,
    seal,
    seal_under,
    unpadded,
    unseal,
    unseal_under,
)
from infrastructure.formats.keys import public_bytes
from infrastructure.formats.ledger.body import (
    HOUSE,
    Actor,
    Detail,
    LedgerBody,
    MalformedBody,
    decode,
)
from infrastructure.formats.ledger.header import NO_TRACE, RowDigest, sign
from infrastructure.formats.session import OpenSession
from infrastructure.formats.session_certificate import SessionCertificate

_TRACE = b"relais/v1/ledger-trace"
_TRACE_FIELDS = '{"at": "%s", "referent": "%s", "institution": "%s", "act": "%s", "purpose": "%s", "allowed": "%s"}'

HOUSE_ACTS = frozenset({LedgerAct.FOUND_NETWORK, LedgerAct.ERASE})
"""The acts that the house may record in the ledger: background work. Any other in its name is refused when read."""


@dataclass(frozen=True, slots=True)
class LedgerAuthor:
    """The author of ledger entries: a session, or the house for background work. ``session_key`` is the public half of
    the key that signs."""

    network: UUID
    who: Actor | Literal["house"]
    signing: Ed25519PrivateKey = field(repr=False)
    session_key: bytes
    ledger_key: bytes = field(repr=False)
    certificate: SessionCertificate | None

    @classmethod
    def of(cls, session: OpenSession) -> "LedgerAuthor":
        """The session of a referent as an author."""
        who, certificate = Actor(session.referent, str(session.institution)), session.certificate
        session_key = certificate.session_public_key
        return cls(
            session.network, who, session.signing, session_key, session.ledger_key, certificate
        )

    @classmethod
    def of_house(
        cls, network: UUID, signing: Ed25519PrivateKey, ledger_key: bytes
    ) -> "LedgerAuthor":
        """The house as an author."""
        return cls(network, HOUSE, signing, public_bytes(signing), ledger_key, None)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One ledger entry, as stored."""

    header: bytes
    subject: UUID
    session_key: bytes
    body: bytes
    trace_epoch: bytes | None
    trace: bytes | None


def write_entry(
    author: LedgerAuthor, access: Access, rows: Iterable[RowDigest], frame: EpochKeys | None
) -> LedgerRow:
    """Seal and sign the entry of one act. ``rows`` are those that it stores; ``frame`` is the journey's current frame
    epoch, if the author holds it."""
    subject = access.subject or uuid4()
    body = seal(
        author.ledger_key,
        padded(_body(author, access).encode()),
        body_context(author.network, subject, author.session_key),
    )
    digest = sha256(body).digest()
    trace = None if frame is None else _seal_trace(author, access, subject, frame, digest)
    header = sign(
        network=author.network,
        subject=subject,
        body_digest=digest,
        trace_digest=NO_TRACE if trace is None else sha256(trace).digest(),
        session_public_key=author.session_key,
        rows=rows,
        key=author.signing,
    )
    return LedgerRow(
        header,
        subject,
        author.session_key,
        body,
        None if trace is None or frame is None else frame.id,
        trace,
    )


def read_body(
    network: UUID, subject: UUID, session_key: bytes, ledger_key: bytes, sealed: bytes
) -> LedgerBody:
    """Open a body with its session's ledger key. Raises ``Tampered``."""
    plaintext = unseal(ledger_key, sealed, body_context(network, subject, session_key))
    try:
        return decode(unpadded(plaintext))
    except MalformedBody:
        raise Tampered from None


def read_trace(
    network: UUID, subject: UUID, body_digest: bytes, frame: EpochKeys, sealed: bytes
) -> Trace:
    """Open a trace with the frame epoch that it was written under; it belongs to the entry of that body.

    Raises ``Tampered``.
    """
    plaintext = unseal_under(
        frame[_TRACE], sealed, _trace_context(network, subject, body_digest, frame.id)
    )
    fields: Mapping[str, str] = json.loads(unpadded(plaintext))
    return Trace(
        at=datetime.fromisoformat(fields["at"]),
        referent=UUID(fields["referent"]),
        institution=UUID(fields["institution"]),
        act=fields["act"],
        purpose=fields["purpose"] or None,
        allowed=bool(fields["allowed"]),
    )


def body_context(network: UUID, subject: UUID, session_key: bytes) -> bytes:
    """The bytes that a sealed body is bound to."""
    return context(b"relais/v1/ledger-body", network.bytes, subject.bytes, session_key)


def _body(author: LedgerAuthor, access: Access) -> LedgerBody:
    return LedgerBody(
        at=access.at,
        who=author.who,
        act=access.act,
        subject=access.subject,
        compartment=",".join(access.compartments) or None,
        purpose=access.purpose,
        ground=access.ground,
        articles=access.articles,
        policies=access.policies,
        allowed=access.allowed,
        details={Detail(name): value for name, value in access.details.items()},
        certificate=author.certificate,
    )


def _seal_trace(
    author: LedgerAuthor, access: Access, subject: UUID, frame: EpochKeys, body_digest: bytes
) -> bytes | None:
    if not isinstance(author.who, Actor):
        return None
    # The body has checked each of these: none holds a character that JSON escapes.
    fields = _TRACE_FIELDS % (
        access.at.isoformat(),
        author.who.referent,
        author.who.institution,
        access.act,
        access.purpose or "",
        "1" if access.allowed else "",
    )
    bound_to = _trace_context(author.network, subject, body_digest, frame.id)
    return seal_under(frame[_TRACE], padded(fields.encode()), bound_to)


def _trace_context(network: UUID, subject: UUID, body_digest: bytes, epoch: bytes) -> bytes:
    return context(_TRACE, network.bytes, subject.bytes, body_digest, epoch)
