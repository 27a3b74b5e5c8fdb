"""The whole house in a real browser: real database, real server, real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.referents.desk import Desk
from tests.browser.tab import serving
from tests.chromium import chromium as started
from tests.telling.founded import Founded
from tests.web.house import WebHouse, house_of_a_run

WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def house(
    assets: None,  # noqa: ARG001 - built before they are served
    founded: Founded,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebHouse]:
    """The pages of a town under the name of this machine."""
    hosts = frozenset({"127.0.0.1", "localhost"})
    with house_of_a_run(founded, tmp_path_factory.mktemp("house"), hosts) as house:
        yield house


@pytest.fixture(scope="session")
def address(house: WebHouse) -> Iterator[str]:
    """Where the pages are served, on a port of this run."""
    with serving(house.app) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, with the back-forward cache that people have and Playwright switches off."""
    with started(ignore_default_args=["--disable-back-forward-cache"]) as browser:
        yield browser


@pytest.fixture
def desk(house: WebHouse, address: str, chromium: Browser) -> Iterator[Desk]:
    """Somebody's place of work: one tab at 1280, which fails the test on any complaint."""
    context = chromium.new_context(viewport=WIDE, locale="fr-FR")  # type: ignore[arg-type]
    desk = Desk(house, address, context)
    yield desk
    context.close()
    desk.then_nothing_complained()
