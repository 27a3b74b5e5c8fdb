"""Rules of a journey that is opened, written into, read and closed."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from application.door.refusing import Refused
from application.referent import (
    closing,
    listing,
    reading,
    writing,
)
from application.referent.person import record_person
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.refusals import Refusal
from infrastructure.formats.session import OpenSession
from tests.sealing.draws import JOURNEYS, WRITABLE, some, some_capacities
from tests.sealing.life import Life
from tests.telling.journeys import open_journey
from tests.telling.town import ambre


class JourneysAreWritten(Life):
    """Rules of one institution and a journey."""

    @precondition(lambda self: len(self.journeys) - len(self.erased) < JOURNEYS)
    @rule(who=some, does=some_capacities, contact=st.booleans(), danger=st.booleans())
    def open_journey(
        self, who: int, does: frozenset[Capacity], contact: bool, danger: bool
    ) -> None:
        self._open(self._login(who), does, contact=contact, danger=danger)

    @rule(who=some, journey=some, compartment=st.sampled_from(WRITABLE))
    def append(self, who: int, journey: int, compartment: Compartment) -> None:
        """Append, or deposit where one may not read."""
        content = self._says(journey)
        self._act(
            who,
            journey,
            lambda session, one: writing.append_action(
                self.world.services, session, one, compartment, content, None
            ),
            [compartment],
        )

    @rule(
        who=some,
        journey=some,
        compartment=st.sampled_from((Compartment.HEALTH, Compartment.SOCIAL, Compartment.SHELTER)),
    )
    def deposit(self, who: int, journey: int, compartment: Compartment) -> None:
        """What is most often held by few."""
        self.append(who, journey, compartment)

    @rule(who=some, journey=some, person=st.booleans())
    def record_person(self, who: int, journey: int, person: bool) -> None:
        named, contact = (ambre(), None) if person else (None, "le mardi, mot-contact")
        self._act(
            who,
            journey,
            lambda session, one: record_person(self.world.services, session, one, named, contact),
            [Compartment.IDENTITY if person else Compartment.CONTACT],
        )

    @rule(who=some, journey=some, entry=some, withdrawn=st.booleans())
    def correct(self, who: int, journey: int, entry: int, withdrawn: bool) -> None:
        """Correct or withdraw an entry of one's own institution."""
        written = [
            one
            for one in self.promise.journeys[self._journey(journey)].written.values()
            if one.what == "event" and one.compartment in WRITABLE
        ]
        if not written:
            return
        chosen = written[entry % len(written)]
        content = self._says(journey)

        def act(session: OpenSession, one: UUID) -> None:
            services = self.world.services
            if withdrawn:
                writing.withdraw_action(services, session, one, chosen.version, "wrong_facts")
            else:
                writing.correct_action(services, session, one, chosen.version, content, None)

        self._act(who, journey, act, [chosen.compartment])

    @rule(who=some, journey=some)
    def consult(self, who: int | str, journey: int) -> None:
        """Read a journey: keys that others lack are passed on."""
        self._act(
            who,
            journey,
            lambda session, one: reading.read_journey(
                self.world.services, session, one, "ongoing_work"
            ),
            [],
        )

    @rule(who=some)
    def list_journeys(self, who: int) -> None:
        login = self._login(who)
        session = self.world.session(login)
        if session is not None:
            try:
                listing.my_journeys(self.world.services, session)
            except Refused:
                assert not self.promise.present(self.world.referents[login]) or self._suspended(
                    login
                )
            self._keeps(login, session)
            self._settle({})

    @rule(who=some, journey=some)
    def pass_on(self, who: int, journey: int) -> None:
        """Passing a key on is not reading: a session may do it though its own door is closed (5.0 for the desk)."""
        login = self._login(who)
        session = self.world.session(login)
        if session is not None and self.promise.present(session.referent):
            self._pass_on(login, session, self._journey(journey))

    @rule(who=some, journey=some, again=st.booleans())
    def close(self, who: int, journey: int, again: bool) -> None:
        """Close, or open again."""

        def act(session: OpenSession, one: UUID) -> None:
            if again:
                closing.reopen(self.world.services, session, one, "la personne revient")
            else:
                closing.close(self.world.services, session, one, "protected")

        self._act(who, journey, act, [Compartment.FRAME])

    def _open(self, login: str, does: frozenset[Capacity], *, contact: bool, danger: bool) -> None:
        session = self.world.session(login)
        if session is None:
            return
        does = self._entitled(session.institution, does)
        try:
            journey = open_journey(
                self.world,
                session,
                contact="le mardi, mot-contact" if contact else "",
                level="serious" if danger else None,
                danger="mot-danger" if danger else "",
                does=does,
            )
        except (Refused, Refusal):
            return
        finally:
            self._keeps(login, session)
        self.journeys.append(journey)
        self.versions[journey] = 0
        self.promise.open(journey, session.institution, does)
        written = [Compartment.FRAME, Compartment.IDENTITY]
        written += [Compartment.CONTACT] * contact + [Compartment.DANGER] * danger
        self._settle({journey: written})
