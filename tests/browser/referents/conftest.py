"""The whole house in a real browser: real database, real server, real Chromium."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.referents.desk import Desk, served
from tests.chromium import launch_options
from tests.telling.founded import Founded
from tests.telling.journeys import journey_under_way
from tests.web.house import WebHouse, open_house

ROOT = Path(__file__).resolve().parents[3]
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def built() -> None:
    """Build the assets where a source changed."""
    subprocess.run([sys.executable, str(ROOT / "web" / "assets" / "build.py")], check=True)


@pytest.fixture(scope="session")
def house(
    built: None,  # noqa: ARG001 - built before they are served
    founded: Founded,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebHouse]:
    """A town, its pages, and a journey that police and hospital take part in."""
    database = founded.copied_database()
    town = founded.open(database, tmp_path_factory.mktemp("house"))
    found = open_house(town, database, hosts=frozenset({"127.0.0.1", "localhost"}))
    found.journeys["ambre"] = journey_under_way(town, "police", "hopital")
    try:
        yield found
    finally:
        database.drop()


@pytest.fixture(scope="session")
def address(house: WebHouse) -> Iterator[str]:
    """Where the pages are served, on a port of this run."""
    with served(house.app) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, with the back-forward cache that people have and Playwright switches off."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            ignore_default_args=["--disable-back-forward-cache"],
            **launch_options(),  # type: ignore[arg-type]
        )
        yield browser
        browser.close()


@pytest.fixture
def desk(house: WebHouse, address: str, chromium: Browser) -> Iterator[Desk]:
    """Somebody's place of work: one tab at 1280, which fails the test on any complaint."""
    context = chromium.new_context(viewport=WIDE, locale="fr-FR")  # type: ignore[arg-type]
    found = Desk(house, address, context)
    yield found
    context.close()
    found.then_nothing_complained()
