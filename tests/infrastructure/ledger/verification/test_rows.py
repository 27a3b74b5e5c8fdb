"""Whoever alters what the ledger names as superuser is named, with the table and the place (attack case 36)."""

# ruff: noqa: S608 (a superuser's statements are put together here, out of names of our own)

from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.network.members import Standing, set_standing
from domain.network.network import Network
from infrastructure.formats.directory_line import Signer, write_line
from infrastructure.formats.envelope import new_key
from infrastructure.formats.event import EventCodec
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.header import RowDigest, RowKind
from infrastructure.ledger.verification.report import MismatchKind, place
from tests.infrastructure.ledger.built_ledger import (
    KEYS,
    Built,
    OneConnection,
    forge,
    kinds,
    last_row,
    one_of,
    places_of_versions,
    then_it_is_first,
)

# -- changed, removed, put in, reordered -----

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
    missing = [one for one in report.mismatches if one.kind is MismatchKind.ROW_MISSING]
    assert len(missing) == 1
    assert missing[0].where.startswith(f"relais.{table}")


@pytest.mark.parametrize("table", KEYS)
def test_a_removed_row_is_named(built: Built, table: str) -> None:
    ctid, _ = last_row(built, table)
    report = built.after(f"DELETE FROM relais.{table} WHERE ctid = %b::text::tid", ctid)
    missing = [one.where for one in report.mismatches if one.kind is MismatchKind.ROW_MISSING]
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
    found = {one.where for one in report.mismatches if one.kind is MismatchKind.ROW_UNNAMED}
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


# -- what was replaced or destroyed -------------------------------------------------------------------


def test_an_older_card_put_back_is_named(built: Built) -> None:
    journey = built.journeys[2]
    with built.tampering() as connection:
        older = connection.execute(
            "SELECT originator, face, version, epoch, envelope FROM relais.card"
            " WHERE originator = %b AND face = 2",
            (journey,),
        ).fetchone()
        _, face, version, epoch, envelope = older
        newer = row_digests.card(built.network, journey, face, version + 1, epoch, envelope)
        forge(connection, built, [newer], journey)
        report = built.verified(OneConnection(connection))
    where = place("card", originator=journey, face=2)
    assert (MismatchKind.ROW_PUT_BACK, where) in {(m.kind, m.where) for m in report.mismatches}
    assert MismatchKind.ROW_MISSING in kinds(report)


def test_a_card_face_that_nobody_writes_is_named(built: Built) -> None:
    with built.tampering() as connection:
        connection.execute("ALTER TABLE relais.card DROP CONSTRAINT card_face_check")
        connection.execute(
            "UPDATE relais.card SET face = 9 WHERE originator = %b AND face = 2",
            (built.journeys[2],),
        )
        report = built.verified(OneConnection(connection))
    where = place("card", originator=built.journeys[2], face=9)
    then_it_is_first(report, MismatchKind.ROW_UNNAMED, where)


def test_a_grant_destroyed_without_an_entry_is_named(built: Built) -> None:
    ctid, key = last_row(built, "epoch_grant")
    report = built.after(
        "UPDATE relais.epoch_grant SET envelope = NULL WHERE ctid = %b::text::tid", ctid
    )
    then_it_is_first(report, MismatchKind.GRANT_TAKEN_AWAY, place("epoch_grant", **key))
    assert report.number == 1


def test_a_destroyed_grant_put_back_is_named(built: Built) -> None:
    assert one_of(built, "SELECT count(*) FROM relais.epoch_grant WHERE envelope IS NULL") > 0
    _, key = last_row(built, "epoch_grant")
    with built.tampering() as connection:
        row = connection.execute(
            "SELECT originator, epoch, holder, generation, sha256(envelope)"
            " FROM relais.epoch_grant WHERE originator = %b AND epoch = %b AND holder = %b",
            (key["originator"], key["epoch"], key["holder"]),
        ).fetchone()
        gone = row_digests.grant(built.network, *row, destroyed=True)
        forge(connection, built, [gone], key["originator"])
        report = built.verified(OneConnection(connection))
    found = {(one.kind, one.where) for one in report.mismatches}
    assert (MismatchKind.ROW_PUT_BACK, place("epoch_grant", **key)) in found


