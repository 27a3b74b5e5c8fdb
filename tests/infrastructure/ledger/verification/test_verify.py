"""Whoever alters the ledger itself as superuser is named, with the table and the place (attack case 36)."""

# ruff: noqa: S608 (a superuser's statements are put together here, out of names of our own)

from uuid import uuid4

import psycopg
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from infrastructure.ledger.verification.originator import TABLE_OF
from infrastructure.ledger.verification.report import (
    Mismatch,
    MismatchKind,
    Report,
    place,
)
from infrastructure.ledger.verification.verify import TABLES
from tests.databases import FreshDatabase
from tests.infrastructure.ledger.built_ledger import (
    Built,
    OneConnection,
    forge,
    kinds,
    one_of,
    position_of_a_consult,
    subject_of,
    then_it_is_first,
)
from tests.infrastructure.ledger.verification.altering import alter, cells, columns

# -- sound ------------------------------------------------------------------------------------------


def test_a_ledger_written_by_the_house_verifies(built: Built) -> None:
    report = built.verified()
    assert [str(mismatch) for mismatch in report.mismatches] == []
    assert report.sound
    assert report.size + report.unsequenced > 300
    assert report.checkpoints == 3
    assert report.checkpoint_size == max(built.notes)
    assert (report.outside, report.unsequenced) == (6, 3)
    counted = (
        one_of(built, f"SELECT count(*) FROM relais.{table}") for table in set(TABLE_OF.values())
    )
    assert report.rows == sum(counted) > 400


def test_it_extends_each_of_its_earlier_checkpoints(built: Built) -> None:
    for note in built.notes.values():
        assert built.verified(against=note).sound


def test_a_network_without_a_word_verifies(database: FreshDatabase, built: Built) -> None:
    report = built.verified(database.app)
    assert report == Report(0, 0, 0, 0, 0, (), 0)


def test_mismatches_are_counted_and_the_first_are_kept(built: Built) -> None:
    with built.tampering() as connection:
        connection.execute("UPDATE relais.event SET state = state || '\\x00'::bytea")
        report = built.verified(OneConnection(connection), limit=3)
    assert len(report.mismatches) == 3
    assert report.number > 200
    assert not report.sound
    assert "Aucune inscription ne nomme" in str(report.mismatches[0])
    assert report.mismatches[0].subject is not None


def test_a_place_is_a_table_and_a_key() -> None:
    assert place("card", epoch=b"\x0a\xff", face=2) == "relais.card epoch=0aff face=2"


# -- entries, their places and their bodies ----------------------------------------------


def test_an_altered_leaf_is_named(built: Built) -> None:
    report = built.after("UPDATE relais.ledger_leaf SET leaf = sha256(leaf) WHERE position = 7")
    then_it_is_first(report, MismatchKind.LEAF_ALTERED, "relais.ledger_leaf position=7")
    assert report.number == 1


def test_a_removed_leaf_is_named(built: Built) -> None:
    report = built.after("DELETE FROM relais.ledger_leaf WHERE position = 7")
    then_it_is_first(report, MismatchKind.POSITION_MISSING, "relais.ledger_leaf position=7")


def test_reordered_leaves_are_named(built: Built) -> None:
    report = built.exchanged("ledger_leaf", "position", 7, 8)
    size = min(built.notes)
    then_it_is_first(report, MismatchKind.CHECKPOINT_ROOT, f"relais.checkpoint size={size}")


def test_an_altered_header_is_named(built: Built) -> None:
    end = "set_byte(header, length(header) - 1, get_byte(header, length(header) - 1) # 1)"
    report = built.after(f"UPDATE relais.ledger_entry SET header = {end} WHERE id = 8")
    then_it_is_first(report, MismatchKind.LEAF_ALTERED, "relais.ledger_leaf position=7")
    refused = Mismatch(
        MismatchKind.SIGNATURE_REFUSED,
        place("ledger_entry", id=8, position=7),
        subject_of(built, 8),
    )
    assert refused in report.mismatches


def test_a_header_that_is_none_is_named(built: Built) -> None:
    last = one_of(built, "SELECT max(id) FROM relais.ledger_entry")
    report = built.after(
        "UPDATE relais.ledger_entry SET header = 'none'::bytea WHERE id = %b", last
    )
    then_it_is_first(report, MismatchKind.HEADER_REFUSED, place("ledger_entry", id=last))


def test_a_header_that_is_none_hides_no_other(built: Built) -> None:
    # Given one in the middle, of an entry that names no row.
    with built.tampering() as connection:
        position = position_of_a_consult(connection, above=0)
        connection.execute(
            "UPDATE relais.ledger_entry SET header = 'none'::bytea FROM relais.ledger_leaf AS l"
            " WHERE l.entry = id AND l.position = %b",
            (position,),
        )
        report = built.verified(OneConnection(connection))
    where = place("ledger_leaf", position=position)
    then_it_is_first(report, MismatchKind.LEAF_ALTERED, where)
    assert kinds(report) == {
        MismatchKind.LEAF_ALTERED,
        MismatchKind.HEADER_REFUSED,
        MismatchKind.CHECKPOINT_ROOT,
    }


