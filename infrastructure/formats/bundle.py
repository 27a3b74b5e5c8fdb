"""A referent's key bundle, and how a passphrase unlocks it (docs/formats/bundle.md)."""

from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from infrastructure.formats.envelope import KEY_SIZE, Tampered, context, new_key, seal, unseal
from infrastructure.formats.keys import DecryptionKey, normalised_passphrase, public_bytes

SALT_SIZE = 16
_HEAD = 1 + 4 + 4 + 4 + SALT_SIZE
_SIZE = DecryptionKey.SIZE + KEY_SIZE + KEY_SIZE


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one derivation: memory in KiB, passes, lanes (Argon2id, RFC 9106)."""

    memory: int
    passes: int
    lanes: int


FLOOR = Cost(memory=128 * 1024, passes=3, lanes=1)
"""The cost of sealing a bundle, and the least that is accepted at unlock: a cheaper one was put there."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A referent's private halves, and the secret of their own sealed space (32 bytes)."""

    decryption: DecryptionKey = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    space: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> "Bundle":
        """New keys for a referent."""
        return cls(DecryptionKey.generate(), Ed25519PrivateKey.generate(), new_key())

    @property
    def signing_public(self) -> bytes:
        """The Ed25519 public half (32 bytes)."""
        return public_bytes(self.signing)

    def to_bytes(self) -> bytes:
        """Decryption key (96), signing seed (32), space secret (32)."""
        return self.decryption.raw + self.signing.private_bytes_raw() + self.space

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Bundle":
        """Read what ``to_bytes`` wrote. Raises ``ValueError``."""
        if len(raw) != _SIZE:
            raise ValueError("not a bundle")
        at = DecryptionKey.SIZE
        signing = Ed25519PrivateKey.from_private_bytes(raw[at : at + KEY_SIZE])
        return cls(DecryptionKey(raw[:at]), signing, raw[at + KEY_SIZE :])


def lock_bundle(
    network: UUID, referent: UUID, bundle: Bundle, passphrase: str, cost: Cost = FLOOR
) -> bytes:
    """Seal a bundle: ``03 | memory | passes | lanes | salt | AES-256-GCM envelope``."""
    salt = new_key()[:SALT_SIZE]
    head = _head(cost, salt)
    key = _derive(passphrase, cost, salt)
    return head + seal(key, bundle.to_bytes(), _bound_to(network, referent, head))


def unlock_bundle(
    network: UUID, referent: UUID, locked: bytes, passphrase: str, floor: Cost = FLOOR
) -> Bundle:
    """Open a bundle with a typed passphrase.

    Raises ``Tampered`` for a wrong passphrase, an altered bundle or a cost under the floor; the
    derivation is made in each case, so that all take the same time.
    """
    head, sealed = locked[:_HEAD], locked[_HEAD:]
    cost = Cost(*(int.from_bytes(head[at : at + 4], "big") for at in (1, 5, 9)))
    fits = (
        len(head) == _HEAD
        and head[:1] == b"\x03"
        and floor.memory <= cost.memory <= 8 * floor.memory
        and floor.passes <= cost.passes <= 8 * floor.passes
        and cost.lanes == floor.lanes
    )
    key = _derive(passphrase, cost if fits else floor, head[13:].ljust(SALT_SIZE, b"\x00"))
    if not fits:
        raise Tampered
    return Bundle.from_bytes(unseal(key, sealed, _bound_to(network, referent, head)))


def decoy_bundle(network: UUID, referent: UUID, cost: Cost = FLOOR) -> bytes:
    """A bundle that nothing opens, of the right size and cost: an unknown login is answered with its derivation."""
    head = _head(cost, new_key()[:SALT_SIZE])
    return head + seal(new_key(), bytes(_SIZE), _bound_to(network, referent, head))


def _head(cost: Cost, salt: bytes) -> bytes:
    numbers = (cost.memory, cost.passes, cost.lanes)
    return b"\x03" + b"".join(number.to_bytes(4, "big") for number in numbers) + salt


def _derive(passphrase: str, cost: Cost, salt: bytes) -> bytes:
    return Argon2id(
        salt=salt,
        length=KEY_SIZE,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    ).derive(normalised_passphrase(passphrase))


def _bound_to(network: UUID, referent: UUID, head: bytes) -> bytes:
    return context(b"relais/v1/bundle", network.bytes, referent.bytes, head)
