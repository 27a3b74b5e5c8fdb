"""The town of one random life: whoever acts does so through the session that their cookie finds."""

from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from uuid import UUID, uuid4

from infrastructure.forgetting.rotation import Rotation
from infrastructure.formats.session import OpenSession
from infrastructure.house.folder import HouseFolder
from relais.composition import erasing
from tests.databases import FreshDatabase
from tests.telling.founded import Founded
from tests.telling.town import Town


@dataclass(kw_only=True)
class World(Town):
    """A town on a database of its own. ``folder`` holds its house keys."""

    database: FreshDatabase
    folder: Path

    @classmethod
    def copy(cls, founded: Founded) -> "World":
        """A copy of the founded town."""
        database = founded.copied_database()
        folder = founded.house_folder.with_name(f"world-{uuid4().hex}")
        town = founded.open(database, folder)
        return cls(**vars(town), database=database, folder=folder)

    @property
    def house_folder(self) -> Path:
        """The folder of its house keys."""
        return self.folder / "house"

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
        rmtree(self.folder)

    def begin_session(self, login: str) -> OpenSession | None:
        """A fresh session, or ``None`` for somebody who may not have one."""
        network = self.installation.directory.current()
        return self.log_in(login) if network.holds_keys(self.referents[login]) else None

    def session(self, login: str) -> OpenSession | None:
        """The session that the cookie finds, as at each request; else a fresh one."""
        cookie = self.cookies.get(login)
        known = None if cookie is None else self.installation.entrance.find(cookie, self.clock())
        return self.begin_session(login) if known is None else known[0]
