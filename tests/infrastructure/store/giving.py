"""Acts of the stories of keys: each begins with a fresh session, so that groups are renewed."""

from typing import Any
from uuid import UUID

from domain.compartments import Compartment
from domain.journey.entries import Entry, SealedEntry
from tests.databases import FreshDatabase
from tests.telling.journeys import (
    accept,
    append_action,
    invite,
    open_journey,
    read_journey,
)
from tests.telling.town import Town


def opened(town: Town, lead: str, *partners: str) -> UUID:
    """A journey with partners who joined."""
    journey = open_journey(town, town.log_in(lead))
    for partner in partners:
        joined(town, lead, partner, journey)
    return journey


def joined(town: Town, lead: str, partner: str, journey: UUID) -> None:
    invite(town, town.log_in(lead), journey, partner)
    accept(town, town.log_in(f"{partner}.un"), journey)


def written(town: Town, login: str, journey: UUID, compartment: Compartment) -> int:
    return append_action(town, town.log_in(login), journey, "ce qui est dit", compartment)


def seen(town: Town, login: str, journey: UUID) -> dict[int, Entry | SealedEntry]:
    found = read_journey(town, town.log_in(login), journey)
    return found.journey.entries


def loaded_by(town: Town, login: str, journey: UUID) -> Any:
    """The journey as somebody's session opens it, past the door."""
    people = town.installation.directory.current().referents.values()
    keys = {person.id: person.signing_key for person in people}
    return town.services.journeys.load(town.log_in(login), journey, lambda _: keys)


def given(database: FreshDatabase, journey: UUID, holder: UUID) -> tuple[int, int]:
    """How many grants a holder was ever given in a journey, and how many of them still stand."""
    with database.app.connection() as connection:
        row = connection.execute(
            "SELECT count(*), count(envelope) FROM relais.epoch_grant"
            " WHERE originator = %b AND holder = %b",
            (journey, holder),
        ).fetchone()
    assert row is not None
    return row[0], row[1]
