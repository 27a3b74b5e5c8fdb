"""Epochs and grants: one key for one lock of one journey and one audience (docs/formats/grant.md).

A lock is a compartment's code, or a part's of a summary. The writer makes the epoch. When an audience shrinks nobody
has to act: the next write sees that the epoch was granted to more than today's audience, and makes a new one.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.holders import HolderKey
from infrastructure.formats.envelope import (
    KEY_SIZE,
    Tampered,
    context,
    derive,
    new_key,
    seal_to,
    unseal_with,
)
from infrastructure.formats.keys import DecryptionKey, EncryptionKey, public_bytes
from infrastructure.formats.session_certificate import (
    CERTIFICATE_LENGTH,
    CertificateError,
    SessionCertificate,
    parse_certificate,
    referent_in,
    session_key_in,
)

_SET_LABEL = b"relais/v1/grant-set\n"
_SET_FIXED = len(_SET_LABEL) + 16 + 16 + 32 + 4 + 4 + 4 + 2
_MEMBER_SIZE = 16 + 4 + 32
_GIVEN = 1 + KEY_SIZE + CERTIFICATE_LENGTH


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch's key, opened. ``certificate`` is that of the session that made it (174 bytes)."""

    id: bytes
    lock: int
    certificate: bytes
    key: bytes = field(repr=False)

    @property
    def maker(self) -> UUID:
        """The referent whose session made it."""
        return identifier_of(referent_in(self.certificate))

    def key_for(self, use: bytes, shred_secret: bytes) -> bytes:
        """The key of one use under this epoch: it needs the journey's shred secret as well."""
        return derive(self.key, use, shred_secret)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """An epoch's key sealed to one holder, as stored."""

    epoch: bytes
    holder: UUID
    generation: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class GrantSet:
    """Who was granted an epoch in one act: parsed from the signed payload.

    ``members`` maps (holder, generation) to the SHA-256 of the envelope. ``version`` is the journey's version at which
    the epoch was made or passed on; ``counter`` the directory's.
    """

    originator: UUID
    epoch: bytes
    ordinal: int
    version: int
    counter: int
    members: Mapping[tuple[UUID, int], bytes]
    session_key: bytes
    payload: bytes
    signature: bytes


@lru_cache(maxsize=4_096)
def identifier_of(raw: bytes) -> UUID:
    """The identifier in 16 bytes: the same few holders stand in every grant."""
    return UUID(bytes=raw)


def epoch_id(key: bytes) -> bytes:
    """An epoch's id: it commits to its key."""
    return hashlib.sha256(b"relais/v1/epoch-id\n" + key).digest()


def new_epoch(lock: int, certificate: SessionCertificate) -> Epoch:
    """A fresh epoch for one lock, made by a certified session."""
    key = new_key()
    return Epoch(epoch_id(key), lock, certificate.to_bytes(), key)


def grant(
    network: UUID,
    originator: UUID,
    epoch: Epoch,
    holders: Iterable[HolderKey],
    *,
    ordinal: int,
    version: int,
    counter: int,
    certificate: SessionCertificate,
    key: Ed25519PrivateKey,
) -> tuple[GrantSet, list[GrantRow]]:
    """Seal an epoch's key to holders, all under one signature of the session.

    ``certificate`` is the session's; a key that another made is passed on with its maker's as well.
    """
    given_by = certificate.to_bytes()
    plaintext = bytes([epoch.lock]) + epoch.key + given_by
    if epoch.certificate != given_by:
        plaintext += epoch.certificate
    rows = [
        GrantRow(
            epoch.id,
            holder.holder,
            holder.generation,
            seal_to(
                EncryptionKey(holder.public_key),
                plaintext,
                _grant_context(network, originator, epoch.id, holder.holder, holder.generation),
            ),
        )
        for holder in sorted(holders, key=lambda holder: (holder.holder.bytes, holder.generation))
    ]
    payload = b"".join(
        [
            _SET_LABEL,
            network.bytes,
            originator.bytes,
            epoch.id,
            ordinal.to_bytes(4, "big"),
            version.to_bytes(4, "big"),
            counter.to_bytes(4, "big"),
            len(rows).to_bytes(2, "big"),
            *(
                row.holder.bytes
                + row.generation.to_bytes(4, "big")
                + hashlib.sha256(row.envelope).digest()
                for row in rows
            ),
            public_bytes(key),
        ]
    )
    return parse_grant_set(network, payload, key.sign(payload)), rows


