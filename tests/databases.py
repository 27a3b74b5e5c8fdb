"""A database for each test: a copy of one that was migrated, or lived in, before."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.cluster import Embedded
from infrastructure.postgres.embedded.configuration import APP, OWNER, RETENTION, SUPERUSER
from infrastructure.postgres.migrating import bootstrap, migrate

CLONE = Path(__file__).parent.parent
TEMPLATE = "relais_template"
"""The migrated database of a cluster of tests, which holds nothing else."""

CopyDatabase = Callable[[str], "FreshDatabase"]
"""Copies the database of this name, to which nobody may be connected."""


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


def make_template(cluster: Embedded) -> None:
    """Make the migrated database that all others of the cluster are copies of."""
    bootstrap(_anywhere(cluster), TEMPLATE)
    migrate(cluster.address(OWNER, TEMPLATE))


def copying(cluster: Embedded) -> CopyDatabase:
    """Copies databases of a cluster; whoever asks for a copy drops it."""

    def copy(template: str) -> FreshDatabase:
        name = f"relais_{uuid4().hex}"
        bootstrap(_anywhere(cluster), name, template=template)
        return FreshDatabase(cluster, name)

    return copy


def _anywhere(cluster: Embedded) -> str:
    return cluster.address(SUPERUSER, "postgres")
