"""A referent's own sealed space: the highest directory counter that they have seen, which only they can write.

An older directory put back, with keys or exclusions of yesterday, is noticed by the next who logs in.
"""

from uuid import UUID

from infrastructure.formats.bundle import Bundle
from infrastructure.formats.envelope import Tampered, context, seal, unseal

_USE = b"relais/v1/space"


def seal_space(network: UUID, referent: UUID, bundle: Bundle, counter: int) -> bytes:
    """Seal the counter: ``01 | nonce | ciphertext`` of eight bytes, big-endian."""
    return seal(bundle.space, counter.to_bytes(8, "big"), _bound_to(network, referent))


def open_space(network: UUID, referent: UUID, bundle: Bundle, sealed: bytes) -> int:
    """The highest counter seen. Raises ``Tampered``."""
    plaintext = unseal(bundle.space, sealed, _bound_to(network, referent))
    if len(plaintext) != 8:
        raise Tampered
    return int.from_bytes(plaintext, "big")


def _bound_to(network: UUID, referent: UUID) -> bytes:
    return context(_USE, network.bytes, referent.bytes)
