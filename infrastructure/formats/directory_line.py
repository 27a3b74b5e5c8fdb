"""Lines of the signed directory (docs/formats/directory-line.md).

Each line is one event of the network, in clear, signed by the session of a referent who may say such a
thing, or by the house while it founds the network. A key put in by hand has no such signature, and
the directory refuses to load past it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.network.groups import GroupKind
from domain.network.members import InstitutionKind
from domain.network.network import Network
from infrastructure.formats.envelope import Tampered, context
from infrastructure.formats.event import EventCodec, UnknownEvent
from infrastructure.formats.keys import signature_holds
from infrastructure.formats.session_certificate import (
    CERTIFICATE_LENGTH,
    CertificateError,
    SessionCertificate,
    parse_certificate,
)

_BY_HOUSE, _BY_SESSION = b"\x01", b"\x02"
_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs lines: a session with its certificate, or the house with none."""

    key: Ed25519PrivateKey
    certificate: SessionCertificate | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line, read: its event, and the referent who said it (``None``: the house)."""

    event: Any
    said_by: UUID | None
    certificate: SessionCertificate | None
    signed: bytes
    signature: bytes


class DirectoryRefused(Exception):
    """A line of the directory is altered, missing, or said by somebody who may not say it."""

    def __init__(self, counter: int) -> None:
        super().__init__(f"directory line {counter}")
        self.counter = counter


def write_line(network: UUID, codec: EventCodec, event: Any, signer: Signer) -> bytes:
    """A line as stored: ``kind | certificate | event | signature``."""
    certificate = signer.certificate.to_bytes() if signer.certificate else b""
    kind = _BY_SESSION if signer.certificate else _BY_HOUSE
    body = kind + certificate + codec.encode(event)
    return body + signer.key.sign(_signed(network, event.originator_version, body))


def read_line(network: UUID, codec: EventCodec, counter: int, state: bytes) -> Line:
    """Read a line's form; ``fold`` verifies it. Raises ``DirectoryRefused``."""
    body, signature = state[:-_SIGNATURE], state[-_SIGNATURE:]
    try:
        certificate = None
        encoded = body[1:]
        if body[:1] == _BY_SESSION:
            certificate = parse_certificate(body[1 : 1 + CERTIFICATE_LENGTH])
            encoded = body[1 + CERTIFICATE_LENGTH :]
        elif body[:1] != _BY_HOUSE:
            raise Tampered
        event = codec.decode(network, counter, encoded)
    except (CertificateError, UnknownEvent, Tampered):
        raise DirectoryRefused(counter) from None
    said_by = certificate.referent if certificate else None
    return Line(event, said_by, certificate, _signed(network, counter, body), signature)


def fold(network: Network | None, line: Line, house_key: bytes, *, founding: bool) -> Network:
    """Verify a line against the directory so far and fold it in. Raises ``DirectoryRefused``.

    ``founding`` is true while no session has signed a line: only then does the house speak.
    """
    counter = line.event.originator_version
    if line.certificate is None:
        if not founding or not signature_holds(house_key, line.signature, line.signed):
            raise DirectoryRefused(counter)
    else:
        _verify_session(network, line, counter)
    folded = line.event.mutate(network)
    if not isinstance(folded, Network) or folded.house_key != house_key:
        raise DirectoryRefused(counter)
    return folded


def _verify_session(network: Network | None, line: Line, counter: int) -> None:
    certificate = line.certificate
    if network is None or certificate is None or certificate.referent not in network.referents:
        raise DirectoryRefused(counter)
    referent = network.referents[certificate.referent]
    try:
        certificate.verify(
            Ed25519PublicKey.from_public_bytes(referent.signing_key), certificate.not_before
        )
    except CertificateError:
        raise DirectoryRefused(counter) from None
    holds = signature_holds(certificate.session_public_key, line.signature, line.signed)
    may_say = _MAY_SAY.get(type(line.event).__name__)
    if (
        not holds
        or certificate.network != network.id
        or may_say is None
        or not network.holds_keys(referent.id)
        or not may_say(network, referent.id, line.event)
    ):
        raise DirectoryRefused(counter)


def _coordinates(network: Network, referent: UUID, _: Any = None) -> bool:
    institution = network.institutions[network.referents[referent].institution]
    return institution.kind == InstitutionKind.COORDINATION


def _admits(network: Network, referent: UUID, event: Any) -> bool:
    """The coordination admits an institution's first referent, a colleague the others."""
    institution = event.referent.institution
    colleagues = network.members(institution)
    return referent in colleagues or (not colleagues and _coordinates(network, referent))


def _makes_key(network: Network, referent: UUID, event: Any) -> bool:
    """The coordination makes a group's first key, a member each later one; a small group is made by
    whoever restricts."""
    known = network.groups.get(event.group)
    if known is not None:
        return (
            referent in network.members(event.group)
            and (event.kind, event.of, event.generation)
            == (known.kind, known.of, known.generation + 1)
            and frozenset(event.members) <= network.members(event.group)
        )
    if event.generation != 1:
        return False
    if event.kind is GroupKind.SMALL:
        return event.of in network.groups and frozenset(event.members) <= network.members(event.of)
    return _coordinates(network, referent)


def _shares_key(network: Network, referent: UUID, event: Any) -> bool:
    """A member says it, of a member."""
    return {referent, event.member} <= network.members(event.group)


def _signs(network: Network, referent: UUID, event: Any) -> bool:
    return event.signatory in (referent, network.referents[referent].institution)


def _names_on_call(network: Network, referent: UUID, event: Any) -> bool:
    """The gateway or the coordination names agents of the gateway, two at least (article 12.1)."""
    institution = network.institutions[network.referents[referent].institution]
    gateways = {
        institution.id for institution in network.institutions.values() if institution.gateway
    }
    agents = frozenset().union(*map(network.members, gateways))
    named = frozenset(event.referents)
    says = institution.gateway or institution.kind == InstitutionKind.COORDINATION
    return says and len(named) >= 2 and named <= agents


_MAY_SAY: Mapping[str, Callable[[Network, UUID, Any], bool]] = {
    "InstitutionAdmitted": _coordinates,
    "ReferentAdmitted": _admits,
    "GroupKeyMade": _makes_key,
    "GroupKeyShared": _shares_key,
    "OnCallNamed": _names_on_call,
    "CharterPublished": _coordinates,
    "CharterSigned": _signs,
    "StandingSet": _coordinates,
}


def _signed(network: UUID, counter: int, body: bytes) -> bytes:
    bound = context(b"relais/v1/directory-line", network.bytes, counter.to_bytes(4, "big"))
    return bound + body
