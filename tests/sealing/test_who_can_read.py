"""Who can read what is exactly whom it was promised to, whatever happens in whichever order."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sealing.summaries import LivesWithSummaries
from tests.telling.founded import Founded

RUNS, OPERATIONS, SEED = 12, 40, 2026


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
