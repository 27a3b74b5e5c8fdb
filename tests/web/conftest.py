"""A town with its pages: founded once for the run of these tests, each of which leaves journeys of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telling.founded import Founded
from tests.telling.journeys import journey_under_way
from tests.web.house import WebHouse, open_house

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def assets() -> None:
    """Build the assets where a source changed."""
    subprocess.run([sys.executable, str(ROOT / "web" / "assets" / "build.py")], check=True)


@pytest.fixture(scope="session")
def house(
    assets: None,  # noqa: ARG001 - built before they are served
    founded: Founded,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebHouse]:
    """The pages of a town, with a journey that police and hospital take part in."""
    database = founded.copied_database()
    town = founded.open(database, tmp_path_factory.mktemp("house"))
    found = open_house(town, database)
    found.journeys["ambre"] = journey_under_way(town, "police", "hopital")
    try:
        yield found
    finally:
        database.drop()
