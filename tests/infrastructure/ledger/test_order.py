"""Entries are placed in the order of their commits: held open, rolled back, in every order."""

from contextlib import ExitStack
from typing import Any
from uuid import UUID, uuid4

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infrastructure.ledger import sequencer
from infrastructure.ledger.watch import ledger_state
from infrastructure.postgres.embedded.configuration import APP
from tests.databases import FreshDatabase
from tests.infrastructure.ledger.sequencing import (
    NETWORK,
    START,
    elected,
    leaves,
    then_each_entry_has_one_leaf,
    write,
    write_many,
)


def test_entries_are_placed_in_the_order_of_their_numbers(database: FreshDatabase) -> None:
    write_many(database, 5)
    write_many(database, 3, uuid4())
    write_many(database, 2)
    with elected(database) as sequencing:
        assert sequencing.round(START).sequenced == 7
        assert sequencing.round(START).sequenced == 0
        assert sequencing.size == 7
    assert [entry for _, entry, _ in leaves(database)] == [1, 2, 3, 4, 5, 9, 10]
    then_each_entry_has_one_leaf(database)


def test_a_number_that_nobody_will_ever_use_is_looked_for_no_more(
    database: FreshDatabase,
) -> None:
    """Else each round would look through everything since the first entry that was not written after all."""
    # given a number that was taken and given up
    write_many(database, 3)
    with database.superuser.connection() as connection:
        connection.execute("SELECT nextval(pg_get_serial_sequence('relais.ledger_entry', 'id'))")
    write_many(database, 2)
    with elected(database) as sequencing:
        # when all who could still use it have ended
        for _ in range(3):
            sequencing.round(START)
        # then only what is younger is looked at
        assert sequencing._mark == 6
    then_each_entry_has_one_leaf(database)


def test_what_waits_is_taken_in_one_round_however_much_it_is(database: FreshDatabase) -> None:
    write_many(database, 2 * sequencer.BATCH)
    with elected(database) as sequencing:
        assert sequencing.round(START).sequenced == 2 * sequencer.BATCH
    placed = [entry for _, entry, _ in leaves(database)]
    assert placed == sorted(placed)
    then_each_entry_has_one_leaf(database)


def test_a_late_committer_is_taken_though_younger_entries_are_placed(
    database: FreshDatabase,
) -> None:
    with elected(database) as sequencing:
        with database.app.connection() as slow, slow.transaction():
            late = write(slow, b"late")
            with database.app.connection() as quick:
                early = write(quick, b"early")
            for _ in range(5):
                sequencing.round(START)
            assert [entry for _, entry, _ in leaves(database)] == [early]
        assert ledger_state(database.app, NETWORK).unsequenced == 1
        sequencing.round(START)
    assert ledger_state(database.app, NETWORK).unsequenced == 0
    assert late < early
    assert [entry for _, entry, _ in leaves(database)] == [early, late]


class Writers:
    """Transactions on connections of their own, in any order that a schedule says."""

    def __init__(self, database: FreshDatabase, network: UUID) -> None:
        self._database = database
        self._network = network
        self._open: dict[int, tuple[psycopg.Connection[Any], list[tuple[int, int]]]] = {}
        self.committed: list[tuple[int, int]] = []

    def begin(self, writer: int) -> None:
        """Open a transaction that has its id, and no number yet."""
        if writer not in self._open:
            connection = psycopg.connect(self._database.address(APP))
            connection.execute("SELECT pg_current_xact_id()")
            self._open[writer] = (connection, [])

    def write(self, writer: int, journey: int) -> None:
        """Write to a journey, unless another writer holds it: as ``relais.record`` does."""
        self.begin(writer)
        connection, written = self._open[writer]
        (free,) = connection.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))",
            (str(self._network), 10 + journey),
        ).fetchone() or (False,)
        if free:
            written.append((journey, write(connection, uuid4().bytes, self._network)))

    def commit(self, writer: int) -> None:
        if writer in self._open:
            connection, written = self._open.pop(writer)
            connection.commit()
            connection.close()
            self.committed += written

    def give_up(self, writer: int) -> None:
        """Roll back: the numbers are never used again."""
        if writer in self._open:
            self._open.pop(writer)[0].close()

    def crash(self, writer: int) -> None:
        """The server process of a writer dies."""
        if writer in self._open:
            connection, _ = self._open.pop(writer)
            with self._database.superuser.connection() as other:
                other.execute(
                    "SELECT pg_terminate_backend(%b, 10000)", (connection.info.backend_pid,)
                )
            connection.close()

    def held(self) -> list[int]:
        """The numbers that open transactions may still commit."""
        return [number for _, written in self._open.values() for _, number in written]

    def end(self) -> None:
        for writer in list(self._open):
            self.commit(writer)


writers = st.integers(0, 3)
schedules = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), writers),
        st.tuples(st.just("write"), writers, st.integers(0, 2)),
        st.tuples(st.just("write"), writers, st.integers(0, 2)),
        st.tuples(st.just("commit"), writers),
        st.tuples(st.just("give_up"), writers),
        st.tuples(st.just("crash"), writers),
        st.tuples(st.just("round")),
        st.tuples(st.just("round")),
        st.tuples(st.just("anew")),
    ),
    max_size=40,
)


@given(schedules)
@settings(
    max_examples=60,
    deadline=None,
    # Each example has a network of its own in the one database.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_committed_entry_gets_one_leaf_whatever_the_schedule(
    database: FreshDatabase, schedule: list[tuple[Any, ...]]
) -> None:
    network = uuid4()
    acting = Writers(database, network)
    with ExitStack() as stack:
        running = ExitStack()
        stack.callback(lambda: running.close())  # noqa: PLW0108 (whichever runs then)
        sequencing = running.enter_context(elected(database, START, network))
        for name, *arguments in schedule:
            if name == "round":
                sequencing.round(START)
                # What the mark passed can never be filled, or the sequencer would miss it.
                assert all(number > sequencing._mark for number in acting.held())
            elif name == "anew":
                running.close()
                running = ExitStack()
                sequencing = running.enter_context(elected(database, START, network))
            else:
                getattr(acting, name)(*arguments)
        acting.end()
        for _ in range(3):
            sequencing.round(START)
        with database.app.connection() as connection:
            row = connection.execute("SELECT max(id) FROM relais.ledger_entry").fetchone()
        assert sequencing._mark == ((row and row[0]) or 0)
    then_each_entry_has_one_leaf(database, network)
    placed = [entry for _, entry, _ in leaves(database, network)]
    assert sorted(placed) == sorted(number for _, number in acting.committed)
    for journey in range(3):
        of_journey = [number for one, number in acting.committed if one == journey]
        assert sorted(of_journey, key=placed.index) == of_journey
