"""A town for each test of the application."""

from pathlib import Path

import pytest

from tests.conftest import FreshDatabase
from tests.telling.story import Story, begin_story
from tests.telling.town import Town, chalon


@pytest.fixture
def town(database: FreshDatabase, tmp_path: Path) -> Town:
    """A town with one institution of each sort."""
    return chalon(database.app, tmp_path)


@pytest.fixture
def story(town: Town) -> Story:
    """A journey that three institutions write into."""
    return begin_story(town)
