"""The long run of the property who can read what: 400 random lives of a town, of 80 operations each.

``python -m tests.campaigns.who_can_read [--runs 400] [--operations 80] [--seed 0] [--shrink]`` prints the number of
lives, of things written and of readings compared, and ends with an error at the first life that breaks a promise.
"""

# ruff: noqa: T201 (it prints what it compared)

import argparse
import sys
import tempfile
from pathlib import Path
from time import monotonic

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from infrastructure.postgres.embedded.cluster import Embedded, start
from tests.clusters import name_of_this_run
from tests.databases import CLONE, copying, make_template
from tests.sealing.summaries import LivesWithSummaries
from tests.telling.founded import Founded


class Counted(LivesWithSummaries):
    """A life of which the end is counted."""

    lives = 0
    written = 0
    readings = 0

    def teardown(self) -> None:
        """What came of it."""
        super().teardown()
        Counted.lives += 1
        Counted.written += sum(len(journey.written) for journey in self.promise.journeys.values())
        Counted.readings += sum(len(attacker.read) for attacker in self.attackers.values())
        if Counted.lives % 25 == 0:
            print(Counted.so_far(), flush=True)

    @classmethod
    def so_far(cls) -> str:
        """What was compared until now."""
        return f"{cls.lives} lives, {cls.written} sealed things, {cls.readings} readings compared"


def main() -> int:
    """Run, and say what was compared."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=400)
    asked.add_argument("--operations", type=int, default=80)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--shrink", action="store_true")
    wanted = asked.parse_args()
    cluster = start(CLONE, name=name_of_this_run("campaign"), durable=False)
    began = monotonic()
    try:
        _run(cluster, wanted)
    finally:
        cluster.remove()
    print(f"{Counted.so_far()}, {monotonic() - began:.0f} s")
    return 0


def _run(cluster: Embedded, wanted: argparse.Namespace) -> None:
    make_template(cluster)
    with tempfile.TemporaryDirectory() as folder:
        Counted.founded = Founded(copying(cluster), Path(folder))
        phases = [Phase.generate, Phase.shrink] if wanted.shrink else [Phase.generate]
        run_state_machine_as_test(
            seed(wanted.seed)(Counted),
            settings=settings(
                max_examples=wanted.runs,
                stateful_step_count=wanted.operations,
                deadline=None,
                database=None,
                phases=phases,
                suppress_health_check=list(HealthCheck),
            ),
        )


if __name__ == "__main__":
    sys.exit(main())
