"""A town with journeys to erase, its house with a copy, and the environment that leads a command to them."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from application.door.refusing import Refused
from application.referent import reading
from application.referent.opening import NewJourney
from application.referent.opening import open_journey as open_with
from infrastructure.ledger.verification.verify import verify
from infrastructure.postgres.embedded.configuration import APP
from tests.databases import FreshDatabase
from tests.telling.town import Town, ambre, informed


@dataclass
class Kept:
    """A town with two journeys, its house with a copy, and the environment that leads a command to them."""

    town: Town
    database: FreshDatabase
    path: Path
    journeys: list[UUID]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RELAIS_DATABASE_URL": self.database.address(APP),
            "RELAIS_HOUSE": str(self.path / "house"),
            "RELAIS_HOUSE_COPY": str(self.path / "copy"),
        }

    def is_sound(self) -> bool:
        network, key = self.town.services.network, self.town.house.public_key
        return verify(self.database.app, network, "relais.example", key).sound


def use(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in kept.environment.items():
        monkeypatch.setenv(name, value)


def open_journey(town: Town) -> UUID:
    day = town.clock().date()
    new = NewJourney(informed(day), ambre(), "le matin", "high", "menaces")
    return open_with(town.services, town.who("cidff.un"), new)


def is_read(town: Town, journey: UUID) -> bool:
    try:
        reading.read_journey(town.services, town.who("cidff.un"), journey, "ongoing_work")
    except Refused as refused:
        return not refused.is_constant
    return True