def test_a_destroyed_grant_whose_row_is_gone_is_named(built: Built) -> None:
    """Without an erasure the emptied row stays: who had the key is part of the past."""
    destroyed = " FROM relais.epoch_grant WHERE envelope IS NULL AND originator = %b"
    journey = built.journeys[0]
    emptied = one_of(built, f"SELECT count(*){destroyed}", journey)
    report = built.after(f"DELETE{destroyed}", journey)
    place_of_each = place("epoch_grant", originator=journey)
    missing = [one.where for one in report.mismatches if one.kind is MismatchKind.ROW_MISSING]
    assert len(missing) == report.number == emptied > 0
    assert all(where.startswith(place_of_each) for where in missing)


def test_an_emptied_grant_whose_set_is_gone_is_named(built: Built) -> None:
    _, key = last_row(built, "epoch_grant")
    with built.tampering() as connection:
        connection.execute("DELETE FROM relais.grant_set WHERE epoch = %b", (key["epoch"],))
        connection.execute(
            "UPDATE relais.epoch_grant SET envelope = NULL WHERE epoch = %b", (key["epoch"],)
        )
        report = built.verified(OneConnection(connection))
    found = {(one.kind, one.where) for one in report.mismatches}
    assert (MismatchKind.ROW_UNNAMED, place("epoch_grant", **key)) in found


def test_a_grant_set_that_does_not_parse_is_named_though_an_entry_names_it(built: Built) -> None:
    journey, epoch = built.journeys[0], bytes(32)
    with built.tampering() as connection:
        connection.execute(
            "INSERT INTO relais.grant_set VALUES (%b, %b, %b, 0, ''::bytea, ''::bytea)",
            (built.network, journey, epoch),
        )
        named = row_digests.grant_set(built.network, journey, epoch, 0, b"", b"")
        forge(connection, built, [named], journey)
        report = built.verified(OneConnection(connection))
    where = place("grant_set", originator=journey, epoch=epoch, ordinal=0)
    then_it_is_first(report, MismatchKind.ROW_UNNAMED, where)


@pytest.mark.parametrize("done", [True, False], ids=["erased", "put back"])
def test_an_erasure_is_accepted_under_an_entry_that_names_it(built: Built, done: bool) -> None:
    journey = built.journeys[2]
    with built.tampering() as connection:
        gone = row_digests.shred_secret(built.network, journey, destroyed=True)
        forge(connection, built, [gone], journey)
        if done:
            for table in ("shred_secret", "card"):
                connection.execute(
                    f"DELETE FROM relais.{table} WHERE originator = %b".encode(), (journey,)
                )
            connection.execute(
                "INSERT INTO relais.erased (network, originator) VALUES (%b, %b)",
                (built.network, journey),
            )
        report = built.verified(OneConnection(connection))
    if done:
        assert report.sound
    else:
        back = {one.where for one in report.mismatches if one.kind is MismatchKind.ROW_PUT_BACK}
        assert place("shred_secret", originator=journey) in back
        assert place("card", originator=journey, face=2) in back


def test_an_erasure_that_no_entry_names_is_named(built: Built) -> None:
    journey = built.journeys[2]
    report = built.after(
        "INSERT INTO relais.erased (network, originator) VALUES (%b, %b)", built.network, journey
    )
    where = place("erased", originator=journey)
    then_it_is_first(report, MismatchKind.ROW_UNNAMED, where, journey)
    assert report.number == 1


def test_an_erasure_that_the_house_did_not_sign_is_refused_alone(built: Built) -> None:
    # Given an entry of a stranger that erases, and names a row that is not there.
    journey = built.journeys[2]
    gone = row_digests.shred_secret(built.network, journey, destroyed=True)
    beside = RowDigest(RowKind.TAG, bytes(32))
    with built.tampering() as connection:
        stranger = Ed25519PrivateKey.generate()
        entry = forge(connection, built, [gone, beside], journey, key=stranger)
        report = built.verified(OneConnection(connection))
    where = place("ledger_entry", id=entry)
    found = {(one.kind, one.where, one.subject) for one in report.mismatches}
    assert (MismatchKind.ERASURE_REFUSED, where, journey) in found
    missing = f"{place('tag', originator=journey)}, {where}"
    assert (MismatchKind.ROW_MISSING, missing, journey) in found


