"""How whole the ledger is known to be: what the last verification found, and what waits for a checkpoint."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from domain.access import Access, LedgerStanding
from infrastructure.ledger.sequencer import Sequencer, Sequencing
from infrastructure.ledger.verification.report import Mismatch, MismatchKind, Report
from infrastructure.ledger.watch import LedgerWatch
from tests.databases import FreshDatabase
from tests.infrastructure.ledger.built_ledger import INTERVAL, ORIGIN, with_election
from tests.telling.town import Town

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def report(*mismatches: Mismatch) -> Report:
    return Report(3, 3, 0, 1, 7, mismatches, len(mismatches))


def known(watch: LedgerWatch) -> tuple[str | None, frozenset[UUID]]:
    return watch.problem, watch.damaged


def test_before_the_first_verification_nothing_is_said_of_it(database: FreshDatabase) -> None:
    watch = LedgerWatch(database.app, uuid4())
    assert known(watch) == (None, frozenset())
    assert watch() == LedgerStanding(None, 0, 0, None)


def test_the_first_mismatch_is_the_problem_and_every_journey_named_is_damaged(
    database: FreshDatabase,
) -> None:
    watch, first, second = LedgerWatch(database.app, uuid4()), uuid4(), uuid4()
    body = Mismatch(MismatchKind.BODY_ALTERED, "relais.ledger_body entry=3", first)
    leaf = Mismatch(MismatchKind.LEAF_ALTERED, "relais.ledger_leaf position=4")
    row = Mismatch(MismatchKind.ROW_MISSING, "relais.event", second)
    watch.verified(report(body, leaf, row), AT)
    assert known(watch) == (body.what, frozenset({first, second}))
    assert watch() == LedgerStanding(AT, 0, 0, body.what)
    # and what was repaired is forgotten
    watch.verified(report(), AT)
    assert known(watch) == (None, frozenset())


def test_what_no_checkpoint_covers_awaits_one(database: FreshDatabase, town: Town) -> None:
    services, session = town.services, town.who("cidff.un")
    sequencer = Sequencer(database.app, services.network, ORIGIN, town.house.signing_key, INTERVAL)
    watch = LedgerWatch(database.app, services.network)

    def note() -> None:
        services.ledger.note(session, Access("list_journeys", town.clock()))

    def sequence(*, sign: bool) -> None:
        def act(sequencing: Sequencing) -> None:
            while sequencing.round(town.clock(), may_sign=False).sequenced:
                pass
            if sign:
                sequencing.sign()

        with_election(sequencer, town.clock, act)

    sequence(sign=True)
    standing = watch()
    assert standing.checkpoint_size > 0
    assert standing.awaiting == 0
    # what has no place yet, and what has one under no checkpoint
    note()
    assert watch().awaiting == 1
    sequence(sign=False)
    note()
    note()
    assert watch() == LedgerStanding(None, standing.checkpoint_size, 3, None)
