"""A row that was changed, removed, put in or reordered is named, and a line of the directory too."""

# ruff: noqa: S608 (a superuser's statements are put together here, out of names of our own)

from typing import Any
from uuid import uuid4

import pytest

from domain.network.members import Standing, set_standing
from domain.network.network import Network
from infrastructure.formats.directory_line import Signer, write_line
from infrastructure.formats.envelope import new_key
from infrastructure.formats.event import EventCodec
from infrastructure.formats.ledger import row_digests
from infrastructure.ledger.verification.report import MismatchKind, place
from tests.infrastructure.ledger.built_ledger import (
    KEYS,
    Built,
    OneConnection,
    forge,
    kinds,
    last_row,
    places_of_versions,
    then_it_is_first,
)

ROW_CHANGES = {
    "event": "state = state || '\\x00'::bytea",
    "event moved": "version = version + 1000",
    "grant_set": "signature = signature || '\\x00'::bytea",
    "epoch_grant": "envelope = envelope || '\\x00'::bytea",
    "epoch_grant to another": "holder = gen_random_uuid()",
    "card": "envelope = envelope || '\\x00'::bytea",
    "card version": "version = version + 1",
    "shred_secret": "originator = gen_random_uuid()",
    "ledger_key": "envelope = envelope || '\\x00'::bytea",
    "group_secret": "envelope = envelope || '\\x00'::bytea",
    "group_secret number": "generation = -1",
    "account": "bundle = bundle || '\\x00'::bytea",
}


@pytest.mark.parametrize(("name", "change"), ROW_CHANGES.items(), ids=ROW_CHANGES)
def test_a_changed_row_is_named_from_both_sides(built: Built, name: str, change: str) -> None:
    table = name.partition(" ")[0]
    ctid, _ = last_row(built, table)
    report = built.after(f"UPDATE relais.{table} SET {change} WHERE ctid = %b::text::tid", ctid)
    assert MismatchKind.ROW_UNNAMED in kinds(report)
    missing = [
        mismatch for mismatch in report.mismatches if mismatch.kind is MismatchKind.ROW_MISSING
    ]
    assert len(missing) == 1
    assert missing[0].where.startswith(f"relais.{table}")


@pytest.mark.parametrize("table", KEYS)
def test_a_removed_row_is_named(built: Built, table: str) -> None:
    ctid, _ = last_row(built, table)
    report = built.after(f"DELETE FROM relais.{table} WHERE ctid = %b::text::tid", ctid)
    missing = [
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.ROW_MISSING
    ]
    assert len(missing) == 1
    assert missing[0].startswith(f"relais.{table}")


@pytest.mark.parametrize("table", KEYS)
def test_a_row_put_in_by_hand_is_named(built: Built, table: str) -> None:
    ctid, key = last_row(built, table)
    holds = "originator" if "originator" in key else next(iter(key))
    new: Any = new_key() if isinstance(key[holds], bytes) else uuid4()
    with built.tampering() as connection:
        connection.execute(
            f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS"
            f" SELECT * FROM relais.{table} WHERE ctid = %b::text::tid".encode(),
            (ctid,),
        )
        connection.execute(f"UPDATE copied SET {holds} = %b".encode(), (new,))
        connection.execute(f"INSERT INTO relais.{table} SELECT * FROM copied".encode())
        report = built.verified(OneConnection(connection))
    where = place(table, **{**key, holds: new})
    found = {
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.ROW_UNNAMED
    }
    assert where in found


@pytest.mark.parametrize("originator", ["journey", "network"])
def test_events_exchanged_are_named(built: Built, originator: str) -> None:
    of = built.journeys[0] if originator == "journey" else built.network
    report = built.exchanged("event", "version", 3, 4, f"originator = '{of}'")
    then_it_is_first(report, MismatchKind.ROW_UNNAMED, place("event", originator=of, version=3))


def test_a_missing_event_is_named(built: Built) -> None:
    journey = built.journeys[0]
    report = built.after("DELETE FROM relais.event WHERE originator = %b AND version = 3", journey)
    where = place("event", originator=journey, version=3)
    then_it_is_first(report, MismatchKind.VERSION_MISSING, where)


@pytest.mark.parametrize("originator", ["journey", "network"])
def test_another_order_of_entries_than_of_events_is_named(built: Built, originator: str) -> None:
    # Given the places of two entries exchanged, of which each stored a version.
    of = built.journeys[0] if originator == "journey" else built.network
    first, second = places_of_versions(built, of)
    report = built.exchanged("ledger_leaf", "position", first, second)
    assert MismatchKind.CHECKPOINT_ROOT in kinds(report)
    assert MismatchKind.ORDER_CHANGED in kinds(report)


def test_an_altered_line_of_the_directory_is_named(built: Built) -> None:
    report = built.after(
        "UPDATE relais.event SET state = set_byte(state, 300, get_byte(state, 300) # 1)"
        " WHERE originator = network AND version = 9"
    )
    where = place("event", originator=built.network, version=9)
    refused = [
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind.value == "directory_refused"
    ]
    assert refused == [where]


def test_a_line_of_the_directory_of_no_form_at_all_is_named(built: Built) -> None:
    state = b'\x01{"event":[],"version":1,"state":{}}' + bytes(64)
    report = built.after(
        "UPDATE relais.event SET state = %b WHERE originator = network AND version = 9", state
    )
    assert MismatchKind.DIRECTORY_REFUSED in kinds(report)


def test_a_missing_line_of_the_directory_is_named(built: Built) -> None:
    report = built.after("DELETE FROM relais.event WHERE originator = network AND version = 9")
    where = place("event", originator=built.network, version=9)
    found = {(mismatch.kind, mismatch.where) for mismatch in report.mismatches}
    assert (MismatchKind.VERSION_MISSING, where) in found


def test_a_line_that_the_house_says_after_it_founded_is_named(built: Built) -> None:
    """Though it signed the line and an entry names it: it speaks only until the first referent does."""
    network, house = built.town.installation.directory.to_change(), built.town.house
    excluded = built.town.referents["police.un"]
    set_standing(network, excluded, Standing.EXCLUDED, "motif", built.town.clock())
    (event,) = network.pending_events
    signer = Signer(house.signing_key, None)
    line = write_line(built.network, EventCodec(Network), event, signer)
    version = event.originator_version
    with built.tampering() as connection:
        connection.execute(
            "INSERT INTO relais.event (network, originator, version, state)"
            " VALUES (%b, %b, %b, %b)",
            (built.network, built.network, version, line),
        )
        named = row_digests.event(built.network, built.network, version, line)
        forge(connection, built, [named])
        report = built.verified(OneConnection(connection))
    where = place("event", originator=built.network, version=version)
    refused = [
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.DIRECTORY_REFUSED
    ]
    assert refused == [where]
