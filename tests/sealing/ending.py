"""Erasure, the house key, and what is owed at the end of a life to whoever it was promised."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain.journey.entries import Entry, SealedEntry
from domain.network.groups import GroupKind
from tests.sealing.attacker import Heap
from tests.sealing.draws import AUDITING, some
from tests.sealing.erasure import journeys_opened
from tests.sealing.life import Life
from tests.sealing.promised import DESK, Seat


class LivesEnd(Life):
    """Rules of erasure, and what is compared when a life ends."""

    @precondition(lambda self: len(self.journeys) - len(self.erased) > 1)
    @rule(journey=some)
    def erase(self, journey: int) -> None:
        """Grants and shred secret go: what is stored from then on opens nothing, with all keys of all people."""
        chosen = self._journey(journey)
        self.world.erase(chosen)
        self.erased.erase(chosen, self.world.clock.now)
        self._settle({})
        stored = Heap(self.heap.network, self.world.house_folder)
        stored.copy(self.world.database.app)
        assert chosen not in journeys_opened(stored, self.attackers.values())
        for login in self.world.referents:
            assert self._load(self.world.session(login), chosen) is None

    @rule(days=st.sampled_from((0, 0, 7, 36)))
    def house_key_turns(self, days: int) -> None:
        """Now, in its week, or once the term of the last one is over."""
        self.world.clock.forward(days=days)
        self._rotate()

    def _rotate(self) -> None:
        self.world.rotate()
        self.erased.turn(self.world.clock.now)
        self._settle({})
        self._check_beyond_reach()

    def _check_beyond_reach(self) -> None:
        """Who comes now, with the house's folder as it is, every copy of the database and every key ever held."""
        if not self.erased:
            return
        late = Heap(self.heap.network, self.world.house_folder)
        late.copy(self.world.database.app)
        late.take(self.heap.rows)
        opened = journeys_opened(late, self.attackers.values())
        assert not opened & self.erased.beyond_reach()

    def _check_erased(self) -> None:
        """After the term nothing erased is left but to who copied the house key in time; the rest opens as before."""
        if not self.erased:
            return
        self.world.clock.forward(days=36)
        self._rotate()
        assert self.erased.beyond_reach() == self.erased.all()
        assert self.erased.all() <= journeys_opened(self.heap, self.attackers.values())

    def _everybody_comes_by(self) -> None:
        living = [one for one in self.journeys if one not in self.erased]
        for _ in range(3):
            for login in list(self.world.referents):
                session = self.world.begin_session(login)
                if session is not None:
                    for journey in living:
                        self._pass_on(login, session, journey)
        for login in self.world.referents:
            session = self.world.session(login)
            for journey in living:
                loaded = self._load(session, journey)
                self.at_hand.update(() if loaded is None else loaded.epochs)
        self.nobody_reads_more_than_promised()

    def _check_owed(self) -> None:
        people = {referent: login for login, referent in self.world.referents.items()}
        living = [one for one in self.journeys if one not in self.erased]
        for journey in living:
            for key, one in self.promise.journeys[journey].written.items():
                if one.epoch not in self.at_hand:
                    self._check_nobody_could_pass_on(journey, key)
                    continue
                for person in self._owed(journey, key):
                    assert key in self.attackers[people[person]].read, (
                        f"{people[person]} lacks {one.what} {one.version} of {one.compartment}"
                    )
        for journey in living:
            self._check_views(journey)

    def _check_nobody_could_pass_on(self, journey: UUID, key: object) -> None:
        """What no session could open has no reader left who takes part: it is for the custodians."""
        frame = {
            one.version: place
            for place, one in self.promise.journeys[journey].written.items()
            if one.what == "header"
        }
        taking_part = self._owed(journey, frame[max(frame)])
        for login, attacker in self.attackers.items():
            if attacker.holder in taking_part and key in attacker.read:
                assert not attacker.read.keys() >= set(frame.values()), login

    def _owed(self, journey: UUID, key: object) -> frozenset[UUID]:
        return self.promise.owed(journey, key, self.day, self._lives)

    def _lives(self, seat: Seat) -> bool:
        """Whether a member still has the group's key. A group that lost everyone is for its custodians (design 4)."""
        base = seat[1] if seat[0] == "apart" else seat
        groups = self._network().groups
        if base == DESK:
            wanted = {self._network().on_call_group().id}
        elif isinstance(base, tuple) and base[0] == "institution":
            wanted = {base[1]}
        else:
            wanted = {group.id for group in groups.values() if group.kind is GroupKind.SMALL}
        members = self.promise.members(seat)
        return any(
            (group, groups[group].generation) in attacker.halves
            for group in wanted
            for attacker in self.attackers.values()
            if attacker.holder in members
        )

    def _check_views(self, journey: UUID) -> None:
        """What the pages show to each is what they hold keys to."""
        found = self.promise.journeys[journey]
        for login, referent in self.world.referents.items():
            session = self.world.session(login)
            loaded = self._load(session, journey)
            if loaded is None:
                continue
            for key, one in found.written.items():
                shown = loaded.aggregate.entries.get(one.version)
                if one.what != "event" or shown is None:
                    continue
                if isinstance(shown, Entry):
                    assert key in self.attackers[login].read
                if isinstance(shown, SealedEntry):
                    assert one.epoch not in self.at_hand or referent not in self._owed(journey, key)
                    assert shown.compartment is one.compartment

    def _check_auditors(self) -> None:
        """The coordination and its auditor open the ledger, and read no word."""
        bodies = 0
        for login in self.world.referents:
            if login.split(".")[0] in AUDITING:
                attacker = self.attackers[login]
                assert not any(b"mot-" in plaintext for plaintext in attacker.read.values())
                assert {key[1] for key in attacker.read} <= self.elsewhere
                for body in attacker.ledger_bodies():
                    bodies += 1
                    assert b"mot-" not in body
                    assert b"Ambre" not in body
        assert bodies
