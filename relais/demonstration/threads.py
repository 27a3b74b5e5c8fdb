"""The entries that professionals write, as short threads that belong together. The words are data."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

ROLES: Mapping[str, tuple[str, ...]] = {
    "offence": ("amavip", "police-nationale", "gendarmerie"),
    "social": (
        "maison-solidarites",
        "solidarites-sante",
        "siao-115",
        "le-pont",
        "apar",
        "pep71-ecluse",
    ),
    "housing": ("siao-115", "le-pont", "apar", "pep71-ecluse"),
    "care": ("urgences", "centre-hospitalier", "planning-familial"),
    "child": ("maison-solidarites", "sauvegarde71"),
    "counsel": (
        "cidff",
        "amavip",
        "maison-solidarites",
        "solidarites-sante",
        "mission-familles",
        "croix-rouge",
        "siao-115",
        "le-pont",
        "apar",
        "pep71-ecluse",
        "planning-familial",
    ),
    "anyone": (
        "ville-clspd",
        "police-nationale",
        "gendarmerie",
        "cidff",
        "amavip",
        "maison-solidarites",
        "solidarites-sante",
        "siao-115",
        "le-pont",
        "apar",
        "pep71-ecluse",
        "croix-rouge",
        "mission-familles",
        "centre-hospitalier",
        "planning-familial",
        "sauvegarde71",
    ),
}
"""Roles: each stands for several institutions as authors of a line."""

# A line with "il" or "elle" written out speaks of a woman, and of a man who does the violence.
_GENDERED = re.compile(r"\b(?:il|elle)s?\b", re.IGNORECASE)
_PARTNERS = re.compile("partenaire|institution", re.IGNORECASE)
_SLOTS = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a thread.

    ``by``: the institutions' codes, one of which writes; ``day`` and ``due``: days after the thread begins;
    ``done``: the line of the thread that this one fulfils; ``compartment``: if it is not the
    kind's own; ``corrected``: the words of a later correction; ``withdrawn``: why it is withdrawn.
    """

    by: tuple[str, ...]
    kind: str
    text: str
    day: int = 0
    due: int | None = None
    done: int | None = None
    level: str | None = None
    compartment: str | None = None
    night: bool = False
    corrected: str | None = None
    withdrawn: str | None = None

    @property
    def cost(self) -> int:
        """The number of entries that the line makes."""
        return 1 + (self.corrected is not None) + (self.withdrawn is not None)


@dataclass(frozen=True, slots=True)
class Thread:
    """Lines that belong together; a journey has at most one thread of each ``topic``."""

    lines: tuple[Line, ...]
    topic: str | None = None
    phase: str | None = None
    of_children: bool = False
    of_a_woman: bool = False
    of_partners: bool = False

    @property
    def cost(self) -> int:
        """The number of entries that the thread makes."""
        return sum(line.cost for line in self.lines)


@dataclass(frozen=True, slots=True)
class Texts:
    """Every thread: of the opening, of the middle, and the actions planned around today."""

    opening: tuple[Thread, ...]
    middle: tuple[Thread, ...]
    awaiting: tuple[Line, ...]


def read_texts() -> Texts:
    """Read the words that come with the demonstration."""
    themes = ("follow_up", "danger", "social", "shelter", "health", "children", "proceedings")
    return Texts(
        opening=tuple(_threads("opening")),
        middle=tuple(thread for theme in themes for thread in _threads(theme)),
        awaiting=tuple(line for thread in _threads("awaiting") for line in thread.lines),
    )


def _threads(theme: str) -> list[Thread]:
    source = resources.files("relais.demonstration").joinpath("texts", f"{theme}.toml")
    content = tomllib.loads(source.read_text("utf-8"))
    needs = content.get("needs", [])
    singles = [{**row, "steps": [row]} for row in content.get("single", [])]
    return [_thread(row, needs) for row in [*singles, *content.get("thread", [])]]


def _thread(row: Mapping[str, Any], needs: list[str]) -> Thread:
    lines = tuple(_line(step) for step in row["steps"])
    written = " ".join(_SLOTS.sub("", line.text) for line in lines)
    return Thread(
        lines=lines,
        topic=row.get("topic"),
        phase=row.get("phase"),
        of_children="children" in [*needs, *row.get("needs", [])],
        of_a_woman=any(step.get("female", False) for step in row["steps"])
        or _GENDERED.search(written) is not None,
        of_partners=_PARTNERS.search(written) is not None,
    )


def _line(row: Mapping[str, Any]) -> Line:
    codes = tuple(code for name in row["by"].split() for code in ROLES.get(name, (name,)))
    return Line(
        by=codes,
        kind=row["kind"],
        text=row["text"],
        day=row.get("day", 0),
        due=row.get("due"),
        done=row.get("done"),
        level=row.get("level"),
        compartment=row.get("in"),
        night=row.get("night", False),
        corrected=row.get("corrected"),
        withdrawn=row.get("withdrawn"),
    )
