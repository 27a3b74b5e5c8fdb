"""What is promised of an erasure (article 9.3): from when on nobody opens what was erased."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tests.sealing.attacker import Attacker, Heap

TERM = timedelta(days=35)
"""How long a past house key outlives its rotation: as long as a backup of the database is kept."""


class Erasures:
    """Which journeys were erased and when, and when the house key turned."""

    def __init__(self) -> None:
        self._erased: dict[UUID, datetime] = {}
        self._turned: list[datetime] = []

    def __contains__(self, journey: object) -> bool:
        return journey in self._erased

    def __len__(self) -> int:
        return len(self._erased)

    def erase(self, journey: UUID, at: datetime) -> None:
        """A journey is erased."""
        self._erased[journey] = at

    def turn(self, at: datetime) -> None:
        """The house key turned."""
        self._turned.append(at)

    def all(self) -> frozenset[UUID]:
        """Every journey that was erased."""
        return frozenset(self._erased)

    def beyond_reach(self) -> frozenset[UUID]:
        """What no copy of the database opens any more: the house key of then was replaced, and destroyed after its
        term."""
        return frozenset(
            journey
            for journey, at in self._erased.items()
            if any(
                at <= replaced and replaced + TERM <= destroyed
                for replaced in self._turned
                for destroyed in self._turned
            )
        )


def journeys_opened(heap: Heap, people: Iterable[Attacker]) -> frozenset[UUID]:
    """What everybody opens together, with every key that any of them ever held."""
    together = Attacker(heap, heap.network)
    for person in people:
        together.keeps(person.epochs.items(), person.halves)
    together.attack()
    return frozenset(key[1] for key in together.read)
