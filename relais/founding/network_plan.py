"""A network as its founders describe it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.compartments import Compartment
from domain.journey.capacities import Capacity

LOCATION = frozenset({Compartment.CONTACT, Compartment.SHELTER})
"""Never open to those who work with the aggressor (article 11.2)."""


@dataclass(frozen=True, slots=True)
class ReferentPlan:
    """An invented person who acts for an institution."""

    name: str
    login: str
    on_call: bool = False


@dataclass(frozen=True, slots=True)
class InstitutionPlan:
    """An institution to admit, with its referents; the fields of ``domain.network.network.Institution``."""

    code: str
    name: str
    kind: str
    may: frozenset[str]
    gateway: bool
    steers: bool
    works_with_author: bool
    referents: tuple[ReferentPlan, ...]

    @property
    def may_do(self) -> frozenset[Capacity]:
        """What the institution may do for a person."""
        return frozenset(one for one in Capacity if one in self.may)

    def may_hold(self, compartment: Compartment) -> bool:
        """Whether the charter lets the institution read the compartment, where it is shared."""
        if self.works_with_author and compartment in LOCATION:
            return False
        needed = ENTITLEMENTS.get(compartment)
        return needed is None or needed in self.may


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
        """How many referents there are."""
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

    def institution(self, code: str) -> InstitutionPlan:
        """The institution of a code. Raises ``KeyError``."""
        for one in self.institutions:
            if one.code == code:
                return one
        raise KeyError(code)

    def institution_of(self, login: str) -> InstitutionPlan:
        """The institution that a referent acts for. Raises ``KeyError``."""
        for one in self.institutions:
            if any(referent.login == login for referent in one.referents):
                return one
        raise KeyError(login)


def plan_of(described: Mapping[str, Any]) -> NetworkPlan:
    """A network as a TOML file describes it: ``network``, ``coordination``, ``second_auditor``, each
    ``institution``, the ``referents`` by institution, and the logins ``on_call``.

    Raises ``ValueError`` where an institution has no referent, ``KeyError`` where a field is missing.
    """
    about = described["network"]
    rows = [
        *described["institution"],
        # Both have accounts of their own at the municipality that hosts them.
        {"code": "coordination", "kind": "coordination", "name": described["coordination"]["name"]},
        {
            "code": "second-auditor",
            "kind": "second-auditor",
            "name": described["second_auditor"]["name"],
        },
    ]
    if {row["code"] for row in rows} != set(described["referents"]):
        raise ValueError("every institution has referents, and every referent an institution")
    return NetworkPlan(
        name=about["name"],
        territory=about["territory"],
        gateway_number=about["gateway_number"],
        founded=about["founded"],
        charter_signed=about["charter_signed"],
        institutions=tuple(_institution(row, described) for row in rows),
    )


def _institution(row: Mapping[str, Any], people: Mapping[str, Any]) -> InstitutionPlan:
    referents = tuple(
        ReferentPlan(one["name"], one["login"], one["login"] in people["on_call"])
        for one in people["referents"][row["code"]]
    )
    return InstitutionPlan(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        may=frozenset(row.get("may", ())),
        gateway=row.get("gateway", False),
        steers=row.get("steers", False),
        works_with_author=row.get("works_with_author", False),
        referents=referents,
    )


ENTITLEMENTS: Mapping[Compartment, str] = {
    Compartment.SOCIAL: "social-action",
    Compartment.HEALTH: "care",
    Compartment.SHELTER: "shelter",
    Compartment.CHILDREN: "child-protection",
    Compartment.PROCEEDINGS: "offence-data",
}
"""What an institution must be entitled to hold before it reads a compartment (charter, annex)."""
