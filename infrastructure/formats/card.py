"""Cards as they are kept: sealed, bound to their journey, face, version and epoch (docs/formats/card.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from domain.cards import CardDraft, Face
from domain.journey.card import FrameCard, IdentityCard
from domain.summary.card import SummaryCard
from infrastructure.formats.entry import EpochKeys
from infrastructure.formats.envelope import (
    Tampered,
    context,
    padded,
    seal_under,
    unpadded,
    unseal_under,
)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card as stored; face 1 identity, 2 frame, 3 a summary's."""

    face: int
    version: int
    epoch: bytes
    envelope: bytes


_USE = b"relais/v1/card"
_DECODERS: Mapping[int, msgspec.json.Decoder[Any]] = {
    Face.IDENTITY: msgspec.json.Decoder(IdentityCard),
    Face.FRAME: msgspec.json.Decoder(FrameCard),
    Face.SUMMARY: msgspec.json.Decoder(SummaryCard),
}
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card of a list, opened."""

    originator: UUID
    face: int
    version: int
    content: object


def seal_card(
    network: UUID, originator: UUID, card: CardDraft, version: int, keys: EpochKeys
) -> CardRow:
    """Seal a card for its place."""
    content = padded(_ENCODER.encode(card.content))
    bound_to = _bound_to(network, originator, card.face, version, keys.id)
    return CardRow(card.face, version, keys.id, seal_under(keys[_USE], content, bound_to))


def open_card(network: UUID, originator: UUID, row: CardRow, keys: EpochKeys) -> object:
    """Open a card. Raises ``Tampered``."""
    bound_to = _bound_to(network, originator, row.face, row.version, row.epoch)
    content = unpadded(unseal_under(keys[_USE], row.envelope, bound_to))
    try:
        opened: object = _DECODERS[row.face].decode(content)
    except (KeyError, ValueError, msgspec.MsgspecError):
        raise Tampered from None
    return opened


def _bound_to(network: UUID, originator: UUID, face: int, version: int, epoch: bytes) -> bytes:
    return context(
        _USE,
        network.bytes,
        originator.bytes,
        bytes([face]),
        version.to_bytes(4, "big"),
        epoch,
    )
