"""A real PostgreSQL for the tests: one cluster for the run, a fresh migrated database for each test.

The cluster is not durable, which no other cluster may be: it is thrown away at the end.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import Phase, settings
from psycopg import sql

from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.cluster import Embedded, existing, start
from infrastructure.postgres.embedded.configuration import APP, OWNER, RETENTION, SUPERUSER
from infrastructure.postgres.migrating import bootstrap, migrate
from tests.clusters import name_of_this_run, remove_abandoned

CLONE = Path(__file__).parent.parent
TEMPLATE = "relais_template"
LENT = "RELAIS_TEST_CLUSTER"
"""The environment variable that names a cluster, already running and with its template, for thousands of short runs."""

# Of those, that one fails is enough: nobody reads the smallest example, and another run follows.
settings.register_profile(
    "short", phases=[Phase.explicit, Phase.generate], max_examples=25, database=None
)
if LENT in os.environ:
    settings.load_profile("short")


class FreshDatabase:
    """A database of one test, with a pool for each role, opened when first asked for."""

    def __init__(self, cluster: Embedded, name: str) -> None:
        self.cluster = cluster
        self.name = name
        self._opened = ExitStack()

    @cached_property
    def app(self) -> Database:
        """As ``relais_app``: what the web process is."""
        return self._open(APP)

    @cached_property
    def owner(self) -> Database:
        """As ``relais_owner``: what migrates."""
        return self._open(OWNER)

    @cached_property
    def retention(self) -> Database:
        """As ``relais_retention``."""
        return self._open(RETENTION)

    @cached_property
    def superuser(self) -> Database:
        """As PostgreSQL's superuser: whoever holds the machine."""
        return self._open(SUPERUSER)

    def address(self, role: str) -> str:
        """How to connect to it as a role, as libpq's connection string."""
        return self.cluster.address(role, self.name)

    def drop(self) -> None:
        """Close every pool and delete it."""
        self._opened.close()
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.name))
        with psycopg.connect(_anywhere(self.cluster), autocommit=True) as connection:
            connection.execute(statement)

    def _open(self, role: str) -> Database:
        return self._opened.enter_context(Database(self.address(role)))


def _anywhere(cluster: Embedded) -> str:
    return cluster.address(SUPERUSER, "postgres")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Embedded]:
    """A running cluster, with the template migrated; gone with all that is in it when the run ends, unless lent."""
    if lent := os.environ.get(LENT):
        yield next(one for one in existing(CLONE) if one.home.name == lent)
        return
    remove_abandoned(CLONE)
    # So that a run that is told to end still takes its server with it.
    before = signal.signal(signal.SIGTERM, _end)
    made = start(CLONE, name=name_of_this_run(), durable=False)
    try:
        bootstrap(_anywhere(made), TEMPLATE)
        migrate(made.address(OWNER, TEMPLATE))
        yield made
    finally:
        made.remove()
        signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: object) -> None:
    pytest.exit("told to end", returncode=128 + signal.SIGTERM)


@pytest.fixture(scope="session")
def new_database(cluster: Embedded) -> Callable[[], FreshDatabase]:
    """Makes a fresh migrated database; who calls it drops it."""

    def make() -> FreshDatabase:
        name = f"relais_{uuid4().hex}"
        bootstrap(_anywhere(cluster), name, template=TEMPLATE)
        return FreshDatabase(cluster, name)

    return make


@pytest.fixture
def database(new_database: Callable[[], FreshDatabase]) -> Iterator[FreshDatabase]:
    """A fresh migrated database of this test alone."""
    made = new_database()
    try:
        yield made
    finally:
        made.drop()
