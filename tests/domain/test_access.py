"""How many times somebody came, from when each page was shown to them."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.access import SAME_VISIT, visits

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
gaps = st.lists(st.integers(min_value=0, max_value=3600), min_size=1, max_size=30)


def moments_after(seconds: list[int]) -> list[datetime]:
    found = [START]
    for one in seconds:
        found.append(found[-1] + timedelta(seconds=one))
    return found


def test_nobody_who_was_shown_nothing_came() -> None:
    assert visits([]) == 0


def test_pages_of_one_act_are_one_visit() -> None:
    assert visits(moments_after([30, 120, 15 * 60])) == 1


def test_who_comes_back_after_a_while_came_twice() -> None:
    assert visits(moments_after([30, 15 * 60 + 1])) == 2


@given(gaps, st.randoms())
def test_each_long_pause_is_one_more_visit_in_whatever_order(
    seconds: list[int], chance: Random
) -> None:
    moments = moments_after(seconds)
    chance.shuffle(moments)
    pauses = [one for one in seconds if timedelta(seconds=one) > SAME_VISIT]
    assert visits(moments) == 1 + len(pauses)
