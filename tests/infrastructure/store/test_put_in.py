"""Keys, grants and entries put in by whoever writes to the database (cases 31 to 33)."""

# ruff: noqa: S608 (a superuser's statements are put together here; which pairs are swapped is no secret)

# ruff: noqa: S608 (a superuser's statements are put together here; which pairs are swapped is no secret)

import base64
from typing import Any
from uuid import UUID

import pytest

from domain.holders import HolderKey
from domain.journey.entries import Entry
from infrastructure.formats.bundle import Bundle
from infrastructure.formats.directory_line import DirectoryRefused
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.grant import grant, new_epoch
from infrastructure.formats.keys import DecryptionKey
from infrastructure.formats.session import OpenSession, begin
from relais.composition import install
from tests.infrastructure.store.tampered import (
    C,
    House,
)
from tests.telling.journeys import append_action, read_journey
from tests.telling.town import CHEAP, POLICIES


def test_a_key_put_into_the_directory_is_refused_before_anything_is_sealed_to_it(
    house: House,
) -> None:
    """Attack case 32."""
    mine = DecryptionKey.generate().public().raw
    with house.database.superuser.connection() as connection:
        lines = connection.execute(
            "SELECT version, state FROM relais.event WHERE originator = network ORDER BY version"
        ).fetchall()
    replaced = 0
    for version, state in lines:
        for name in (b'"encryption_key":"', b'"public_key":"'):
            at = state.find(name)
            if at < 0:
                continue
            start = at + len(name)
            end = state.index(b'"', start)
            key = base64.urlsafe_b64encode(mine)
            assert end - start == len(key)
            update = (
                "UPDATE relais.event SET state = %b WHERE originator = network AND version = %b"
            )
            house.tamper(update, state[:start] + key + state[end:], version)
            with pytest.raises(DirectoryRefused) as refused:
                fresh_directory(house).current()
            assert refused.value.counter == version
            house.tamper(update, state, version)
            replaced += 1
    assert replaced > 20
    assert fresh_directory(house).current().counter == len(lines)


def fresh_directory(house: House) -> Any:
    """The directory as a process that just started reads it."""
    town = house.town
    return install(
        house.database.app, town.services.network, town.house, POLICIES, town.clock, CHEAP
    ).directory


def test_nobody_writes_under_a_key_that_a_stranger_put_in(house: House) -> None:
    """Attack case 33: signed by a referent, sealed to exactly today's audience, and yet a stranger's."""
    town, journey = house.town, house.journeys[0]
    services = town.services
    stranger, reader = town.log_in("police.un"), town.log_in("cidff.un")
    entered = read_journey(town, reader, journey)
    holders = entered.audience(C.FOLLOW_UP).holders
    epoch = new_epoch(C.FOLLOW_UP.code, stranger.certificate)
    insert(house, stranger, journey, epoch, holders)
    writer = town.log_in("cidff.deux")
    version = append_action(town, writer, journey, "à qui de droit")
    stored = services.journeys.load(town.log_in("cidff.un"), journey, lambda _: house.keys)
    assert isinstance(stored.aggregate.entries[version], Entry)
    assert stored.body_epochs[version - 1] != epoch.id
    taken_out(house, epoch.id)


def test_a_grant_that_nobody_of_the_directory_signed_is_refused(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    impostor = town.log_in("police.un")
    epoch = new_epoch(C.FOLLOW_UP.code, impostor.certificate)
    own = town.installation.directory.current().keys_of(town.institutions["cidff"].id)
    forged = begin(
        impostor.network, impostor.referent, impostor.institution, Bundle.generate(), town.clock()
    )
    insert(house, forged, journey, epoch, own)
    with pytest.raises(Tampered):
        town.services.journeys.load(town.log_in("cidff.un"), journey, lambda _: house.keys)
    taken_out(house, epoch.id)


@pytest.mark.parametrize("unknown", ["both", "the frame's", "its own"])
def test_an_entry_put_in_under_no_granted_epoch_is_tampering(house: House, unknown: str) -> None:
    """Else it would count as one that this reader merely lacks the key to."""
    journey, town = house.journeys[1], house.town
    session = town.log_in("ville.un")
    loaded = town.services.journeys.load(session, journey, lambda _: house.keys)
    lacking = next(epoch for epoch in loaded.body_epochs if epoch not in loaded.epochs)
    frame = bytes(32) if unknown != "its own" else loaded.body_epochs[0]
    own = bytes(32) if unknown != "the frame's" else lacking
    place = (town.services.network, journey, loaded.version + 1)
    state = b"\x01" + frame + own + bytes(235)
    house.tamper("INSERT INTO relais.event VALUES (%b, %b, %b, %b)", *place, state)
    with pytest.raises(Tampered):
        town.services.journeys.load(session, journey, lambda _: house.keys)
    house.tamper("DELETE FROM relais.event WHERE originator = %b AND version = %b", *place[1:])


def insert(
    house: House,
    granter: OpenSession,
    journey: UUID,
    epoch: Any,
    holders: tuple[HolderKey, ...],
) -> None:
    """Put a grant in by hand, signed by a session."""
    network = house.town.services.network
    made, rows = grant(
        network,
        journey,
        epoch,
        holders,
        ordinal=0,
        version=1,
        counter=1,
        certificate=granter.certificate,
        key=granter.signing,
    )
    house.tamper(
        "INSERT INTO relais.grant_set VALUES (%b, %b, %b, 0, %b, %b)",
        network,
        journey,
        epoch.id,
        made.payload,
        made.signature,
    )
    for row in rows:
        house.tamper(
            "INSERT INTO relais.epoch_grant VALUES (%b, %b, %b, %b, %b, %b)",
            network,
            journey,
            epoch.id,
            row.holder,
            row.generation,
            row.envelope,
        )


def taken_out(house: House, epoch: bytes) -> None:
    for table in ("grant_set", "epoch_grant"):
        house.tamper(f"DELETE FROM relais.{table} WHERE epoch = %b", epoch)


def test_who_consulted_is_read_by_whoever_reads_the_frame(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    reader, other = town.log_in("cidff.un"), town.log_in("hopital.un")

    def consulted() -> int:
        loaded = town.services.journeys.load(other, journey, lambda _: house.keys)
        traces = town.services.ledger.traces(loaded, 500)
        return sum(trace.act == "consult" for trace in traces)

    before = consulted()
    read_journey(town, reader, journey)
    assert consulted() == before + 1
