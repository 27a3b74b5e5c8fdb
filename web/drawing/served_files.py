"""The style sheet, scripts and fonts that pages name, as the build left them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = "/static/"
"""The address of the built files; their names hold their hash, so they may be kept for ever."""


class ServedFilesError(Exception):
    """The built files are missing, or are not those that the build wrote: one line for the operator."""


@dataclass(frozen=True, slots=True)
class ServedFiles:
    """The built files, checked: ``contents`` by served name, ``names`` by source name."""

    names: Mapping[str, str]
    contents: Mapping[str, bytes]

    @classmethod
    def load(cls, directory: Path) -> "ServedFiles":
        """Read the manifest and every file that it names.

        Raises ``ServedFilesError`` if a file is missing or its SHA-256 is not the manifest's.
        """
        try:
            manifest = json.loads((directory / "manifest.json").read_text("utf-8"))["files"]
            names = {name: str(file["path"]) for name, file in manifest.items()}
            contents = {path: (directory / path).read_bytes() for path in names.values()}
            expected = {str(file["path"]): str(file["sha256"]) for file in manifest.values()}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ServedFilesError(
                "Les fichiers des pages ne sont pas construits : lancez web/assets/build.py."
            ) from error
        for path, content in contents.items():
            if hashlib.sha256(content).hexdigest() != expected[path]:
                raise ServedFilesError(
                    f"Le fichier {path} n'est pas celui qui a été construit : rien n'est servi."
                )
        return cls(names, contents)

    def address(self, name: str) -> str:
        """Return the address of a file by its source name. Raises ``KeyError`` for another."""
        return PREFIX + self.names[name]
