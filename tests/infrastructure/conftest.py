"""Parts that several tests of what is kept share."""

from collections.abc import Iterator

import pytest

from tests.infrastructure.ledger.built_ledger import Built, build
from tests.telling.founded import Founded


@pytest.fixture(scope="session")
def built(founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """A ledger written by the whole house. What a test alters in it, it rolls back."""
    folder = tmp_path_factory.mktemp("house")
    database = founded.copied_database()
    try:
        yield build(founded.open(database, folder), database, folder)
    finally:
        database.drop()
