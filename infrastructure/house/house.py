"""The house's secrets: the installation's own keys, in files outside the database and outside its backups.

``keys/0001`` and so on are the house keys that wrap shred secrets; the highest number wraps new ones. ``signing`` is
the seed of the Ed25519 key that signs background work and checkpoints (docs/cryptography.md).
"""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.formats.envelope import Tampered, derive, seal, unseal
from infrastructure.formats.keys import public_bytes
from infrastructure.formats.shred_secret import WrappedSecret, _bound_to
from infrastructure.house.folder import HouseFolder, HouseMissing

__all__ = ["HouseMissing", "HouseSecrets", "WrappedSecret"]


@dataclass(slots=True)
class HouseSecrets:
    """The house's secrets. A rotation may add a key and destroy another while this process runs: the folder is read
    again before a key is used that could have changed."""

    signing_key: Ed25519PrivateKey = field(repr=False)
    _keys: dict[int, bytes] = field(repr=False)
    _folder: HouseFolder | None = field(default=None, repr=False)

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make the secrets of a new installation. Raises ``FileExistsError`` if there are some already."""
        HouseFolder(folder).create()
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the secrets from a folder. Raises ``HouseMissing``, also if its list of erasures is missing."""
        on_disk = HouseFolder(folder)
        signing = Ed25519PrivateKey.from_private_bytes(on_disk.signing())
        on_disk.erased()
        return cls(signing, on_disk.keys(), on_disk)

    @property
    def public_key(self) -> bytes:
        """The public half of the house's signing key (32 bytes)."""
        return public_bytes(self.signing_key)

    @property
    def ledger_key(self) -> bytes:
        """The key that seals the bodies of the house's own ledger entries: one for all its acts."""
        return derive(self.signing_key.private_bytes_raw(), b"relais/v1/house-ledger-key")

    def read_again(self) -> None:
        """Take in the keys that a rotation made, and forget those that it destroyed. If the folder cannot be read now,
        the keys stay as they are."""
        if self._folder is not None:
            with suppress(HouseMissing):
                self._keys = self._folder.keys()

    def wrap(self, network: UUID, originator: UUID, secret: bytes) -> WrappedSecret:
        """Wrap a shred secret under the newest house key."""
        self.read_again()
        return self._wrap(network, originator, secret)

    def wrap_anew(self, network: UUID, originator: UUID, wrapped: WrappedSecret) -> WrappedSecret:
        """Wrap a shred secret under the newest key that was read, in place of an older one. Raises ``Tampered``."""
        return self._wrap(network, originator, self.unwrap(network, originator, wrapped))

    def unwrap(self, network: UUID, originator: UUID, wrapped: WrappedSecret) -> bytes:
        """Open a shred secret. Raises ``Tampered``, also if its house key is destroyed."""
        if wrapped.house_key not in self._keys:
            self.read_again()
        key = self._keys.get(wrapped.house_key)
        if key is None:
            raise Tampered
        return unseal(key, wrapped.envelope, _bound_to(network, originator, wrapped.house_key))

    def _wrap(self, network: UUID, originator: UUID, secret: bytes) -> WrappedSecret:
        keys = self._keys
        number = max(keys)
        envelope = seal(keys[number], secret, _bound_to(network, originator, number))
        return WrappedSecret(number, envelope)
