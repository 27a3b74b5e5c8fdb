"""The house: the installation's own secrets, in files outside the database and outside its backups.

``keys/0001`` and so on are the house keys that wrap shred secrets; the highest number wraps what is new. ``signing`` is
the seed of the Ed25519 key for acts of no person and for checkpoints (docs/cryptography.md).
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.envelopes import KEY_SIZE, Tampered, context, new_key, seal, unseal
from infrastructure.keys import public_bytes


class HouseMissing(Exception):
    """The house's folder is not there, or is not whole: nothing can be opened without it."""


@dataclass(frozen=True, slots=True)
class WrappedSecret:
    """A journey's shred secret under one house key."""

    house_key: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class House:
    """The house's secrets, read once at start."""

    signing_key: Ed25519PrivateKey = field(repr=False)
    _keys: dict[int, bytes] = field(repr=False)

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make the secrets of a new installation. Raises ``FileExistsError`` where some are there."""
        (folder / "keys").mkdir(parents=True, mode=0o700)
        folder.chmod(0o700)
        _write_secret(folder / "signing", new_key())
        _write_secret(folder / "keys" / "0001", new_key())
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read them. Raises ``HouseMissing``."""
        try:
            signing = (folder / "signing").read_bytes()
            keys = {int(path.name): path.read_bytes() for path in (folder / "keys").iterdir()}
        except (OSError, ValueError) as error:
            raise HouseMissing(str(folder)) from error
        if not keys or any(len(key) != KEY_SIZE for key in (signing, *keys.values())):
            raise HouseMissing(str(folder))
        return cls(Ed25519PrivateKey.from_private_bytes(signing), keys)

    @property
    def public_key(self) -> bytes:
        """The public half of the house's signing key (32 bytes)."""
        return public_bytes(self.signing_key)

    def wrap(self, network: UUID, originator: UUID, secret: bytes) -> WrappedSecret:
        """Wrap a shred secret under the newest house key."""
        number = max(self._keys)
        envelope = seal(self._keys[number], secret, _bound_to(network, originator, number))
        return WrappedSecret(number, envelope)

    def unwrap(self, network: UUID, originator: UUID, wrapped: WrappedSecret) -> bytes:
        """Open a shred secret. Raises ``Tampered``, also where the house key is destroyed."""
        key = self._keys.get(wrapped.house_key)
        if key is None:
            raise Tampered
        return unseal(key, wrapped.envelope, _bound_to(network, originator, wrapped.house_key))


def _bound_to(network: UUID, originator: UUID, number: int) -> bytes:
    return context(
        b"relais/v1/shred-secret", network.bytes, originator.bytes, number.to_bytes(4, "big")
    )


def _write_secret(path: Path, secret: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
