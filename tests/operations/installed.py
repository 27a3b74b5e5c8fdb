"""The content of the installation's files: docker-compose.yml, the Dockerfile, the proxy's file."""

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
    named: dict[str, Service] = compose()["services"]
    return named


def ours() -> dict[str, Service]:
    """The services that run our images."""
    return {name: service for name, service in services().items() if service["image"] in OURS}


def built() -> dict[str, str]:
    """The stage of the Dockerfile that each of our images is, by the image's name."""
    return {
        service["image"]: service["build"]["target"]
        for service in ours().values()
        if "build" in service
    }


def lasting() -> dict[str, Service]:
    """The services that keep running; the others do one thing and end."""
    return {name: service for name, service in services().items() if service["restart"] != "no"}


def instructions(stage: str | None = None) -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their words, continued lines joined; of one stage, or of all."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line for line in joined.splitlines() if line.strip()]
    every = [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]
    if stage is None:
        return every
    begins = [place for place, (word, _) in enumerate(every) if word == "FROM"]
    stages = [every[begin:end] for begin, end in zip(begins, [*begins[1:], None], strict=True)]
    return next(named for named in stages if named[0][1].endswith(f" AS {stage}"))


def variables_read() -> set[str]:
    """Every environment variable of ours that a line of code names."""
    names: set[str] = set()
    for room in ROOMS:
        for path in Path(CLONE / room).rglob("*.py"):
            if "node_modules" not in path.parts:
                names |= set(re.findall(r'"(RELAIS_[A-Z_]+)"', path.read_text("utf-8")))
    return names
