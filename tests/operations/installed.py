"""What the files of the installation say: docker-compose.yml, the Dockerfile, the proxy's file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from tests.databases import CLONE

COMPOSE = CLONE / "docker-compose.yml"
DOCKERFILE = CLONE / "Dockerfile"
PROXY = CLONE / "deployment" / "Caddyfile"
MAKE_SECRETS = CLONE / "deployment" / "make-secrets"
GUIDE = CLONE / "docs" / "installation.md"
OURS = {"relais:local", "relais:erasing"}
ROOMS = ("application", "domain", "infrastructure", "policies", "relais", "web")

Service = Mapping[str, Any]


def compose() -> dict[str, Any]:
    """docker-compose.yml, its anchors resolved."""
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return read


def services() -> dict[str, Service]:
    """Every service by name."""
    found: dict[str, Service] = compose()["services"]
    return found


def ours() -> dict[str, Service]:
    """The services that run our images."""
    return {name: one for name, one in services().items() if one["image"] in OURS}


def built() -> dict[str, str]:
    """The stage of the Dockerfile that each of our images is, by the image's name."""
    made = [one for one in ours().values() if "build" in one]
    return {one["image"]: one["build"]["target"] for one in made}


def lasting() -> dict[str, Service]:
    """The services that are there to stay; the others do one thing and end."""
    return {name: one for name, one in services().items() if one["restart"] != "no"}


def instructions(stage: str | None = None) -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their words, lines that go on joined; of one stage, or of all."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line for line in joined.splitlines() if line.strip()]
    found = [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]
    if stage is None:
        return found
    begins = [place for place, (word, _) in enumerate(found) if word == "FROM"]
    stages = [found[one:end] for one, end in zip(begins, [*begins[1:], None], strict=True)]
    return next(one for one in stages if one[0][1].endswith(f" AS {stage}"))


def variables_read() -> set[str]:
    """Every environment variable of ours that a line of code names."""
    found: set[str] = set()
    for room in ROOMS:
        for path in Path(CLONE / room).rglob("*.py"):
            if "node_modules" not in path.parts:
                found |= set(re.findall(r'"(RELAIS_[A-Z_]+)"', path.read_text("utf-8")))
    return found
