"""Whoever kept a checkpoint notices any other history (attack case 36)."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure.formats.ledger import checkpoint as checkpoints
from infrastructure.formats.ledger import tree as merkle
from infrastructure.formats.ledger.checkpoint import Checkpoint
from infrastructure.ledger.verification.report import MismatchKind
from tests.infrastructure.ledger.built_ledger import (
    ORIGIN,
    Built,
    OneConnection,
    position_of_a_consult,
    then_it_is_first,
)

# -- checkpoints --------------------------------------------------------------------------------------

CUT = (
    (
        "DELETE FROM relais.ledger_body USING relais.ledger_leaf AS l"
        " WHERE l.entry = ledger_body.entry AND l.position >= %b"
    ),
    (
        "DELETE FROM relais.ledger_entry USING relais.ledger_leaf AS l"
        " WHERE l.entry = ledger_entry.id AND l.position >= %b"
    ),
    "DELETE FROM relais.ledger_leaf WHERE position >= %b",
)


@pytest.mark.parametrize("kept", [0, 1, 100])
def test_a_ledger_cut_short_is_noticed_by_its_checkpoints(built: Built, kept: int) -> None:
    with built.tampering() as connection:
        for statement in CUT:
            connection.execute(statement.encode(), (kept,))
        report = built.verified(OneConnection(connection))
    size = min(size for size in built.notes if size > kept)
    where = f"relais.checkpoint size={size}"
    assert (report.mismatches[0].kind, report.mismatches[0].where) in {
        (MismatchKind.CHECKPOINT_BEYOND, where),
        (MismatchKind.HEADER_REFUSED, where),
    }
    beyond = [
        mismatch.where
        for mismatch in report.mismatches
        if mismatch.kind is MismatchKind.CHECKPOINT_BEYOND
    ]
    assert beyond == [
        f"relais.checkpoint size={size}" for size in sorted(built.notes) if size > kept
    ]


def test_a_ledger_rolled_back_is_noticed_by_who_kept_a_checkpoint(built: Built) -> None:
    sizes = sorted(built.notes)
    with built.tampering() as connection:
        for statement in CUT:
            connection.execute(statement.encode(), (sizes[1],))
        connection.execute("DELETE FROM relais.checkpoint WHERE size > %b", (sizes[1],))
        report = built.verified(OneConnection(connection), built.notes[sizes[2]])
    where = f"relais.checkpoint size={sizes[2]}"
    then_it_is_first(report, MismatchKind.EARLIER_BEYOND, where)


@pytest.mark.parametrize("thorough", [True, False], ids=["all new", "the last new"])
def test_another_history_signed_with_the_genuine_key_is_noticed(
    built: Built, thorough: bool
) -> None:
    # Given a consult in the middle that never was, and checkpoints over what is left.
    sizes = sorted(built.notes)
    with built.tampering() as connection:
        position = position_of_a_consult(connection, above=sizes[0])
        for statement in CUT:
            connection.execute((statement + " AND position <= %b").encode(), (position, position))
        connection.execute(
            "UPDATE relais.ledger_leaf SET position = position - 1 WHERE position > %b",
            (position,),
        )
        leaves = [
            leaf
            for (leaf,) in connection.execute(
                "SELECT leaf FROM relais.ledger_leaf ORDER BY position"
            )
        ]
        oldest = sizes[0] if thorough else sizes[1]
        connection.execute("DELETE FROM relais.checkpoint WHERE size > %b", (oldest,))
        signed = Checkpoint(ORIGIN, len(leaves), merkle.root(leaves))
        note = checkpoints.sign(signed, ORIGIN, built.town.house.signing_key)
        connection.execute(
            "INSERT INTO relais.checkpoint VALUES (%b, %b, %b)",
            (built.network, signed.size, note),
        )
        shown = OneConnection(connection)
        alone = built.verified(shown)
        report = built.verified(shown, built.notes[sizes[1]])
        unaware = built.verified(shown, built.notes[sizes[0]])

    # Then whoever kept a checkpoint from after it knows.
    where = f"relais.checkpoint size={sizes[1]}"
    then_it_is_first(report, MismatchKind.EARLIER_ROOT, where)
    assert alone.sound is thorough
    assert unaware.sound is thorough
    if not thorough:
        then_it_is_first(alone, MismatchKind.CHECKPOINT_ROOT, where)


def test_a_checkpoint_taken_away_is_noticed_by_who_kept_it(built: Built) -> None:
    size = sorted(built.notes)[1]
    report = built.after(
        "DELETE FROM relais.checkpoint WHERE size = %b", size, against=built.notes[size]
    )
    then_it_is_first(report, MismatchKind.EARLIER_MISSING, f"relais.checkpoint size={size}")
    assert report.number == 1


def test_a_checkpoint_taken_away_from_a_ledger_of_its_size_is_noticed_by_who_kept_it(
    built: Built,
) -> None:
    size = max(built.notes)
    with built.tampering() as connection:
        for statement in CUT:
            connection.execute(statement.encode(), (size,))
        connection.execute("DELETE FROM relais.checkpoint WHERE size = %b", (size,))
        report = built.verified(OneConnection(connection), built.notes[size])
    then_it_is_first(report, MismatchKind.EARLIER_MISSING, f"relais.checkpoint size={size}")


def test_a_checkpoint_not_of_the_house_is_named(built: Built) -> None:
    size = sorted(built.notes)[1]
    other = Ed25519PrivateKey.generate()
    checkpoint = Checkpoint(ORIGIN, size, bytes(32))
    note = checkpoints.sign(checkpoint, ORIGIN, other)
    report = built.after("UPDATE relais.checkpoint SET note = %b WHERE size = %b", note, size)
    then_it_is_first(report, MismatchKind.CHECKPOINT_REFUSED, f"relais.checkpoint size={size}")


def test_a_checkpoint_of_another_ledger_of_the_house_is_named(built: Built) -> None:
    size = sorted(built.notes)[1]
    checkpoint = Checkpoint("relais.example/ailleurs", size, bytes(32))
    note = checkpoints.sign(checkpoint, ORIGIN, built.town.house.signing_key)
    report = built.after("UPDATE relais.checkpoint SET note = %b WHERE size = %b", note, size)
    then_it_is_first(report, MismatchKind.CHECKPOINT_REFUSED, f"relais.checkpoint size={size}")


def test_a_checkpoint_moved_to_another_size_is_named(built: Built) -> None:
    size = sorted(built.notes)[1]
    report = built.after("UPDATE relais.checkpoint SET size = size - 1 WHERE size = %b", size)
    where = f"relais.checkpoint size={size - 1}"
    then_it_is_first(report, MismatchKind.CHECKPOINT_REFUSED, where)


@pytest.mark.parametrize("note", ["", "nothing", "foreign"])
def test_an_earlier_checkpoint_that_the_house_did_not_sign_is_refused(
    built: Built, note: str
) -> None:
    if note == "foreign":
        checkpoint = Checkpoint(ORIGIN, 1, bytes(32))
        note = checkpoints.sign(checkpoint, ORIGIN, Ed25519PrivateKey.generate())
    report = built.verified(against=note)
    then_it_is_first(report, MismatchKind.EARLIER_REFUSED, "note")
