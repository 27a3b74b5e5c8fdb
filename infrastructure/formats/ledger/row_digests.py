"""The digest of each stored row, as ledger headers name them (docs/formats/ledger-header.md).

Writers and ``relais verify`` compute them here, from the same fields in the same order.
"""

from hashlib import sha256
from uuid import UUID

from infrastructure.formats.ledger.header import RowDigest, RowKind, row_digest

CARD_KINDS = {1: RowKind.CARD_IDENTITY, 2: RowKind.CARD_FRAME, 3: RowKind.CARD_SUMMARY}


def event(network: UUID, originator: UUID, version: int, state: bytes) -> RowDigest:
    """A stored event of a journey or summary; a directory line if the originator is the network."""
    kind = RowKind.DIRECTORY_LINE if originator == network else RowKind.EVENT
    return _digest(kind, network.bytes, originator.bytes, _number(version), state)


def grant(
    network: UUID,
    originator: UUID,
    epoch: bytes,
    holder: UUID,
    generation: int,
    envelope_digest: bytes,
    *,
    destroyed: bool = False,
) -> RowDigest:
    """A grant, by the SHA-256 of its envelope; or its destruction."""
    kind = RowKind.DESTROYED_GRANT if destroyed else RowKind.GRANT
    place = (network.bytes, originator.bytes, epoch, holder.bytes, _number(generation))
    return _digest(kind, *place, envelope_digest)


def grant_set(
    network: UUID, originator: UUID, epoch: bytes, ordinal: int, payload: bytes, signature: bytes
) -> RowDigest:
    """A signed set of grants."""
    place = (network.bytes, originator.bytes, epoch, _number(ordinal))
    return _digest(RowKind.GRANT_SET, *place, payload, signature)


def card(
    network: UUID, originator: UUID, face: int, version: int, epoch: bytes, envelope: bytes
) -> RowDigest:
    """A card of one face."""
    place = (network.bytes, originator.bytes, _number(version), epoch)
    return _digest(CARD_KINDS[face], *place, envelope)


def shred_secret(network: UUID, originator: UUID, *, destroyed: bool = False) -> RowDigest:
    """That a shred secret was stored, or destroyed. Its envelope is not named: it changes with each house key."""
    kind = RowKind.DESTROYED_SHRED_SECRET if destroyed else RowKind.SHRED_SECRET
    return _digest(kind, network.bytes, originator.bytes)


def ledger_key(
    network: UUID, session_key: bytes, holder: UUID, generation: int, envelope: bytes
) -> RowDigest:
    """A session's ledger key sealed to one auditor group."""
    place = (network.bytes, session_key, holder.bytes, _number(generation))
    return _digest(RowKind.LEDGER_KEY, *place, envelope)


def group_secret(
    network: UUID,
    holder: UUID,
    generation: int,
    member: UUID,
    member_generation: int,
    envelope: bytes,
) -> RowDigest:
    """A group's private half sealed to one member."""
    place = (holder.bytes, _number(generation), member.bytes, _number(member_generation))
    return _digest(RowKind.GROUP_SECRET, network.bytes, *place, envelope)


def bundle(network: UUID, referent: UUID, locked: bytes) -> RowDigest:
    """A referent's key bundle."""
    return _digest(RowKind.BUNDLE, network.bytes, referent.bytes, sha256(locked).digest())


def _digest(kind: RowKind, *fields: bytes) -> RowDigest:
    return RowDigest(kind, row_digest(kind, *fields))


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")