def test_a_header_of_another_network_is_named(built: Built) -> None:
    subject = built.journeys[0]
    with built.tampering() as connection:
        entry = forge(connection, built, [], subject, network=uuid4())
        report = built.verified(OneConnection(connection))
    where = place("ledger_entry", id=entry)
    then_it_is_first(report, MismatchKind.HEADER_REFUSED, where, subject)


def test_a_removed_entry_is_named(built: Built) -> None:
    report = built.after("DELETE FROM relais.ledger_entry WHERE id = 8")
    then_it_is_first(report, MismatchKind.ENTRY_MISSING, "relais.ledger_leaf position=7")
    lone = place("ledger_body", entry=8)
    assert lone in {
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.ROW_WITHOUT_ENTRY
    }


def test_an_entry_moved_to_another_network_is_named(built: Built) -> None:
    elsewhere = uuid4()
    report = built.after("UPDATE relais.ledger_entry SET network = %b WHERE id = 8", elsewhere)
    where = "relais.ledger_entry id=8 position=7 column=network"
    then_it_is_first(report, MismatchKind.COLUMN_ALTERED, where)
    unknown = [
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.NETWORK_UNKNOWN
    ]
    assert unknown == [place("ledger_entry", network=elsewhere)]


BODY_CHANGES = {
    "body": (MismatchKind.BODY_ALTERED, "body = body || '\\x00'::bytea", ""),
    "trace": (MismatchKind.TRACE_ALTERED, "trace = trace || '\\x00'::bytea", ""),
    "no trace": (MismatchKind.COLUMN_ALTERED, "trace = NULL", " column=trace_epoch"),
    "network": (MismatchKind.COLUMN_ALTERED, "network = gen_random_uuid()", " column=network"),
    "subject": (MismatchKind.COLUMN_ALTERED, "subject = gen_random_uuid()", " column=subject"),
    "session_key": (
        MismatchKind.COLUMN_ALTERED,
        "session_key = sha256(session_key)",
        " column=session_key",
    ),
    "trace_epoch": (
        MismatchKind.COLUMN_ALTERED,
        "trace_epoch = sha256(trace_epoch)",
        " column=trace_epoch",
    ),
}


@pytest.mark.parametrize(("kind", "change", "column"), BODY_CHANGES.values(), ids=BODY_CHANGES)
def test_an_altered_body_is_named(
    built: Built, kind: MismatchKind, change: str, column: str
) -> None:
    entry = one_of(built, "SELECT min(entry) FROM relais.ledger_body WHERE trace IS NOT NULL")
    report = built.after(f"UPDATE relais.ledger_body SET {change} WHERE entry = %b", entry)
    where = place("ledger_body", entry=entry) + column
    then_it_is_first(report, kind, where, subject_of(built, entry))


def test_an_altered_body_without_a_place_is_named(built: Built) -> None:
    last = one_of(built, "SELECT max(id) FROM relais.ledger_entry")
    report = built.after(
        "UPDATE relais.ledger_body SET body = body || '\\x00'::bytea WHERE entry = %b", last
    )
    where = place("ledger_body", entry=last)
    then_it_is_first(report, MismatchKind.BODY_ALTERED, where, subject_of(built, last))


def test_a_removed_body_is_named(built: Built) -> None:
    report = built.after("DELETE FROM relais.ledger_body WHERE entry = 8")
    where = "relais.ledger_body entry=8"
    then_it_is_first(report, MismatchKind.BODY_MISSING, where, subject_of(built, 8))


def test_exchanged_bodies_are_named(built: Built) -> None:
    report = built.exchanged("ledger_body", "entry", 8, 9)
    where = place("ledger_body", entry=8)
    assert where in {mismatch.where for mismatch in report.mismatches}


# -- every byte ---------------------------------------------------------------------------------------


def test_every_column_that_lasts_is_tried_or_says_why_not(built: Built) -> None:
    with built.database.superuser.connection() as connection:
        found = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'relais' AND table_name NOT LIKE 'session%'"
        ).fetchall()
    of_ledger = {(table, column) for table, column in found if table in TABLES}
    assert set(columns()) == of_ledger


@given(
    st.sampled_from([*columns(proved=True)]),
    st.integers(0, 2**20),
    st.integers(0, 2**20),
    st.integers(0, 7),
)
@settings(max_examples=80, deadline=None)
def test_a_byte_altered_anywhere_is_named(
    built: Built, column: tuple[str, str], row: int, byte: int, bit: int
) -> None:
    with built.tampering() as connection:
        found = cells(connection, *column)
        cell = found[row % len(found)]
        try:
            alter(connection, cell, byte % cell.size, 1 << bit)
        except psycopg.IntegrityError:
            # The database itself refuses such a row.
            reject()
        report = built.verified(OneConnection(connection))
    assert not report.sound, cell
    # An entry, its place and its body are known by one another's numbers.
    named = "ledger_" if column[0] in {"ledger_entry", "ledger_leaf", "ledger_body"} else column[0]
    assert any(named in mismatch.where for mismatch in report.mismatches), cell
