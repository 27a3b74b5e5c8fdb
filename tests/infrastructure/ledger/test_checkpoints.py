"""When the ledger is signed, and that nothing is built on a tree that was not."""

from datetime import timedelta
from uuid import uuid4

import pytest

from infrastructure.formats.ledger.checkpoint import open_note
from infrastructure.ledger import sequencer
from infrastructure.ledger.sequencer import LedgerOutOfStep
from infrastructure.ledger.watch import LedgerState, ledger_state
from tests.databases import FreshDatabase
from tests.infrastructure.ledger.sequencing import (
    INTERVAL,
    KEY,
    NETWORK,
    NEXT,
    ORIGIN,
    START,
    checkpoints,
    elected,
    then_each_entry_has_one_leaf,
    then_the_checkpoints_fit,
    write_many,
)


def test_checkpoints_fall_on_multiples_of_the_interval(database: FreshDatabase) -> None:
    write_many(database, 3)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT - timedelta(microseconds=1)).checkpoint is None
        note = sequencing.round(NEXT + timedelta(minutes=1)).checkpoint
        write_many(database, 2)
        assert sequencing.round(NEXT + timedelta(minutes=4)).checkpoint is None
        assert sequencing.round(NEXT + timedelta(minutes=5)).checkpoint is not None
    assert note is not None
    assert open_note(note, {ORIGIN: KEY.public_key()}).size == 3
    assert sorted(checkpoints(database)) == [3, 5]
    then_the_checkpoints_fit(database)


def test_a_ledger_that_did_not_grow_has_the_same_checkpoint(database: FreshDatabase) -> None:
    with elected(database) as sequencing:
        assert sequencing.sign() is None
    write_many(database, 3)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT).checkpoint is not None
        assert sequencing.round(NEXT + INTERVAL).checkpoint is None
        assert sequencing.sign() is None
    with elected(database) as sequencing:
        assert sequencing.sign() is None
    assert sorted(checkpoints(database)) == [3]


def test_nothing_is_signed_while_a_mismatch_is_known(database: FreshDatabase) -> None:
    write_many(database, 3)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT, may_sign=False) == sequencer.Round(3, None)
        assert sequencing.round(NEXT).checkpoint is not None


def test_a_tree_of_many_leaves_is_taken_up_where_it_stood(database: FreshDatabase) -> None:
    write_many(database, 70_000)
    with database.app.connection() as connection:
        connection.execute(
            "INSERT INTO relais.ledger_leaf (network, position, entry, leaf)"
            " SELECT network, id - 1, id, sha256('\\x00'::bytea || header)"
            " FROM relais.ledger_entry WHERE id <= 69990"
        )
    with elected(database) as sequencing:
        assert sequencing.size == 69_990
        sequencing.sign()
        assert sequencing.round(START).sequenced == 10
        sequencing.sign()
    with elected(database) as sequencing:
        assert sequencing.size == 70_000
    then_each_entry_has_one_leaf(database)
    then_the_checkpoints_fit(database)


TAMPERINGS = {
    "a leaf altered": "UPDATE relais.ledger_leaf SET leaf = sha256(leaf) WHERE position = 2",
    "leaves exchanged": "UPDATE relais.ledger_leaf SET leaf = (SELECT o.leaf FROM"
    " relais.ledger_leaf AS o WHERE o.position = 1 - ledger_leaf.position) WHERE position < 2",
    "a leaf taken away": "DELETE FROM relais.ledger_leaf WHERE position = 2",
    "the last leaf taken away": "DELETE FROM relais.ledger_leaf WHERE position = 4",
    "all leaves taken away": "DELETE FROM relais.ledger_leaf",
    "the checkpoint altered": "UPDATE relais.checkpoint SET note = replace(note, '5', '6')",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
def test_nothing_is_built_on_a_tree_that_was_not_signed(
    database: FreshDatabase, statement: str
) -> None:
    write_many(database, 5)
    with elected(database) as sequencing:
        sequencing.round(NEXT)
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(statement.encode())
    with pytest.raises(LedgerOutOfStep), elected(database):
        pass
    # The lock was given back.
    with pytest.raises(LedgerOutOfStep), elected(database):
        pass


def test_a_checkpoint_far_into_the_tree_is_compared_too(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leaves are read in pieces; the checkpoint ends amid a later one."""
    monkeypatch.setattr(sequencer, "_CHUNK", 2)
    write_many(database, 5)
    with elected(database) as sequencing:
        sequencing.round(NEXT)
    write_many(database, 4)
    with elected(database) as sequencing:
        assert sequencing.round(NEXT, may_sign=False).sequenced == 4
    with elected(database) as sequencing:
        assert sequencing.size == 9
    with database.superuser.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(TAMPERINGS["a leaf altered"].encode())
    with pytest.raises(LedgerOutOfStep), elected(database):
        pass


# -- state ------------------------------------------------------------------------------------------


def test_the_state_says_how_far_the_ledger_is(database: FreshDatabase) -> None:
    assert ledger_state(database.app, NETWORK) == LedgerState(0, 0, 0)
    write_many(database, 3)
    write_many(database, 4, uuid4())
    assert ledger_state(database.app, NETWORK) == LedgerState(0, 0, 3)
    with elected(database) as sequencing:
        sequencing.round(NEXT)
        write_many(database, 2)
        sequencing.round(NEXT)
        write_many(database, 1)
    assert ledger_state(database.app, NETWORK) == LedgerState(5, 3, 1)
