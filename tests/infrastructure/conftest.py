"""Parts that several tests of what is kept share."""

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import FreshDatabase
from tests.infrastructure.ledger.built_ledger import Built, build


@pytest.fixture(scope="session")
def built(
    new_database: Callable[[], FreshDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """A ledger written by the whole house. What a test alters in it, it rolls back."""
    database = new_database()
    try:
        yield build(database, tmp_path_factory.mktemp("house"))
    finally:
        database.drop()
