"""The town of most tests, founded once for the run: each test lives in a copy of it, on the day of its founding."""

from pathlib import Path
from shutil import copytree
from unittest.mock import patch

from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.configuration import APP
from policies.charter import Charter
from relais.composition import install
from tests.databases import TEMPLATE, CopyDatabase, FreshDatabase
from tests.telling.town import CHEAP, POLICIES, Clock, Town, chalon


class Founded:
    """The town as it was founded, to be copied. ``copy_database`` makes the databases."""

    def __init__(self, copy_database: CopyDatabase, folder: Path) -> None:
        self.copy_database = copy_database
        self.house_folder = folder / "house"
        self.database = copy_database(TEMPLATE)
        with Database(self.database.address(APP)) as connections:
            self.town: Town = chalon(connections, folder)
        self.day = self.town.clock.now
        self.charter: Charter = self.town.services.charter

    def copied_database(self) -> FreshDatabase:
        """A database with the town in it; whoever asks for it drops it."""
        return self.copy_database(self.database.name)

    def open(self, database: FreshDatabase, folder: Path) -> Town:
        """The town in a copied database, with its house keys under ``folder / "house"`` and nobody logged in."""
        copytree(self.house_folder, folder / "house")
        house, clock = HouseSecrets.load(folder / "house"), Clock()
        clock.now = self.day
        network = self.town.services.network
        # To read the charter's folder takes longer than all else here, and it says the same each time.
        with patch.object(Charter, "load", return_value=self.charter):
            installation = install(database.app, network, house, POLICIES, clock, CHEAP)
        return Town(
            installation,
            database.app,
            house,
            clock,
            institutions=dict(self.town.institutions),
            passphrases=dict(self.town.passphrases),
            bundles=dict(self.town.bundles),
            referents=dict(self.town.referents),
        )
