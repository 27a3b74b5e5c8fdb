"""Random lives of a town, on real parts, with an attacker for each person beside them."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from domain.journey.capacities import Capacity
from tests.sealing.draws import (
    PARTNERS,
    Sharing,
    Spell,
    some,
    some_capacities,
    some_sharing,
    spells,
)
from tests.sealing.ending import LivesEnd
from tests.sealing.people import PeopleComeAndGo
from tests.sealing.sharing import JourneysAreShared


class Lives(PeopleComeAndGo, JourneysAreShared, LivesEnd):
    """Whoever may ever read something is exactly whom it was promised to.

    A subclass gives ``founded``.
    """

    @initialize(
        who=st.sampled_from(PARTNERS),
        contact=st.booleans(),
        does=some_capacities,
        spell=st.one_of(st.none(), spells),
        invited=st.lists(st.tuples(some, some_sharing), max_size=4),
    )
    def a_first_journey(
        self,
        who: str,
        contact: bool,
        does: frozenset[Capacity],
        spell: Spell | None,
        invited: list[tuple[int, Sharing]],
    ) -> None:
        self._open(f"{who}.un", does, contact=contact, danger=contact)
        if spell is not None:
            self.somebody_does_less_for_a_while(0, spell)
        for institution, shared in invited:
            self.invite(0, 0, institution, shared)
            newest = len(self.promise.journeys[self.journeys[0]].parts) - 1
            self.join(newest, 0)

    def teardown(self) -> None:
        """Let everybody come by, then look at what is owed; and leave nothing behind."""
        try:
            self._rotate()
            self._everybody_comes_by()
            self._check_owed()
            self._check_auditors()
            self._check_erased()
        finally:
            self.world.drop()
