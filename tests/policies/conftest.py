"""The charter of the repository, loaded once for all its tests."""

import pytest

from policies.charter import Charter
from tests.policies.cases import CHARTER_FOLDER


@pytest.fixture(scope="session")
def charter() -> Charter:
    """The charter as it stands in ``policies/``."""
    return Charter.load(CHARTER_FOLDER)
