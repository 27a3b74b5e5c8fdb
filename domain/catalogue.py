"""The closed lists of the product: action kinds, grounds, purposes, reasons. They are data, in ``catalogue.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Self

from domain.compartments import Compartment


@dataclass(frozen=True, slots=True)
class Item:
    """One choice of a closed list: its code in events, and its French title."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class ActionKind:
    """A kind of action, and the compartment that it is written into unless its author says otherwise."""

    code: str
    title: str
    compartment: Compartment
    levels: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every closed list by name. A code is never reused, so that old events stay readable."""

    action_kinds: Mapping[str, ActionKind]
    grounds: Mapping[str, Item]
    purposes: Mapping[str, Item]
    capacities: Mapping[str, Item]
    information_manners: Mapping[str, Item]
    information_deferrals: Mapping[str, Item]
    leaving_reasons: Mapping[str, Item]
    closing_reasons: Mapping[str, Item]
    withdrawal_reasons: Mapping[str, Item]
    refusal_reasons: Mapping[str, Item]
    danger_levels: Mapping[str, Item]
    languages: Mapping[str, Item]

    @classmethod
    def load(cls) -> Self:
        """Read the lists that come with the product. Raises ``ValueError`` if the file does not fit."""
        content = tomllib.loads(
            resources.files("domain").joinpath("catalogue.toml").read_text("utf-8")
        )
        kinds = {
            code: ActionKind(
                code, row["title"], Compartment(row["compartment"]), row.get("levels", False)
            )
            for code, row in content.pop("action_kinds").items()
        }
        return cls(action_kinds=kinds, **{name: _items(rows) for name, rows in content.items()})


def _items(rows: Mapping[str, Any]) -> dict[str, Item]:
    return {code: Item(code, title) for code, title in rows.items()}


def ground_title(catalogue: Catalogue, code: str) -> str:
    """The French name of the ground of an entry of a summary."""
    known = catalogue.grounds.get(code)
    return known.title if known else "Réquisition judiciaire"
