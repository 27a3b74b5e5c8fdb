"""A real PostgreSQL for the tests: one cluster for the run, a database of its own for each test.

The cluster is not durable, which no other cluster may be: it is thrown away at the end.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from infrastructure.postgres.embedded.cluster import Embedded, existing, start
from tests.clusters import name_of_this_run, remove_abandoned
from tests.databases import CLONE, TEMPLATE, CopyDatabase, FreshDatabase, copying, make_template
from tests.telling.founded import Founded
from tests.telling.story import Story, begin_story
from tests.telling.town import Town

LENT = "RELAIS_TEST_CLUSTER"
"""The environment variable that names a cluster, already running and with its template, for thousands of short runs."""

# Of those, that one fails is enough: nobody reads the smallest example, and another run follows.
settings.register_profile(
    "short", phases=[Phase.explicit, Phase.generate], max_examples=25, database=None
)
if LENT in os.environ:
    settings.load_profile("short")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Embedded]:
    """A running cluster, with the template migrated; gone with all that is in it when the run ends, unless lent."""
    if lent := os.environ.get(LENT):
        yield next(cluster for cluster in existing(CLONE) if cluster.home.name == lent)
        return
    remove_abandoned(CLONE)
    # So that a run that is told to end still takes its server with it.
    before = signal.signal(signal.SIGTERM, _end)
    made = start(CLONE, name=name_of_this_run(), durable=False)
    try:
        make_template(made)
        yield made
    finally:
        made.remove()
        signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def assets() -> None:
    """Build the assets of the pages if a source changed."""
    subprocess.run([sys.executable, str(CLONE / "web" / "assets" / "build.py")], check=True)


def _end(_number: int, _frame: object) -> None:
    pytest.exit("told to end", returncode=128 + signal.SIGTERM)


@pytest.fixture(scope="session")
def copy_database(cluster: Embedded) -> CopyDatabase:
    """Copies a database of the cluster; whoever asks for a copy drops it."""
    return copying(cluster)


@pytest.fixture(scope="session")
def founded(
    copy_database: CopyDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Founded]:
    """The town of the tests, founded once: each lives in a copy."""
    made = Founded(copy_database, tmp_path_factory.mktemp("founded"))
    yield made
    made.database.drop()


@pytest.fixture
def database(
    request: pytest.FixtureRequest, copy_database: CopyDatabase
) -> Iterator[FreshDatabase]:
    """A database of this test alone: its town's if it has a town, else migrated and empty."""
    if "town" in request.fixturenames:
        made = request.getfixturevalue("founded").copied_database()
    else:
        made = copy_database(TEMPLATE)
    try:
        yield made
    finally:
        made.drop()


@pytest.fixture
def town(founded: Founded, database: FreshDatabase, tmp_path: Path) -> Town:
    """A town of this test alone, with one institution of each sort."""
    return founded.open(database, tmp_path)


@pytest.fixture
def story(town: Town) -> Story:
    """A journey that three institutions write into."""
    return begin_story(town)
