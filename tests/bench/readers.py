"""How long a decision and the pages take, in a town with journeys."""

import statistics
import time
from dataclasses import replace

from application.coordination import auditing as coordination
from application.door.facts import asker_of
from domain.compartments import Compartment
from policies.charter import NO_PART, Act, Charter, Relation
from relais.serving.server import settle
from tests.bench import pages
from tests.bench.bench_town import Bench, long_journey, open_up_to
from tests.telling.town import POLICIES, Town


def report(town: Town, _bench: Bench) -> None:
    """Measure a policy decision and print it."""
    print(f"\nA policy decision, never asked before: {_decision(town):.0f} µs", flush=True)


def report_pages(town: Town, bench: Bench) -> None:
    """Measure each page of a town with 200 journeys, and the coordination's whole audit."""
    journey = long_journey(town, 100)
    open_up_to(town, 200)
    settle()
    audit = town.who("coordination.un")
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        coordination.audit(town.services, audit, coordination.AuditFilter())
        taken.append((time.perf_counter() - begun) * 1e3)
    print(f"\nThe coordination's whole audit: {statistics.median(taken):.0f} ms")
    pages.report(town, bench, journey, 100)


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
