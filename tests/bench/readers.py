"""How long reading takes: a journey, a list, a decision, a process at rest."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

from application.coordination import auditing as coordination
from application.door.audience import asker_of
from application.door.journey import enter
from application.referent import listing, opening, reading, sharing
from domain.compartments import Compartment
from domain.journey.entries import append
from policies.charter import NO_PART, Act, Charter, Relation
from relais.serving.serving import settle
from tests.bench import pages
from tests.bench.writers import TEXT, Bench
from tests.town import POLICIES, Town, action, ambre, consent, informed

PARTNERS = ("police", "hopital", "social", "abri")


def open_journeys(town: Town, number: int) -> list[UUID]:
    """Open journeys with four partners each."""
    services, session = town.services, town.who("cidff.un")
    opened = []
    for _ in range(number):
        day = town.clock().date()
        new = opening.NewJourney(informed(day), ambre(), "SMS, 9 h", "high", "Menaces")
        journey = opening.open_journey(services, session, new)
        for partner in PARTNERS:
            sharing.invite(services, session, journey, town.institutions[partner].id, consent())
        opened.append(journey)
    return opened


def report(town: Town, bench: Bench) -> None:
    """Measure and print, a line each."""
    settle()
    services = town.services
    session = town.who("cidff.un")
    print("\n| reading | keys in the session, ms | first after log-in, ms |")
    print("| --- | ---: | ---: |")
    journeys = {entries: _long_journey(town, entries) for entries in (100, 1_000)}
    for entries, journey in journeys.items():
        read = partial(reading.read_journey, services, session, journey, "ongoing_work")
        known = _median(read)
        firsts = []
        for _ in range(5):
            fresh = town.log_in("cidff.un")
            begun = time.perf_counter()
            reading.read_journey(services, fresh, journey, "ongoing_work")
            firsts.append((time.perf_counter() - begun) * 1e3)
        print(f"| a journey of {entries} entries | {known:.2f} | {statistics.median(firsts):.2f} |")
    open_journeys(town, 190)
    session = town.log_in("cidff.un")
    begun = time.perf_counter()
    rows = listing.my_journeys(services, session)
    first = (time.perf_counter() - begun) * 1e3
    known = _median(lambda: listing.my_journeys(services, session))
    print(f"| the list of {len(rows)} journeys | {known:.2f} | {first:.2f} |")
    audit = town.who("coordination.un")
    known = _median(
        lambda: coordination.audit(services, audit, coordination.AuditFilter()), times=3
    )
    print(f"| the coordination's whole audit | {known:.2f} | |")
    print(f"\nA policy decision, never asked before: {_decision(town):.0f} µs")
    pages.report(town, bench, journeys[100], 100)


def _long_journey(town: Town, entries: int) -> UUID:
    services, session = town.services, town.who("cidff.un")
    (journey,) = open_journeys(town, 1)
    entered = enter(
        services,
        session,
        journey,
        Act.APPEND,
        compartment=Compartment.FOLLOW_UP,
        ground="council_ground",
    )
    missing = entries - entered.loaded.version
    for place in range(1, missing + 1):
        content = action(TEXT, entered.at.date())
        append(
            entered.journey,
            entered.author,
            Compartment.FOLLOW_UP,
            content,
            "council_ground",
            entered.at,
        )
        if place % 50 == 0 or place == missing:
            entered.record(compartment=Compartment.FOLLOW_UP)
    return journey


def _decision(town: Town) -> float:
    network = town.installation.directory.current()
    charter = Charter.load(POLICIES)
    institution = network.institutions[town.institutions["police"].id]
    asker = asker_of(network, institution, None)
    taken = []
    for number in range(300):
        situation = replace(
            NO_PART, relation=Relation.PARTNER, consent=frozenset(Compartment), purpose=str(number)
        )
        begun = time.perf_counter()
        charter.decide(Act.APPEND, asker, situation, Compartment.FOLLOW_UP, "council_ground")
        taken.append((time.perf_counter() - begun) * 1e6)
    return statistics.median(taken)


def _median(act: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken)
