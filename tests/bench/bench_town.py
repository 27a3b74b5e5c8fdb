"""The invented town that is measured: its place for each process, and journeys as many and as long as asked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from application.door.journey import enter
from application.referent import listing, opening, sharing
from domain.access import Access
from domain.compartments import Compartment
from domain.journey.entries import append
from infrastructure.formats.bundle import Bundle
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.cluster import Embedded
from policies.charter import Act
from relais.composition import Installation, install
from tests.telling.town import CHEAP, POLICIES, Town, action, ambre, consent, informed

TEXT = "Reçue ce matin avec les deux enfants. Souhaite partir ce soir. « Je n'ai plus peur. » " * 2
LOGIN = "cidff.un"
PARTNERS = ("police", "hopital", "social", "abri")


@dataclass(frozen=True, slots=True)
class Bench:
    """The place of the town for each writing process: nothing here is a secret of anybody real."""

    cluster: Embedded
    database: str
    house: Path
    network: UUID
    referent: UUID
    bundle: bytes
    clients: int = 1


def open_town(bench: Bench, database: Database) -> tuple[Installation, Any]:
    """The town's installation and a fresh session of its referent."""
    installation = install(
        database,
        bench.network,
        HouseSecrets.load(bench.house),
        POLICIES,
        lambda: datetime.now(UTC),
        CHEAP,
    )
    at = datetime.now(UTC)
    entrance = installation.entrance
    session = entrance.unlocked(
        installation.directory.current(), bench.referent, Bundle.from_bytes(bench.bundle), at
    )
    entrance.begin(session, Access("log_in", at))
    entrance.keep(session, at)
    return installation, session


def open_journeys(town: Town, number: int) -> list[UUID]:
    """Open journeys with four partners each."""
    services, session = town.services, town.who(LOGIN)
    opened = []
    for _ in range(number):
        day = town.clock().date()
        new = opening.NewJourney(informed(day), ambre(), "SMS, 9 h", "high", "Menaces")
        journey = opening.open_journey(services, session, new)
        for partner in PARTNERS:
            sharing.invite(services, session, journey, town.institutions[partner].id, consent())
        opened.append(journey)
    return opened


def open_up_to(town: Town, number: int) -> None:
    """Open journeys until the referent's list holds a number of them."""
    rows = listing.my_journeys(town.services, town.who(LOGIN))
    open_journeys(town, number - len(rows))


def long_journey(town: Town, entries: int) -> UUID:
    """Open a journey and append to it until it holds a number of entries."""
    services, session = town.services, town.who(LOGIN)
    (journey,) = open_journeys(town, 1)
    entered = enter(
        services,
        session,
        journey,
        Act.APPEND,
        compartment=Compartment.FOLLOW_UP,
        ground="council_ground",
    )
    missing = entries - entered.loaded.version
    for place in range(1, missing + 1):
        content = action(TEXT, entered.today)
        append(
            entered.journey,
            entered.author,
            Compartment.FOLLOW_UP,
            content,
            "council_ground",
            entered.at,
        )
        if place % 50 == 0 or place == missing:
            entered.record()
    return journey
