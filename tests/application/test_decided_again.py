"""A use case is decided and done again while what it was decided on moves."""

import pytest

from application.door.refusing import decided_again
from domain.storing import DirectoryMoved, StoreUnavailable, VersionMoved

TRIES = 8


@pytest.mark.parametrize("moved", [VersionMoved, DirectoryMoved])
def test_it_is_done_once_it_stood_still(moved: type[Exception]) -> None:
    tried: list[int] = []

    @decided_again
    def use_case(number: int, *, named: str) -> str:
        """Its own words."""
        tried.append(number)
        if len(tried) < TRIES:
            raise moved
        return named

    assert use_case(3, named="done") == "done"
    assert tried == [3] * TRIES
    assert (use_case.__name__, use_case.__doc__) == ("use_case", "Its own words.")


def test_it_gives_up_in_the_end() -> None:
    tried: list[int] = []

    @decided_again
    def use_case() -> None:
        tried.append(1)
        raise VersionMoved

    with pytest.raises(StoreUnavailable):
        use_case()
    assert len(tried) == TRIES


def test_another_failure_is_not_tried_again() -> None:
    tried: list[int] = []

    @decided_again
    def use_case() -> None:
        tried.append(1)
        raise LookupError

    with pytest.raises(LookupError):
        use_case()
    assert tried == [1]
