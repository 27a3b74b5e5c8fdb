"""A server, and a folder that everybody can reach."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.postgres.embedded.cluster import Embedded, start
from tests.infrastructure.postgres.server import CLONE, NAME


@pytest.fixture
def server() -> Iterator[Embedded]:
    made = start(CLONE, name=NAME)
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account of the machine can reach."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
