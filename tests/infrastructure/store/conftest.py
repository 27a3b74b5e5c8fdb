"""A ledger that verifies when a story is told."""

from collections.abc import Iterator

import pytest

from infrastructure.ledger.verification.verify import verify
from tests.databases import FreshDatabase
from tests.infrastructure.store.tampered import House
from tests.telling.founded import Founded
from tests.telling.town import Town


@pytest.fixture
def verified(town: Town, database: FreshDatabase) -> Iterator[None]:
    """Verify the ledger at the end: each key given or taken away is named."""
    yield
    network, house = town.services.network, town.house.public_key
    assert verify(database.app, network, "relais.example/essai", house).mismatches == ()


@pytest.fixture(scope="module")
def house(founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A town with two journeys, for a module that puts back what it alters."""
    database = founded.copied_database()
    yield House(founded.open(database, tmp_path_factory.mktemp("house")), database)
    database.drop()
