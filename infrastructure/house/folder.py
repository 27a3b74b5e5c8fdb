"""The house's folder on the disk, and its copy elsewhere (docs/formats/house.md).

Every change is on the disk before it is relied on, in the copy first: so a key that wraps a secret is always in both.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from infrastructure.formats.envelope import KEY_SIZE, new_key

Erased = tuple[UUID, UUID]
"""A network, and a journey or summary in it."""

_KEYS: Final = "keys"
_NEXT: Final = "next"
_RETIRED: Final = "retired"
ERASED: Final = "erased"
SIGNING: Final = "signing"


class HouseMissing(Exception):
    """The house's folder is missing or incomplete: nothing can be opened without it."""


class CopyRefused(Exception):
    """The folder for the house's copy is missing, or holds the copy of another house. ``str()`` is its path."""


@dataclass(frozen=True, slots=True)
class HouseFolder:
    """The folder of one house, and the folder of its copy if it has one."""

    path: Path
    copy: Path | None = None

    def create(self) -> None:
        """Make the secrets of a new installation. Raises ``FileExistsError`` if there are some already."""
        (self.path / _KEYS).mkdir(parents=True, mode=0o700)
        self.path.chmod(0o700)
        _write(self.path / SIGNING, new_key())
        _write(self.path / _KEYS / _name(1), new_key())
        _write(self.path / ERASED, b"")
        _settle(self.path / _KEYS)
        _settle(self.path)

    # -- reading --------------------------------------------------------------------------------

    def signing(self) -> bytes:
        """The seed of the signing key. Raises ``HouseMissing``."""
        return self._secret(self.path / SIGNING)

    def keys(self) -> dict[int, bytes]:
        """The house keys by number. Raises ``HouseMissing`` if there is none, or one is incomplete."""
        found = self._numbered(_KEYS)
        if not found:
            raise HouseMissing(str(self.path))
        return {number: self._secret(path) for number, path in found.items()}

    def retired(self) -> dict[int, datetime]:
        """The moment since which no stored secret is under a past key, by number."""
        return {
            number: datetime.fromisoformat(path.read_text("ascii"))
            for number, path in self._numbered(_RETIRED).items()
        }

    def erased(self) -> list[Erased]:
        """The erased journeys and summaries, in order. Raises ``HouseMissing`` if the list is missing or incomplete."""
        if not (self.path / ERASED).exists():
            raise HouseMissing(str(self.path))
        return _listed(self.path / ERASED)

    def next_key(self) -> int | None:
        """The number of the key that was made and wraps nothing yet, if there is one."""
        return max(self._numbered(_NEXT), default=None)

    # -- changing -------------------------------------------------------------------------------

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other process changes this folder, and keep them waiting."""
        with (self.path / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def save(self) -> None:
        """Bring the copy up to date. Raises ``CopyRefused``."""
        if self.copy is None:
            return
        if not self.copy.is_dir():
            raise CopyRefused(str(self.copy))
        kept = self.copy / SIGNING
        if kept.exists() and kept.read_bytes() != self.signing():
            raise CopyRefused(str(self.copy))
        _folder(self.copy / _KEYS)
        for number, key in self.keys().items():
            _replace(self.copy / _KEYS / _name(number), key)
        self._save_list()
        # Last: if a copy has no signing key, it was interrupted.
        _replace(kept, self.signing())

    def make_next_key(self, number: int) -> None:
        """Make a key of that number, beside those in use, and put it into the copy."""
        path = _folder(self.path / _NEXT) / _name(number)
        if not path.exists() or path.stat().st_size != KEY_SIZE:
            _replace(path, new_key())
        if self.copy is not None:
            _replace(self.copy / _KEYS / _name(number), path.read_bytes())

    def publish(self, number: int) -> None:
        """Put the next key in use: it wraps every new secret from now on."""
        (self.path / _NEXT / _name(number)).rename(self.path / _KEYS / _name(number))
        _settle(self.path / _KEYS)
        _settle(self.path / _NEXT)

    def retire(self, number: int, at: datetime) -> None:
        """Remember the moment since which no stored secret is under a key."""
        _replace(_folder(self.path / _RETIRED) / _name(number), at.isoformat().encode())

    def destroy(self, number: int) -> None:
        """Overwrite a key and remove its file, here and in the copy."""
        _destroy(self.path / _KEYS / _name(number))
        if self.copy is not None:
            _destroy(self.copy / _KEYS / _name(number))
        (self.path / _RETIRED / _name(number)).unlink(missing_ok=True)
        _settle(self.path / _RETIRED)

    def note_erased(self, network: UUID, originator: UUID) -> None:
        """Add a journey or a summary to the list of erasures, durably."""
        self._write_list([*self.erased(), (network, originator)])

    def _save_list(self) -> None:
        """Write into both lists all that either of them names: one may be older than the other."""
        copied = [] if self.copy is None else _listed(self.copy / ERASED)
        self._write_list([*self.erased(), *copied])

    def _write_list(self, listed: list[Erased]) -> None:
        lines = "".join(
            f"{network} {originator}\n" for network, originator in dict.fromkeys(listed)
        )
        for folder in (self.copy, self.path):
            if folder is not None:
                _replace(folder / ERASED, lines.encode())

    def _secret(self, path: Path) -> bytes:
        try:
            secret = path.read_bytes()
        except OSError as error:
            raise HouseMissing(str(self.path)) from error
        if len(secret) != KEY_SIZE:
            raise HouseMissing(str(self.path))
        return secret

    def _numbered(self, folder: str) -> dict[int, Path]:
        try:
            return {
                int(path.name): path
                for path in (self.path / folder).iterdir()
                if not path.name.startswith(".")
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise HouseMissing(str(self.path)) from error


def _listed(path: Path) -> list[Erased]:
    """The journeys and summaries in a list; none if there is no list. Raises ``HouseMissing`` if it is incomplete."""
    try:
        lines = path.read_text("ascii").splitlines() if path.exists() else []
        return [(UUID(line[:36]), UUID(line[37:])) for line in lines]
    except (OSError, ValueError) as error:
        raise HouseMissing(str(path.parent)) from error


def _name(number: int) -> str:
    return f"{number:04}"


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    _settle(path.parent)
    return path


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, content: bytes) -> None:
    """Give a file this whole content, or leave it as it was. A file that has the content already is not written."""
    if path.exists() and path.read_bytes() == content:
        return
    aside = path.with_name(f".{path.name}")
    aside.unlink(missing_ok=True)
    _write(aside, content)
    aside.rename(path)
    _settle(path.parent)


def _destroy(path: Path) -> None:
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Wait until each change of a folder's names is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
