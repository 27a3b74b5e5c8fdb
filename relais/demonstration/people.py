"""The network of the demonstration: the institutions as published, with invented referents."""

import tomllib
from importlib import resources
from typing import Any

from relais.founding.network_plan import NetworkPlan, plan_of


def network() -> NetworkPlan:
    """The example network. Raises ``ValueError`` where an institution has no referent."""
    return plan_of({**_read("reseau-chalon.toml"), **_read("people.toml")})


def _read(name: str) -> dict[str, Any]:
    text = resources.files("relais.demonstration").joinpath(name).read_text("utf-8")
    return tomllib.loads(text)
