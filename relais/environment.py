"""The environment variables of a command: the house's folder, the database, and the network in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database, address_from
from infrastructure.postgres.embedded.cluster import Embedded, existing
from infrastructure.postgres.embedded.configuration import APP
from relais.paths import CLONE, DEMONSTRATION_HOUSE

HOUSE = "RELAIS_HOUSE"
"""The folder of the house's secrets; if it is not given, the demonstration's."""

COPY = "RELAIS_HOUSE_COPY"
"""The folder of their copy, on another medium; if it is not given, a rotation knows of no copy."""

DEMONSTRATION_DATABASE = "relais"


class CannotRun(Exception):
    """A command cannot do what was asked. ``str()`` is one French line that says what to do."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A database with a network in it, and the house that keeps its secrets."""

    database: Database
    network: UUID
    house: HouseSecrets
    folder: HouseFolder


@contextmanager
def opened_network(environment: Mapping[str, str]) -> Iterator[Opened]:
    """Open the one network of the database, as ``relais_app``. Raises ``CannotRun``, ``HouseMissing``."""
    folder = house_folder(environment)
    house = HouseSecrets.load(folder.path)
    with Database(address(environment, APP)) as database:
        founded = networks(database)
        if len(founded) != 1:
            raise CannotRun("Cette base ne porte aucun réseau : lancez d'abord « relais found ».")
        yield Opened(database, founded[0], house, folder)


def house_folder(environment: Mapping[str, str]) -> HouseFolder:
    """The folder of the house, and of its copy."""
    copy = environment.get(COPY)
    path = Path(environment.get(HOUSE, DEMONSTRATION_HOUSE))
    return HouseFolder(path, Path(copy) if copy else None)


def address(environment: Mapping[str, str], role: str) -> str:
    """The database's address for a role. Raises ``AddressRefused``, ``CannotRun``."""
    given = address_from(environment, role)
    return demonstration().address(role, DEMONSTRATION_DATABASE) if given is None else given


def demonstration() -> Embedded:
    """The running demonstration's cluster. Raises ``CannotRun``."""
    running = [
        cluster for cluster in existing(CLONE) if cluster.running and cluster.home.name == "demo"
    ]
    if not running:
        raise CannotRun(
            "Aucune base : indiquez RELAIS_DATABASE_URL, ou lancez la démonstration à côté."
        )
    return running[0]


def networks(database: Database) -> list[UUID]:
    """The networks that a database holds."""
    with database.connection() as connection:
        rows = connection.execute(
            "SELECT DISTINCT network FROM relais.event WHERE network = originator AND version = 1"
        ).fetchall()
    return [network for (network,) in rows]
