"""A town whose keeper runs the commands that destroy."""

import os
from pathlib import Path

import pytest

from tests.databases import FreshDatabase
from tests.operations.kept import Kept, open_journey, use
from tests.telling.town import chalon


@pytest.fixture
def kept(database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    town = chalon(database.app, tmp_path)
    (tmp_path / "copy").mkdir()
    made = Kept(town, database, tmp_path, [open_journey(town) for _ in range(2)])
    use(made, monkeypatch)
    return made


@pytest.fixture
def programs(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's own ``pg_dump`` and ``pg_restore`` come first."""
    programs = kept.database.cluster.binaries
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return programs
