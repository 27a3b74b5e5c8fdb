"""Verification with keys: whose acts the entries say they are, and whether the secrets open.

The coordination and the second auditor open bodies; the house opens the secrets that it wrapped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.network.network import Network
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.ledger.body import Actor, LedgerBody
from infrastructure.formats.ledger.entry import HOUSE_ACTS, read_body
from infrastructure.formats.session_certificate import CertificateError
from infrastructure.formats.shred_secret import WrappedSecret
from infrastructure.house.house import HouseSecrets
from infrastructure.ledger.verification.report import KEPT, Findings, Mismatch, MismatchKind, place
from infrastructure.ledger.verification.tree import rows
from infrastructure.postgres.database import Connections

_BODIES: Final = """
SELECT entry, subject, session_key, body FROM relais.ledger_body
WHERE network = %b ORDER BY entry
"""
_SECRETS: Final = """
SELECT originator, house_key, envelope FROM relais.shred_secret
WHERE network = %b ORDER BY originator
"""


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """The number opened, the number that no given key opens, and the mismatches: the first of ``number``."""

    opened: int
    unopened: int
    mismatches: tuple[Mismatch, ...]
    number: int


def verify_bodies(
    connections: Connections,
    directory: Network,
    ledger_keys: Mapping[bytes, bytes],
    limit: int = KEPT,
) -> OpenedReport:
    """Open every ledger body whose session's ledger key is given, and verify whose act it says it is.

    ``directory`` is the verified directory of the network; ``ledger_keys`` maps a session's public key to its ledger
    key. Meaningful if ``verify`` found nothing: it takes the columns as they stand.
    """
    findings = Findings(limit)
    opened = unopened = 0
    with connections.connection() as connection, connection.transaction():
        for entry, subject, session_key, sealed in rows(
            connection, "bodies", _BODIES, directory.id
        ):
            ledger_key = ledger_keys.get(session_key)
            if ledger_key is None:
                unopened += 1
                continue
            where = place("ledger_body", entry=entry)
            try:
                body = read_body(directory.id, subject, session_key, ledger_key, sealed)
            except Tampered:
                findings.add(MismatchKind.BODY_UNOPENED, where, subject)
                continue
            opened += 1
            if not _certified(directory, session_key, body) or body.subject not in (None, subject):
                findings.add(MismatchKind.CERTIFICATE_REFUSED, where, subject)
    return OpenedReport(opened, unopened, tuple(findings.kept), findings.number)


def verify_secrets(
    connections: Connections, network: UUID, house: HouseSecrets, limit: int = KEPT
) -> OpenedReport:
    """Open every journey's shred secret with the house keys: their bytes are in no ledger entry."""
    findings = Findings(limit)
    opened = 0
    with connections.connection() as connection, connection.transaction():
        for originator, house_key, envelope in rows(connection, "secrets", _SECRETS, network):
            try:
                house.unwrap(network, originator, WrappedSecret(house_key, envelope))
                opened += 1
            except Tampered:
                where = place("shred_secret", originator=originator)
                findings.add(MismatchKind.SECRET_UNOPENED, where, originator)
    return OpenedReport(opened, 0, tuple(findings.kept), findings.number)


def _certified(directory: Network, session_key: bytes, body: LedgerBody) -> bool:
    """Whether the referent that the body names certified this session for this moment; or the house signed."""
    certificate = body.certificate
    if not isinstance(body.who, Actor) or certificate is None:
        return session_key == directory.house_key and body.act in HOUSE_ACTS
    referent: Any = directory.referents.get(certificate.referent)
    if (
        referent is None
        or str(referent.institution) != body.who.institution
        or certificate.network != directory.id
        or certificate.session_public_key != session_key
    ):
        return False
    try:
        certificate.verify(Ed25519PublicKey.from_public_bytes(referent.signing_key), body.at)
    except CertificateError:
        return False
    return True
