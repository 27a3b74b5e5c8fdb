"""Reads the vectors of ``tests/vectors`` and the examples of ``docs/formats``.

A vector that has a key nobody reads, a file without vectors or a page without its example fails.
"""

import re
import tomllib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[4]


def vectors(name: str, kinds: Mapping[str, AbstractSet[str]]) -> dict[str, list[dict[str, Any]]]:
    """The vectors of one file by kind, each with exactly the keys of its kind and a comment."""
    return parse_vectors((ROOT / "tests" / "vectors" / name).read_text("utf-8"), kinds)


def parse_vectors(
    text: str, kinds: Mapping[str, AbstractSet[str]]
) -> dict[str, list[dict[str, Any]]]:
    """As ``vectors``. Raises ``ValueError`` for what is unknown, and for a kind without vectors."""
    found = tomllib.loads(text)
    if found.keys() != kinds.keys():
        raise ValueError(f"kinds {sorted(found)} instead of {sorted(kinds)}")
    for kind, each in found.items():
        if not each:
            raise ValueError(f"no vector of kind {kind}")
        for vector in each:
            if vector.keys() != kinds[kind] | {"comment"}:
                raise ValueError(f"keys {sorted(vector)} in {kind}")
    return found


def example(page: str, language: str) -> str:
    """The one fenced block of that language in a page of ``docs/formats``."""
    text = (ROOT / "docs" / "formats" / page).read_text("utf-8")
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return str(block)


def hexadecimal_example(page: str) -> bytes:
    """The bytes of the one ``hex`` block: what follows ``#`` in a line is said of its bytes."""
    lines = example(page, "hex").splitlines()
    return bytes.fromhex("".join(line.partition("#")[0] for line in lines))
