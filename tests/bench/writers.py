"""How fast an act is stored: four ways, in processes of their own, on one PostgreSQL.

plain   the plain insert of the same bytes
stock   the stock ``eventsourcing`` application on its own PostgreSQL recorder, nothing sealed
raw     our own function called with ready bytes
whole   ours whole: policy, sealing, signature, event and ledger entry
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from queue import Queue
from typing import Any
from uuid import UUID, uuid4

from eventsourcing import postgres
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from application.door.journey import enter
from application.referent import listing
from domain.access import Access
from domain.cards import Face
from domain.compartments import Compartment
from domain.journey import entries
from domain.journey.entries import Content
from infrastructure.formats.card import CardRow
from infrastructure.formats.ledger.entry import LedgerAuthor, write_entry
from infrastructure.formats.ledger.row_digests import card as card_digest
from infrastructure.formats.ledger.row_digests import event as event_digest
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.configuration import APP, SUPERUSER
from infrastructure.postgres.migrating import bootstrap
from infrastructure.store.recorder import Recorder, Recording
from policies.charter import Act
from relais.serving.server import settle
from tests.bench.bench_town import TEXT, Bench, open_town, open_up_to
from tests.telling.town import Town

SECONDS = 3.0
PREPARED = 24_000
"""Acts that the raw writers have ready before the clock starts: more than one run stores."""


Writer = Callable[[Bench, int], Iterator[None]]


def whole(bench: Bench, client: int) -> Iterator[None]:
    """Ours: the aggregate is loaded once, then each act is decided, sealed, signed and stored."""
    with Database(bench.cluster.address(APP, bench.database), largest=2) as database:
        installation, session = open_town(bench, database)
        services = installation.services
        cards = listing.my_journeys(services, session)
        journey = sorted(card.journey for card in cards)[client]
        entered = enter(
            services,
            session,
            journey,
            Act.APPEND,
            compartment=Compartment.FOLLOW_UP,
            ground="council_ground",
        )
        while True:
            decision = entered.ask(Act.APPEND, Compartment.FOLLOW_UP, "council_ground")
            if not decision.allowed:
                raise AssertionError(decision)
            content = Content("interview", TEXT, entered.today)
            entries.append(
                entered.journey,
                entered.author,
                Compartment.FOLLOW_UP,
                content,
                "council_ground",
                entered.at,
            )
            entered.record(ground="council_ground")
            yield


def raw(bench: Bench, _client: int) -> Iterator[None]:
    """Our function alone, with bytes of the same sizes made beforehand."""
    with Database(bench.cluster.address(APP, bench.database), largest=2) as database:
        installation, session = open_town(bench, database)
        recorder = Recorder(database, bench.network)
        counter = installation.directory.current().counter
        ready = [
            _ready(bench, session, originator, place, counter)
            for originator in (uuid4() for _ in range(PREPARED // bench.clients // 300))
            for place in range(300)
        ]
        for recording in ready:
            recorder.insert(recording)
            yield


def _ready(bench: Bench, session: Any, originator: UUID, place: int, counter: int) -> Recording:
    state, version = os.urandom(700), place + 1
    cards = [
        CardRow(face, version, os.urandom(32), os.urandom(size))
        for face, size in ((Face.FRAME, 600), (Face.IDENTITY, 93))
    ]
    digests = [event_digest(bench.network, originator, version, state)]
    digests += [
        card_digest(bench.network, originator, one.face, version, one.epoch, one.envelope)
        for one in cards
    ]
    access = Access("append", datetime.now(UTC), subject=originator)
    return Recording(
        network=bench.network,
        originator=originator,
        ledger=write_entry(LedgerAuthor.of(session), access, digests, None),
        expected=place,
        counter=counter,
        states=[state],
        cards=cards,
    )


def plain(bench: Bench, _client: int) -> Iterator[None]:
    """The least that could be done: one row of the same bytes, committed."""
    with Database(bench.cluster.address(SUPERUSER, "stock"), largest=2) as database:
        originator, version, state = uuid4(), 0, os.urandom(700)
        while True:
            version += 1
            with database.connection() as connection:
                connection.execute(
                    "INSERT INTO plain_event VALUES (%b, %b, %b::integer, %b)",
                    (bench.network, originator, version, state),
                )
            yield


class PlainJourney(Aggregate):
    """A journey as the stock library would keep it: nothing sealed, nobody asked."""

    @event("Opened")
    def __init__(self) -> None:
        self.last: tuple[object, ...] = ()

    @event("Appended")
    def append(self, by: UUID, institution: UUID, kind: str, text: str, occurred_on: str) -> None:
        """Append an action."""
        self.last = (by, institution, kind, text, occurred_on)


def stock(bench: Bench, _client: int) -> Iterator[None]:
    """The stock application, its aggregate loaded."""
    application: Application[UUID] = Application(env=stock_environment(bench))
    journey = PlainJourney()
    application.save(journey)
    while True:
        journey.append(uuid4(), uuid4(), "interview", TEXT, date(2026, 3, 2).isoformat())
        application.save(journey)
        yield


def stock_environment(bench: Bench) -> dict[str, str]:
    """How the stock application finds its database."""
    return {
        "PERSISTENCE_MODULE": postgres.__name__,
        "POSTGRES_DBNAME": "stock",
        "POSTGRES_HOST": str(bench.cluster.socket),
        "POSTGRES_USER": SUPERUSER,
        "POSTGRES_PASSWORD": "",
        "CREATE_TABLE": "false",
    }


WRITERS: dict[str, Writer] = {"plain": plain, "stock": stock, "raw": raw, "whole": whole}


def report(town: Town, bench: Bench) -> None:
    """Measure each way with one client and with eight, and print them against the stock and the raw one."""
    open_up_to(town, 8)
    _prepare_stock(bench)
    print("| writing | clients | acts/s | median ms | p99 ms | × stock | × raw |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for clients in (1, 8):
        measured = {name: measure(bench, name, clients) for name in WRITERS}
        for name, taken in measured.items():
            print(
                f"| {name} | {clients} | {taken.rate:.0f} | {taken.median * 1e3:.2f} | {taken.late * 1e3:.2f}"
                f" | {taken.rate / measured['stock'].rate:.2f} | {taken.rate / measured['raw'].rate:.2f} |",
                flush=True,
            )


def _prepare_stock(bench: Bench) -> None:
    bootstrap(bench.cluster.address(SUPERUSER, "postgres"), "stock")
    with (
        Database(bench.cluster.address(SUPERUSER, "stock"), largest=1) as stock_database,
        stock_database.connection() as connection,
    ):
        connection.execute(
            "CREATE TABLE plain_event (network uuid, originator uuid, version integer, state bytea,"
            " PRIMARY KEY (network, originator, version))"
        )
    Application(env={**stock_environment(bench), "CREATE_TABLE": "true"}).close()


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: acts per second of all clients, and the latencies in seconds."""

    rate: float
    median: float
    late: float


def measure(bench: Bench, name: str, clients: int) -> Measured:
    """Run a way of writing in that many processes at once."""
    spawning = get_context("spawn")
    each = replace(bench, clients=clients)
    barrier = spawning.Barrier(clients)
    answers = spawning.Queue()
    processes = [
        spawning.Process(target=_client, args=(each, name, client, barrier, answers), daemon=True)
        for client in range(clients)
    ]
    for process in processes:
        process.start()
    taken = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    latencies = sorted(latency for one in taken for latency in one)
    return Measured(
        rate=sum(len(one) / sum(one) for one in taken),
        median=latencies[len(latencies) // 2],
        late=latencies[int(len(latencies) * 0.99)],
    )


def _client(
    bench: Bench, name: str, client: int, barrier: Barrier, answers: "Queue[list[float]]"
) -> None:
    acts = WRITERS[name](bench, client)
    for _ in range(20):
        next(acts)
    settle()
    barrier.wait()
    latencies: list[float] = []
    end = time.perf_counter() + SECONDS
    while (begun := time.perf_counter()) < end:
        next(acts)
        latencies.append(time.perf_counter() - begun)
    answers.put(latencies)
