"""Attack 33: a grant put in by somebody who takes no part in the journey is written under by nobody."""

from typing import Any
from uuid import UUID

import pytest

from application.door.journey import enter
from domain.compartments import Compartment
from domain.journey import partners
from domain.journey.journey import Journey
from domain.storing import Forged
from infrastructure.formats.entry import EntrySealer, EpochKeys, epochs_of
from infrastructure.formats.event import EventCodec
from infrastructure.formats.grant import Epoch, grant, new_epoch
from policies.charter import Act
from relais.composition import journey_lock
from tests.databases import FreshDatabase
from tests.telling.journeys import append_action, open_journey, read_journey
from tests.telling.town import Town, consent


def open_one(town: Town) -> UUID:
    """A journey of the CIDFF with one action."""
    journey = open_journey(town)
    append_action(town, "cidff.un", journey, "Reçue")
    return journey


def put_in(
    town: Town,
    database: FreshDatabase,
    journey: UUID,
    attacker: str,
    compartment: Compartment = Compartment.FOLLOW_UP,
) -> Epoch:
    """As superuser, put in an epoch that somebody else made for exactly today's audience."""
    services, session = town.services, town.who("cidff.un")
    entered = enter(services, session, journey, Act.CONSULT, purpose="ongoing_work")
    audience = entered.audience(compartment)
    thief: Any = town.who(attacker)
    epoch = new_epoch(compartment.code, thief.certificate)
    made, rows = grant(
        services.network,
        journey,
        epoch,
        audience.holders,
        ordinal=0,
        version=entered.loaded.version,
        counter=entered.loaded.counter,
        certificate=thief.certificate,
        key=thief.signing,
    )
    with database.superuser.connection() as connection:
        connection.execute(
            "INSERT INTO relais.grant_set VALUES (%b, %b, %b, 0, %b, %b)",
            (services.network, journey, epoch.id, made.payload, made.signature),
        )
        for row in rows:
            connection.execute(
                "INSERT INTO relais.epoch_grant VALUES (%b, %b, %b, %b, %b::integer, %b)",
                (
                    services.network,
                    journey,
                    row.epoch,
                    row.holder,
                    row.generation,
                    row.envelope,
                ),
            )
    return epoch


def put_in_an_invitation(town: Town, database: FreshDatabase, journey: UUID, attacker: str) -> None:
    """With the house key, invite one's own institution in the name of the CIDFF, under a key of one's own."""
    services, session = town.services, town.log_in("cidff.un")
    planted = put_in(town, database, journey, attacker, Compartment.FRAME)
    entered = enter(services, session, journey, Act.CONSULT, purpose="ongoing_work")
    loaded: Any = entered.loaded
    own = town.institutions["police"].id
    partners.invite(entered.journey, entered.author, own, consent(), entered.at)
    (event,) = entered.journey.collect_events()
    keys = EpochKeys(planted, loaded.shred_secret)
    frame = Compartment.FRAME.code
    codec = EventCodec(Journey)
    sealer = EntrySealer(services.network, codec, journey_lock, frame, {}, {frame: keys})
    with database.superuser.connection() as connection:
        connection.execute(
            "INSERT INTO relais.event VALUES (%b, %b, %b, %b)",
            (
                services.network,
                journey,
                event.originator_version,
                sealer.seal(event),
            ),
        )


def last_epoch(database: FreshDatabase, journey: UUID) -> bytes:
    """The epoch that the newest entry is sealed under."""
    with database.superuser.connection() as connection:
        rows = connection.execute(
            "SELECT state FROM relais.event WHERE originator = %b ORDER BY version DESC LIMIT 1",
            (journey,),
        ).fetchall()
    return epochs_of(rows[0][0])[1]


def test_an_epoch_put_in_by_a_stranger_is_never_written_under(
    database: FreshDatabase, town: Town
) -> None:
    journey = open_one(town)
    planted = put_in(town, database, journey, "police.un")
    with database.superuser.connection() as connection:
        # The thief's is the only one left to write under.
        connection.execute(
            "UPDATE relais.epoch_grant SET envelope = NULL WHERE originator = %b AND epoch = %b",
            (journey, last_epoch(database, journey)),
        )
    fresh = town.log_in("cidff.deux")
    append_action(town, fresh, journey, "Rappelée")
    assert last_epoch(database, journey) != planted.id


def test_who_takes_no_part_cannot_invite_themselves(database: FreshDatabase, town: Town) -> None:
    """Their entry opens and follows the last one; and the key that it stands under is nobody's who takes part."""
    journey = open_one(town)
    put_in_an_invitation(town, database, journey, "police.un")
    for login in ("cidff.un", "cidff.deux", "ville.un"):
        with pytest.raises(Forged):
            read_journey(town, town.log_in(login), journey)


def test_an_epoch_of_a_reader_serves_again(database: FreshDatabase, town: Town) -> None:
    journey = open_one(town)
    before = last_epoch(database, journey)
    append_action(town, town.log_in("cidff.deux"), journey, "Rappelée")
    assert last_epoch(database, journey) == before