@lru_cache(maxsize=2_048)
def parse_grant_set(network: UUID, payload: bytes, signature: bytes) -> GrantSet:
    """Read a set's payload, verifying its form and its network. It holds no secret. Raises ``Tampered``."""
    start = len(_SET_LABEL)
    count = int.from_bytes(payload[_SET_FIXED - 2 : _SET_FIXED], "big")
    fits = len(payload) == _SET_FIXED + count * _MEMBER_SIZE + 32
    if not fits or payload[: start + 16] != _SET_LABEL + network.bytes:
        raise Tampered
    members: dict[tuple[UUID, int], bytes] = {}
    for place in range(count):
        at = _SET_FIXED + place * _MEMBER_SIZE
        holder = identifier_of(payload[at : at + 16])
        generation = int.from_bytes(payload[at + 16 : at + 20], "big")
        members[holder, generation] = payload[at + 20 : at + 52]
    return GrantSet(
        originator=identifier_of(payload[start + 16 : start + 32]),
        epoch=payload[start + 32 : start + 64],
        ordinal=int.from_bytes(payload[start + 64 : start + 68], "big"),
        version=int.from_bytes(payload[start + 68 : start + 72], "big"),
        counter=int.from_bytes(payload[start + 72 : start + 76], "big"),
        members=members,
        session_key=payload[-32:],
        payload=payload,
        signature=signature,
    )


def open_grant(
    network: UUID,
    originator: UUID,
    row: GrantRow,
    sets: Iterable[GrantSet],
    private: DecryptionKey,
    signing_key_of: Mapping[UUID, bytes],
    checked: dict[bytes, Ed25519PublicKey],
) -> Epoch:
    """Open a grant and check who gave it, and who made the epoch.

    The key fits the epoch's id, a signed set names this very envelope, another (or the same) is the epoch's birth, and
    the sessions that signed the two were certified by referents of the directory. ``checked`` holds the certificates
    that were found good before, each with its session's key, and takes these. Raises ``Tampered``.
    """
    bound_to = _grant_context(network, originator, row.epoch, row.holder, row.generation)
    plaintext = unseal_with(private, row.envelope, bound_to)
    key, given_by = plaintext[1 : 1 + KEY_SIZE], plaintext[1 + KEY_SIZE : _GIVEN]
    made_by = plaintext[_GIVEN:] or given_by
    if epoch_id(key) != row.epoch:
        raise Tampered
    digest = hashlib.sha256(row.envelope).digest()
    own = [each for each in sets if each.originator == originator and each.epoch == row.epoch]
    named = [each for each in own if each.members.get((row.holder, row.generation)) == digest]
    births = [each for each in own if each.ordinal == 0]
    given = _signed_by(given_by, named, network, signing_key_of, checked)
    if made_by != given_by or given not in births:
        _signed_by(made_by, births, network, signing_key_of, checked)
    return Epoch(row.epoch, plaintext[0], made_by, key)


def _signed_by(
    certificate: bytes,
    sets: Iterable[GrantSet],
    network: UUID,
    signing_key_of: Mapping[UUID, bytes],
    checked: dict[bytes, Ed25519PublicKey],
) -> GrantSet:
    """Return the set among these that the certified session signed. Raises ``Tampered`` if there is none."""
    session_key = session_key_in(certificate)
    for each in sets:
        if each.session_key == session_key:
            signing = _certified(certificate, network, signing_key_of, checked)
            try:
                signing.verify(each.signature, each.payload)
            except InvalidSignature:
                raise Tampered from None
            return each
    raise Tampered


def _certified(
    data: bytes,
    network: UUID,
    signing_key_of: Mapping[UUID, bytes],
    checked: dict[bytes, Ed25519PublicKey],
) -> Ed25519PublicKey:
    """The session key in a certificate, if a referent of the directory signed it. Raises ``Tampered``."""
    if len(data) != CERTIFICATE_LENGTH:
        raise Tampered
    referent_key = signing_key_of.get(identifier_of(referent_in(data)))
    if referent_key is None:
        raise Tampered
    signing = checked.get(referent_key + data)
    if signing is None:
        signing = _session_key(data, network, referent_key)
        checked[referent_key + data] = signing
    return signing


def _session_key(data: bytes, network: UUID, referent_key: bytes) -> Ed25519PublicKey:
    try:
        certificate = parse_certificate(data)
        certificate.verify(Ed25519PublicKey.from_public_bytes(referent_key), certificate.not_before)
        session_key = Ed25519PublicKey.from_public_bytes(certificate.session_public_key)
    except (CertificateError, ValueError):
        raise Tampered from None
    if certificate.network != network:
        raise Tampered
    return session_key


def _grant_context(
    network: UUID, originator: UUID, epoch: bytes, holder: UUID, generation: int
) -> bytes:
    return context(
        b"relais/v1/grant",
        network.bytes,
        originator.bytes,
        epoch,
        holder.bytes,
        generation.to_bytes(4, "big"),
    )
