"""A network as its founders describe it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from domain.network.members import Entitlement, InstitutionKind

_COORDINATION = "coordination"
_SECOND_AUDITOR = "second-auditor"


W = TypeVar("W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ReferentPlan:
    """A person who is to act for an institution."""

    name: str
    login: str
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class InstitutionPlan:
    """An institution to admit, with its referents; the other fields are those of ``Institution``."""

    code: str
    name: str
    kind: str
    may: frozenset[str]
    gateway: bool
    steers: bool
    works_with_author: bool
    referents: tuple[ReferentPlan, ...]


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """A territory's network to found, with every institution and referent."""

    name: str
    territory: str
    gateway_number: str
    founded: date
    charter_signed: date
    institutions: tuple[InstitutionPlan, ...]

    @property
    def size(self) -> int:
        """The number of referents."""
        return sum(len(institution.referents) for institution in self.institutions)

    @property
    def on_call(self) -> tuple[str, ...]:
        """The logins of the on-call desk."""
        return tuple(
            referent.login
            for institution in self.institutions
            for referent in institution.referents
            if referent.on_call
        )

    @property
    def auditing(self) -> tuple[InstitutionPlan, InstitutionPlan]:
        """The coordination and the second auditor."""
        return self.institution(_COORDINATION), self.institution(_SECOND_AUDITOR)

    def institution(self, code: str) -> InstitutionPlan:
        """The institution with that code. Raises ``KeyError``."""
        for institution in self.institutions:
            if institution.code == code:
                return institution
        raise KeyError(code)

    def institution_of(self, login: str) -> InstitutionPlan:
        """The institution that a referent acts for. Raises ``KeyError``."""
        for institution in self.institutions:
            if any(referent.login == login for referent in institution.referents):
                return institution
        raise KeyError(login)


def read_plan(*files: Path | Traversable) -> NetworkPlan:
    """Read a network from TOML files, which may share out its tables between them: ``network``, ``coordination``,
    ``second_auditor``, each ``institution``, the ``referents`` of each, and the logins ``on_call``.

    Raises ``OSError``; ``KeyError`` if a field is missing; ``ValueError`` if an institution has no referent, or a
    kind or an entitlement is unknown.
    """
    tables: dict[str, Any] = {}
    for file in files:
        tables |= tomllib.loads(file.read_text("utf-8"))
    network = tables["network"]
    rows = [
        *tables["institution"],
        # The municipality hosts both, but each has accounts of its own.
        {
            "code": _COORDINATION,
            "kind": InstitutionKind.COORDINATION,
            "name": tables["coordination"]["name"],
        },
        {
            "code": _SECOND_AUDITOR,
            "kind": InstitutionKind.SECOND_AUDITOR,
            "name": tables["second_auditor"]["name"],
        },
    ]
    if {row["code"] for row in rows} != set(tables["referents"]):
        raise ValueError("chaque institution a des référents, et chaque référent une institution")
    return NetworkPlan(
        name=network["name"],
        territory=network["territory"],
        gateway_number=network["gateway_number"],
        founded=network["founded"],
        charter_signed=network["charter_signed"],
        institutions=tuple(_institution(row, tables) for row in rows),
    )


def _institution(row: Mapping[str, Any], tables: Mapping[str, Any]) -> InstitutionPlan:
    referents = tuple(
        ReferentPlan(referent["name"], referent["login"], referent["login"] in tables["on_call"])
        for referent in tables["referents"][row["code"]]
    )
    return InstitutionPlan(
        code=row["code"],
        name=row["name"],
        kind=_known(InstitutionKind, row["kind"], "genre d'institution"),
        may=frozenset(_known(Entitlement, word, "habilitation") for word in row.get("may", ())),
        gateway=row.get("gateway", False),
        steers=row.get("steers", False),
        works_with_author=row.get("works_with_author", False),
        referents=referents,
    )


def _known(words: type[W], word: str, kind: str) -> W:
    """One word of a closed list. Raises ``ValueError``, in French, naming a word that the list does not have."""
    try:
        return words(word)
    except ValueError:
        raise ValueError(f"« {word} » n'est pas un nom connu ({kind})") from None
