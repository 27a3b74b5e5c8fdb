"""A town on a database of its own, copied from one that was founded once: each run starts from the same day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any
from uuid import UUID, uuid4

from domain.access import Access
from domain.network.members import Institution
from infrastructure.forgetting.rotation import Rotation
from infrastructure.formats.session import OpenSession
from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.configuration import APP
from relais.composition import Installation, erasing, install
from tests.conftest import FreshDatabase
from tests.town import CHEAP, POLICIES, Clock, Town, chalon

MakeDatabase = Callable[[str | None], FreshDatabase]
"""Makes a database: a copy of the one named, or an empty migrated one."""


class Founded:
    """The town as it was founded, to be copied."""

    def __init__(self, make: MakeDatabase, folder: Path) -> None:
        self._make = make
        self.house_folder = folder / "house"
        self.database = make(None)
        with Database(self.database.address(APP)) as connections:
            self.town: Town = chalon(connections, folder)
        self.day = self.town.clock.now

    def copy(self) -> "World":
        """A town like it, on a database of its own."""
        database = self._make(self.database.name)
        clock = Clock()
        clock.now = self.day
        house_folder = self.house_folder.with_name(f"house-{uuid4().hex}")
        copytree(self.house_folder, house_folder)
        house = HouseSecrets.load(house_folder)
        network = self.town.services.network
        installation = install(database.app, network, house, POLICIES, clock, CHEAP)
        town = self.town
        return World(
            database=database,
            installation=installation,
            clock=clock,
            house_folder=house_folder,
            institutions=dict(town.institutions),
            referents=dict(town.referents),
            bundles=dict(town.bundles),
        )


@dataclass
class World:
    """One run's town: whoever acts does so through the session that their cookie finds."""

    database: FreshDatabase
    installation: Installation
    clock: Clock
    house_folder: Path
    institutions: dict[str, Institution]
    referents: dict[str, UUID]
    bundles: dict[str, Any]
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def services(self) -> Any:
        """The parts of the house."""
        return self.installation.services

    def erase(self, journey: UUID) -> None:
        """Erase a journey, as the house does."""
        reading, changing = self.database.app, self.database.retention
        folder = HouseFolder(self.house_folder)
        erasing(reading, changing, self.services.network, folder).erase(journey, self.clock())

    def rotate(self) -> None:
        """Turn the house key, as the house does, and destroy those whose term has passed."""
        reading, changing = self.database.app, self.database.retention
        Rotation(HouseFolder(self.house_folder), reading, changing).run(self.clock())

    def drop(self) -> None:
        """Leave nothing behind."""
        self.database.drop()
        rmtree(self.house_folder)

    def log_in(self, login: str) -> OpenSession | None:
        """A fresh session, or ``None`` for whoever may not have one."""
        entrance, directory = self.installation.entrance, self.installation.directory
        at, referent = self.clock(), self.referents[login]
        network = directory.current()
        if not network.holds_keys(referent):
            return None
        session = entrance.unlocked(network, referent, self.bundles[login], at)
        entrance.begin(session, Access("log_in", at))
        entrance.renew_groups(session, at)
        self.cookies[login] = entrance.keep(session, at)
        return session

    def session(self, login: str) -> OpenSession | None:
        """The session that the cookie finds, as at each request; else a fresh one."""
        cookie = self.cookies.get(login)
        found = None if cookie is None else self.installation.entrance.find(cookie, self.clock())
        return self.log_in(login) if found is None else found[0]
