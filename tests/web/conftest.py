"""A town with its pages: founded once for the run of these tests, each of which leaves journeys of its own."""

from collections.abc import Iterator

import pytest

from tests.telling.founded import Founded
from tests.web.house import WebHouse, house_of_a_run


@pytest.fixture(scope="session")
def house(
    assets: None,  # noqa: ARG001 - built before they are served
    founded: Founded,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebHouse]:
    """The pages of a town, with a journey that police and hospital take part in."""
    with house_of_a_run(founded, tmp_path_factory.mktemp("house")) as house:
        yield house
