"""Who can read what is exactly whom it was promised to, whatever happens in whichever order."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from infrastructure.postgres.embedded.cluster import Embedded
from infrastructure.postgres.embedded.configuration import SUPERUSER
from infrastructure.postgres.migrating import bootstrap
from tests.conftest import TEMPLATE, FreshDatabase
from tests.sealing.summaries import LivesWithSummaries
from tests.sealing.world import Founded

RUNS, OPERATIONS, SEED = 12, 40, 2026


@pytest.fixture
def founded(cluster: Embedded, tmp_path: Path) -> Iterator[Founded]:
    def make(template: str | None) -> FreshDatabase:
        name = f"relais_{uuid4().hex}"
        bootstrap(cluster.address(SUPERUSER, "postgres"), name, template=template or TEMPLATE)
        return FreshDatabase(cluster, name)

    made = Founded(make, tmp_path)
    yield made
    made.database.drop()


def test_who_can_read_is_whom_it_was_promised_to(founded: Founded) -> None:
    class Here(LivesWithSummaries):
        pass

    Here.founded = founded
    # The same few lives each time; tests.campaigns.who_can_read draws new and longer ones.
    run_state_machine_as_test(
        seed(SEED)(Here),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=OPERATIONS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
