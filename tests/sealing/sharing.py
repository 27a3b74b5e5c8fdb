"""Rules of a journey that is shared, on whichever basis, and shared no more."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from application.referent import (
    capacities,
    restricting,
    sharing,
)
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from tests.sealing.draws import (
    AGREED,
    DOING,
    PARTNERS,
    SHARED,
    TURNS,
    WRITABLE,
    Sharing,
    Spell,
    some,
    some_capacities,
    some_sharing,
    spells,
)
from tests.sealing.writing import JourneysAreWritten


class JourneysAreShared(JourneysAreWritten):
    """Rules of partners."""

    @rule(who=some, journey=some, institution=some, shared=some_sharing)
    def invite(self, who: int, journey: int, institution: int, shared: Sharing) -> None:
        parts = self.promise.journeys[self._journey(journey)].parts
        strangers = [
            partner for partner in PARTNERS if self.world.institutions[partner].id not in parts
        ]
        if strangers:
            self._invite(who, journey, strangers[institution % len(strangers)], shared)

    @rule(
        who=some,
        journey=some,
        compartment=st.sampled_from(WRITABLE),
        institution=some,
        past=st.booleans(),
    )
    def somebody_comes_after(
        self, who: int, journey: int, compartment: Compartment, institution: int, past: bool
    ) -> None:
        """Something is written, and then an institution is invited with everything shared, the past or not."""
        self.append(who, journey, compartment)
        self.invite(0, journey, institution, Sharing(frozenset(SHARED), past, "person_consent"))

    @rule(who=some, journey=some, partner=some, shared=some_sharing)
    def give_consent_anew(self, who: int, journey: int, partner: int, shared: Sharing) -> None:
        """Wider, narrower, for the past too or not, by consent or on another ground."""
        own, basis = self._partner(journey, partner), self._basis(shared)
        self._act(
            who,
            journey,
            lambda session, one: sharing.give_consent(
                self.world.services, session, one, own, basis
            ),
            [Compartment.FRAME],
            lambda one: self.promise.consent(one, own, basis, self._next(one), self.day),
        )

    @rule(who=some, journey=some, partner=some, turn=st.sampled_from(TURNS))
    def health_is_shared_in_turns(
        self, who: int, journey: int, partner: int, turn: tuple[Sharing, int | None, Sharing]
    ) -> None:
        """Something of health is written beside a caregiver, before a partner is given the second basis."""
        before, days, after = turn
        parts = self.promise.journeys[self._journey(journey)].parts
        if self.world.institutions["hopital"].id not in parts:
            self._invite(0, journey, "hopital", Sharing(frozenset(SHARED), False, AGREED.ground))
        self.give_consent_anew(0, journey, partner, before)
        if days is None:
            self.withdraw_consent(0, journey, partner)
        elif days:
            self.days_pass(days)
        self.append(who, journey, Compartment.HEALTH)
        self.give_consent_anew(0, journey, partner, after)
        self.consult("hopital.un", journey)

    @rule(
        who=st.one_of(st.just(0), some),
        journey=some,
        partner=some,
        does=some_capacities,
        entitled=st.sampled_from((True, True, True, False)),
    )
    def state_capacities(
        self, who: int, journey: int, partner: int, does: frozenset[Capacity], entitled: bool
    ) -> None:
        """What a partner, or who leads, does for the person from now on; now and then what it is not entitled to."""
        parts = self._parts(journey)
        own = list(parts)[partner % len(parts)]
        self._state(who, journey, own, self._entitled(own, does) if entitled else does)
        assert self._parts(journey)[own].does.keys() <= self.promise.institutions[own].may

    @rule(journey=some, spell=spells)
    def somebody_does_less_for_a_while(self, journey: int, spell: Spell) -> None:
        """Something is written beside another reader before a partner begins, while it does, and once it stopped."""
        compartment, past, agreed, looks = spell
        institution, capacity, ground, beside = DOING[compartment]
        own = self.world.institutions[institution].id
        by_consent = Sharing(frozenset(SHARED), past, "person_consent")
        shared = Sharing(frozenset({compartment, Compartment.FOLLOW_UP}), past, ground)
        for name, basis in ((beside, by_consent), (institution, by_consent if agreed else shared)):
            if self.world.institutions[name].id not in self._parts(journey):
                self._invite(
                    0,
                    journey,
                    name,
                    basis._replace(does=frozenset(Capacity if name == beside else ())),
                )
        for does in (frozenset({capacity}), frozenset[Capacity](), frozenset({capacity})):
            self.append(0, journey, compartment)
            self._state(0, journey, own, does)
            if looks:
                self.consult(f"{institution}.un", journey)

    @rule(who=some, journey=some, partner=some)
    def withdraw_consent(self, who: int, journey: int, partner: int) -> None:
        own = self._partner(journey, partner)
        self._act(
            who,
            journey,
            lambda session, one: sharing.withdraw_consent(self.world.services, session, one, own),
            [Compartment.FRAME],
            lambda one: self.promise.withdraw(one, own),
        )

    @rule(partner=some, journey=some)
    def join(self, partner: int, journey: int) -> None:
        """Somebody of an institution that was invited accepts."""
        own = self._partner(journey, partner)
        colleagues = [
            login
            for login, referent in self.world.referents.items()
            if self.promise.people[referent] == own
        ]
        self._act(
            colleagues[partner % len(colleagues)],
            journey,
            lambda session, one: sharing.answer_invitation(self.world.services, session, one, None),
            [Compartment.FRAME],
        )

    @rule(who=some, journey=some)
    def leave(self, who: int, journey: int) -> None:
        own = self.promise.people[self.world.referents[self._actor(who, journey)]]
        self._act(
            who,
            journey,
            lambda session, one: sharing.leave(self.world.services, session, one, "work_done"),
            [Compartment.FRAME],
            lambda one: self.promise.journeys[one].parts.pop(own),
        )

    @rule(
        who=some,
        journey=some,
        institution=st.sampled_from(PARTNERS),
        shut=st.sets(some, min_size=1, max_size=2),
    )
    def restrict(self, who: int, journey: int, institution: str, shut: set[int]) -> None:
        colleagues = [
            referent for referent in self.world.referents if referent.startswith(institution + ".")
        ]
        chosen = frozenset(self.world.referents[colleagues[one % len(colleagues)]] for one in shut)
        own = self.world.institutions[institution].id
        desk = bool(chosen & self.promise.members(("desk",)))
        self._act(
            who,
            journey,
            lambda session, one: restricting.restrict(
                self.world.services, session, one, own, chosen
            ),
            [Compartment.FRAME] * (2 if desk else 1),
            lambda one: self.promise.restrict(one, own, chosen),
        )

    def _invite(self, who: int, journey: int, institution: str, shared: Sharing) -> None:
        own, basis = self.world.institutions[institution].id, self._basis(shared)
        does = self._entitled(own, shared.does)
        services = self.world.services
        self._act(
            who,
            journey,
            lambda session, one: sharing.invite(services, session, one, own, basis, None, does),
            [Compartment.FRAME],
            lambda one: self.promise.invite(one, own, basis, does, self._next(one)),
        )

    def _state(self, who: int, journey: int, institution: UUID, does: frozenset[Capacity]) -> None:
        services = self.world.services
        self._act(
            who,
            journey,
            lambda session, one: capacities.state_capacities(
                services, session, one, institution, does
            ),
            [Compartment.FRAME],
            lambda one: self.promise.does(one, institution, does, self._next(one)),
        )
