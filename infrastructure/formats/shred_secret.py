"""Shred secrets: one for each journey, wrapped under the house key."""

from dataclasses import dataclass
from uuid import UUID

from infrastructure.formats.envelope import context


@dataclass(frozen=True, slots=True)
class WrappedSecret:
    """A journey's shred secret under one house key."""

    house_key: int
    envelope: bytes


def _bound_to(network: UUID, originator: UUID, number: int) -> bytes:
    return context(
        b"relais/v1/shred-secret", network.bytes, originator.bytes, number.to_bytes(4, "big")
    )
