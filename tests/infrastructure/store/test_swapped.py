"""Sealed values put in each other's place, and half an entry in another's: noticed, and never read as theirs."""

# ruff: noqa: S311 (a superuser's statements are put together here; which pairs are swapped is no secret)

# ruff: noqa: S311 (a superuser's statements are put together here; which pairs are swapped is no secret)

import random
from itertools import combinations

import pytest

from tests.infrastructure.store.tampered import (
    DETECTED,
    PAIRS,
    SEALED,
    UNPROVED,
    House,
    noticed_by_readers,
)


def places() -> list[tuple[str, str]]:
    return [(table, column) for table, (columns, _) in SEALED.items() for column in columns]


@pytest.mark.parametrize(("table", "column"), places())
def test_a_transplant_is_noticed_and_never_read_as_something_else(
    house: House, table: str, column: str
) -> None:
    """Attack case 31."""
    before = house.views()
    assert DETECTED not in before.values()
    assert house.sound()
    values = [value for _, value in house.rows(table, column)]
    pairs = [
        (one, other)
        for one, other in combinations(range(len(values)), 2)
        if values[one] != values[other]
    ]
    assert pairs
    for one, other in random.Random(31).sample(pairs, min(PAIRS, len(pairs))):
        house.swap(table, column, one, other)
        try:
            assert noticed_by_readers(before, house.views()) or table not in UNPROVED
            assert table in UNPROVED or not house.sound()
        finally:
            house.swap(table, column, one, other)
    assert house.views() == before


def halves(state: bytes) -> tuple[bytes, bytes, bytes]:
    """What names the epochs; the header; the body."""
    return state[:65], state[65:99], state[99:]


def test_half_an_entry_fits_no_other(house: House) -> None:
    """Headers, bodies and the epochs that they name, each swapped alone between entries of one journey and of two."""
    before = house.views()
    rows = house.rows("event", "state")
    with house.database.superuser.connection() as connection:
        journeys = connection.execute(
            "SELECT network, originator, version, state FROM relais.event"
            " WHERE originator <> network ORDER BY originator, version"
        ).fetchall()
    assert len(rows) > len(journeys)
    pairs = random.Random(32).sample(list(combinations(journeys, 2)), 12)
    for one, other in pairs:
        for part in range(3):
            mixed = list(halves(one[3]))
            mixed[part] = halves(other[3])[part]
            if tuple(mixed) == halves(one[3]):
                continue
            update = (
                "UPDATE relais.event SET state = %b"
                " WHERE network = %b AND originator = %b AND version = %b"
            )
            house.tamper(update, b"".join(mixed), *one[:3])
            noticed_by_readers(before, house.views())
            # A header is opened only where the body is sealed: somebody lacks each body but the frame's.
            assert not house.sound()
            house.tamper(update, one[3], *one[:3])
    assert house.views() == before
