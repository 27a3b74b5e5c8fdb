"""A row that was replaced or destroyed without an entry that names it is named."""

# ruff: noqa: S608 (a superuser's statements are put together here, out of names of our own)

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.header import RowDigest, RowKind
from infrastructure.ledger.verification.report import MismatchKind, place
from tests.infrastructure.ledger.built_ledger import (
    Built,
    OneConnection,
    forge,
    kinds,
    last_row,
    one_of,
    then_it_is_first,
)


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
    found = {(mismatch.kind, mismatch.where) for mismatch in report.mismatches}
    assert (MismatchKind.ROW_PUT_BACK, place("epoch_grant", **key)) in found


def test_a_destroyed_grant_whose_row_is_gone_is_named(built: Built) -> None:
    """Without an erasure the emptied row stays: who had the key is part of the past."""
    destroyed = " FROM relais.epoch_grant WHERE envelope IS NULL AND originator = %b"
    journey = built.journeys[0]
    emptied = one_of(built, f"SELECT count(*){destroyed}", journey)
    report = built.after(f"DELETE{destroyed}", journey)
    place_of_each = place("epoch_grant", originator=journey)
    missing = [
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.ROW_MISSING
    ]
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
    found = {(mismatch.kind, mismatch.where) for mismatch in report.mismatches}
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
        back = {
            mismatch.where
            for mismatch in report.mismatches
            if mismatch.kind is MismatchKind.ROW_PUT_BACK
        }
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
    found = {(mismatch.kind, mismatch.where, mismatch.subject) for mismatch in report.mismatches}
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
    assert [mismatch.kind for mismatch in report.mismatches] == [MismatchKind.ROW_MISSING]
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
    assert where in {mismatch.where for mismatch in report.mismatches}
    assert MismatchKind.SESSION_UNKNOWN in kinds(report)
