"""The territory's day: one rule for every room."""

import ast
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.network.network import Network
from domain.territory import ZONE, day_of
from tests.databases import CLONE

ROOMS = ("application", "domain", "infrastructure", "policies", "relais", "web")
WITH_A_ZONE_OF_THEIR_OWN = {"domain/territory.py", "web/drawing/moments.py"}
"""The rule itself, and the words for days, which are given a zone."""


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 2, 22, 59, 59, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), date(2026, 3, 3)),
        (datetime(2026, 7, 2, 21, 59, 59, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 7, 2, 22, 0, tzinfo=UTC), date(2026, 7, 3)),
    ],
    ids=["winter", "winter, past midnight", "summer", "summer, past midnight"],
)
def test_the_day_begins_at_midnight_in_the_territory_whatever_zone_a_moment_is_written_in(
    at: datetime, day: date
) -> None:
    for zone in (UTC, ZONE, timezone(timedelta(hours=-8))):
        assert day_of(at.astimezone(zone)) == day


def test_a_networks_day_is_its_territorys() -> None:
    network = object.__new__(Network)

    assert network.day(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == date(2026, 3, 3)
    assert network.zone is ZONE


def test_no_line_takes_the_day_of_a_moment_by_the_zone_that_it_happens_to_have() -> None:
    taken = set()
    for room in ROOMS:
        for path in (CLONE / room).rglob("*.py"):
            if "node_modules" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in {"date", "today"}
                    and not node.args
                ):
                    taken.add(path.relative_to(CLONE).as_posix())

    assert taken == WITH_A_ZONE_OF_THEIR_OWN