def test_a_grant_that_an_erasure_took_away_without_naming_it_is_named(built: Built) -> None:
    journey = built.journeys[2]
    with built.tampering() as connection:
        # Given an erasure that names the destruction of all its grants but one
        named, *others = connection.execute(
            "DELETE FROM relais.epoch_grant WHERE originator = %b"
            " RETURNING originator, epoch, holder, generation, sha256(envelope)",
            (journey,),
        ).fetchall()
        for table in ("shred_secret", "card"):
            connection.execute(
                f"DELETE FROM relais.{table} WHERE originator = %b".encode(), (journey,)
            )
        gone = [row_digests.grant(built.network, *row, destroyed=True) for row in others]
        gone.append(row_digests.shred_secret(built.network, journey, destroyed=True))
        connection.execute(
            "INSERT INTO relais.erased (network, originator) VALUES (%b, %b)",
            (built.network, journey),
        )
        forge(connection, built, gone, journey)
        report = built.verified(OneConnection(connection))
        # When it names that one as well
        last = row_digests.grant(built.network, *named, destroyed=True)
        forge(connection, built, [last], journey)
        whole = built.verified(OneConnection(connection))
    # Then nothing is missing; and before, that one was.
    assert whole.sound
    assert [one.kind for one in report.mismatches] == [MismatchKind.ROW_MISSING]
    assert report.mismatches[0].where.startswith(place("epoch_grant", originator=journey))


@pytest.mark.parametrize("table", ["event", "account"])
def test_a_row_named_twice_is_named(built: Built, table: str) -> None:
    journey = built.journeys[0]
    with built.tampering() as connection:
        if table == "event":
            row = connection.execute(
                "SELECT version, state FROM relais.event WHERE originator = %b", (journey,)
            ).fetchone()
            digest = row_digests.event(built.network, journey, *row)
        else:
            row = connection.execute("SELECT referent, bundle FROM relais.account").fetchone()
            digest = row_digests.bundle(built.network, *row)
        entry = forge(connection, built, [digest], journey)
        report = built.verified(OneConnection(connection))
    where = place("ledger_entry", id=entry)
    then_it_is_first(report, MismatchKind.ROW_NAMED_TWICE, where)


def test_a_row_of_a_kind_that_has_no_table_is_missing(built: Built) -> None:
    with built.tampering() as connection:
        digest = RowDigest(RowKind.TAG, bytes(32))
        entry = forge(connection, built, [digest], built.journeys[0])
        report = built.verified(OneConnection(connection))
    where = f"{place('tag', originator=built.journeys[0])}, {place('ledger_entry', id=entry)}"
    then_it_is_first(report, MismatchKind.ROW_MISSING, where)


def test_a_session_whose_ledger_key_nobody_has_is_named(built: Built) -> None:
    with built.tampering() as connection:
        entry = forge(connection, built, [])
        key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        connection.execute(
            "UPDATE relais.ledger_body SET session_key = %b WHERE entry = %b", (key, entry)
        )
        report = built.verified(OneConnection(connection))
    where = place("ledger_body", entry=entry, session_key=key)
    assert where in {one.where for one in report.mismatches}
    assert MismatchKind.SESSION_UNKNOWN in kinds(report)


# -- the directory ------------------------------------------------------------------------------------


def test_an_altered_line_of_the_directory_is_named(built: Built) -> None:
    report = built.after(
        "UPDATE relais.event SET state = set_byte(state, 300, get_byte(state, 300) # 1)"
        " WHERE originator = network AND version = 9"
    )
    where = place("event", originator=built.network, version=9)
    refused = [one.where for one in report.mismatches if one.kind.value == "directory_refused"]
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
    found = {(one.kind, one.where) for one in report.mismatches}
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
    refused = [one.where for one in report.mismatches if one.kind is MismatchKind.DIRECTORY_REFUSED]
    assert refused == [where]
