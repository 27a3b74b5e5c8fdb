"""A town that is served, for each module of stories."""

from collections.abc import Iterator

import pytest

from relais.serving.pages import pages
from tests.browser.tab import serving
from tests.browser.visiting import Place
from tests.chromium import chromium
from tests.telling.founded import Founded


@pytest.fixture(scope="module")
def place(founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A served town."""
    database = founded.copied_database()
    town = founded.open(database, tmp_path_factory.mktemp("town"))
    app = pages(town.services, hosts=frozenset({"127.0.0.1"}), ready=lambda: True)
    try:
        with serving(app) as address, chromium() as browser:
            yield Place(town, address, browser)
    finally:
        database.drop()
