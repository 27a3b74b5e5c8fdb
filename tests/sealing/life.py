"""One life of a town: who acts through which session, and what is promised of each thing that is written."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from application.door.refusing import Refused
from domain.access import Access
from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.entries import Content
from domain.journey.partners import Basis
from domain.network.members import Standing
from domain.refusals import Refusal
from infrastructure.formats.session import OpenSession
from tests.sealing.attacker import Attacker, Heap, name_of
from tests.sealing.draws import (
    FACES,
    HALVES,
    PARTNERS,
    Sharing,
)
from tests.sealing.erasure import Erasures
from tests.sealing.promise import Promise
from tests.sealing.promised import Facts, Part
from tests.sealing.world import World
from tests.telling.founded import Founded
from tests.telling.town import action


class Life(RuleBasedStateMachine):
    """The parts that every rule uses. A subclass gives ``founded``."""

    founded: Founded

    def __init__(self) -> None:
        super().__init__()
        self.world = World.copy(self.founded)
        self.promise = Promise()
        self.heap = Heap(self.world.services.network, self.world.house_folder)
        self.attackers: dict[str, Attacker] = {}
        self.journeys: list[UUID] = []
        self.versions: dict[UUID, int] = {}
        self.standing: dict[UUID, Standing] = {}
        self.erased = Erasures()
        self.words = 0
        self.said: dict[bytes, tuple[UUID, int]] = {}
        self.elsewhere: set[UUID] = set()
        self.at_hand: set[bytes] = set()
        for institution in self.world.institutions.values():
            self.promise.institutions[institution.id] = Facts(
                institution.id,
                institution.kind,
                institution.may,
                institution.gateway,
                institution.works_with_author,
            )
        network = self.world.installation.directory.current()
        for login, referent in self.world.referents.items():
            self._meet(login, referent, network.referents[referent].institution)
        self.promise.on_call = network.on_call
        self.heap.copy(self.world.database.app)

    @invariant()
    def nobody_reads_more_than_promised(self) -> None:
        for login, attacker in self.attackers.items():
            attacker.attack()
            for key in attacker.read:
                if key[1] in self.erased or key[1] in self.elsewhere:
                    continue
                one = self.promise.journeys[key[1]].written[key]
                assert attacker.holder in one.persons, (
                    f"{login} reads {one.what} {one.version} of {one.compartment}"
                )

    @property
    def day(self) -> Any:
        """Today."""
        return self.world.clock.now.date()

    def _login(self, number: int) -> str:
        logins = [
            referent for referent in self.world.referents if referent.split(".")[0] in PARTNERS
        ]
        return logins[number % len(logins)]

    def _actor(self, number: int, journey: int) -> str:
        """Mostly somebody who takes part, the lead first; now and then anybody."""
        found = self.promise.journeys[self._journey(journey)]
        partners = [
            login
            for institution in found.parts
            for login, referent in self.world.referents.items()
            if self.promise.people[referent] == institution
            and self.promise.present(referent)
            and referent not in found.shut_out
        ]
        if number > 34 or not partners:
            return self._login(number)
        return partners[number % len(partners)]

    def _partner(self, journey: int, number: int) -> UUID:
        parts = list(self.promise.journeys[self._journey(journey)].parts)
        return parts[1 + number % (len(parts) - 1)] if len(parts) > 1 else parts[0]

    def _says(self, journey: int) -> Content:
        """Words that nobody said before, to be written into a journey next."""
        self.words += 1
        chosen = self._journey(journey)
        self.said[b"mot-%d-" % self.words] = (chosen, self._next(chosen))
        return action(f"mot-{self.words}-", self.day)

    def _basis(self, shared: Sharing) -> Basis:
        until = None if shared.days is None else self.day + timedelta(days=shared.days)
        told = "" if shared.ground == "person_consent" else "dit"
        return Basis(shared.ground, shared.scope, shared.purpose, until, shared.past, told)

    def _entitled(self, institution: UUID, does: frozenset[Capacity]) -> frozenset[Capacity]:
        """What of it the directory lets an institution do."""
        return frozenset(
            capacity for capacity in does if capacity in self.promise.institutions[institution].may
        )

    def _parts(self, journey: int) -> dict[UUID, Part]:
        """Who takes part in a journey, as the promise has it."""
        return self.promise.journeys[self._journey(journey)].parts

    def _journey(self, number: int) -> UUID:
        living = [journey for journey in self.journeys if journey not in self.erased]
        return living[number % len(living)]

    def _next(self, journey: UUID) -> int:
        return self.versions[journey] + 1

    def _meet(self, login: str, referent: UUID, institution: UUID) -> None:
        self.promise.people[referent] = institution
        attacker = self.attackers[login] = Attacker(self.heap, referent)
        attacker.keeps((), {(referent, 1): self.world.bundles[login].decryption.raw})

    def _keeps(self, login: str, session: OpenSession | None) -> None:
        if session is not None:
            held = [
                (epoch.id, epoch.key)
                for journey in session.epochs.values()
                for epoch in journey.values()
            ]
            self.attackers[login].keeps(held, session.groups)

    def _coordination(self) -> OpenSession:
        session = self.world.session("coordination.un")
        assert session is not None
        return session

    def _suspended(self, login: str) -> bool:
        referent = self.world.referents[login]
        return Standing.SUSPENDED in (
            self.standing.get(referent),
            self.standing.get(self.promise.people[referent]),
        )

    def _act(
        self,
        who: int | str,
        journey: int,
        act: Callable[[OpenSession, UUID], Any],
        written: Iterable[Compartment],
        promised: Callable[[UUID], Any] = lambda _: None,
    ) -> None:
        """One act of one person on one journey: done, and then what is promised changes; or refused."""
        login = who if isinstance(who, str) else self._actor(who, journey)
        chosen = self._journey(journey)
        session = self.world.session(login)
        if session is None:
            return
        done = True
        try:
            act(session, chosen)
        except (Refused, Refusal):
            done = False
        self._keeps(login, session)
        if done:
            assert self.promise.present(session.referent), f"{login} acts though they are gone"
            assert session.referent not in self.promise.journeys[chosen].shut_out
            promised(chosen)
        self._settle({chosen: list(written)} if done else {})

    def _settle(self, written: dict[UUID, list[Compartment]]) -> None:
        """Copy the database, and say of each thing of a journey that is new to whom it is promised."""
        copied = self.heap.copy(self.world.database.app)
        fresh = {
            table: {row for row in rows if row[0] not in self.elsewhere}
            for table, rows in copied.items()
        }
        for journey, version, _ in fresh["event"]:
            self.versions[journey] = max(self.versions[journey], version)
        self.promise.tick(self.day)
        self._delivered()
        for journey, compartments in written.items():
            rows = sorted(row for row in fresh["event"] if row[0] == journey)
            assert len(rows) == len(compartments)
            for row, compartment in zip(rows, compartments, strict=True):
                version = row[1]
                self._promise(journey, "event", row, version, compartment)
                self._promise(journey, "header", row, version, Compartment.FRAME)
        assert {row[0] for row in fresh["event"]} <= written.keys()
        for row in fresh["card"]:
            self._promise(row[0], "card", row, row[2], FACES[row[1]])
        for row in fresh["trace"]:
            self._promise(row[0], "trace", row, self.versions[row[0]], Compartment.FRAME)
        self.promise.tick(self.day)

    def _promise(
        self, journey: UUID, what: str, row: tuple[Any, ...], version: int, compartment: Compartment
    ) -> None:
        epoch = {"event": row[2][33:65], "header": row[2][1:33]} if what in HALVES else {}
        self.promise.write(
            journey,
            name_of(what, row),
            what,
            version,
            compartment,
            epoch.get(what) or row[3],
            self.day,
        )

    def _delivered(self) -> None:
        """What waited at the desk and was handed over waits no more."""
        network = self._network()
        desk = network.on_call_group().id
        keepers = {desk} | {group.id for group in network.groups.values() if group.of == desk}
        keepers |= self.promise.people_of([self.world.institutions["ville"].id])
        handed = {row[1] for row in self.heap.rows["grant"] if row[2] not in keepers}
        for journey, version, state in self.heap.rows["event"]:
            one = (
                self.promise.journeys[journey].written.get(
                    name_of("event", (journey, version, state))
                )
                if journey in self.promise.journeys
                else None
            )
            if one is not None and one.waits and state[33:65] in handed:
                one.waits = False

    def _network(self) -> Any:
        return self.world.installation.directory.current()

    def _load(self, session: OpenSession | None, journey: UUID) -> Any:
        """A journey with every key that a session has, or ``None`` where it has none."""
        if session is None:
            return None
        services = self.world.services
        keys = {
            referent.id: referent.signing_key for referent in self._network().referents.values()
        }
        services.entrance.read_epochs(session, journey)
        return services.journeys.load(session, journey, lambda _: keys)

    def _pass_on(self, login: str, session: OpenSession, journey: UUID) -> None:
        services, network = self.world.services, self._network()
        loaded = self._load(session, journey)
        if loaded is not None:
            at = self.world.clock()
            loaded.counter = network.counter
            audience_of = services.audiences.of(loaded.aggregate, network, at.date())
            access = Access("pass_key", at, subject=journey)
            # Where nobody at all reads the frame, nothing can be recorded, and nobody is owed anything.
            if audience_of(Compartment.FRAME.code).holders:
                services.journeys.store(session, loaded, access, audience_of)
                services.entrance.save_epochs(session, [journey])
        self._keeps(login, session)
        self._settle({})

    @rule(days=st.sampled_from((1, 3, 8)))
    def days_pass(self, days: int) -> None:
        self.world.clock.forward(days=days)
        self._settle({})
