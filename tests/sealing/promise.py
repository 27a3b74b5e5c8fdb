"""What is promised of each thing written: who may ever have read it, and who must. It asks nothing of the program."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.compartments import Compartment as C  # noqa: N817 - the table below is read by its letters
from domain.journey.capacities import Capacity
from domain.journey.partners import Basis
from tests.sealing.promised import (
    DESK,
    DONE_FOR_HER,
    EMERGENCY,
    ENTITLED,
    EVERYONE,
    NEVER_HEALTH,
    NEVER_PARTNER,
    NEVER_SOCIAL,
    Facts,
    Part,
    Seat,
    Shared,
    Written,
)


class Promise:
    """The network and its journeys, as the promises see them."""

    def __init__(self) -> None:
        self.institutions: dict[UUID, Facts] = {}
        self.people: dict[UUID, UUID] = {}
        self.gone: set[UUID] = set()
        self.ever_gone: set[UUID] = set()
        self.on_call: frozenset[UUID] = frozenset()
        self.smalls: list[frozenset[UUID]] = []
        self.journeys: dict[UUID, Shared] = {}
        self.returned: dict[UUID, int] = {}
        self.returns = 0

    # -- the network ----------------------------------------------------------------------------

    def ends(self, subject: UUID) -> None:
        """Somebody leaves the network, or an institution is excluded."""
        self.gone.add(subject)
        self.ever_gone.add(subject)

    def comes_back(self, subject: UUID) -> None:
        """Somebody who left, or an institution that was excluded, is there again: as new."""
        if subject in self.gone:
            self.gone.discard(subject)
            self.returns += 1
            self.returned[subject] = self.returns

    def present(self, person: UUID) -> bool:
        """Whether they may be given keys."""
        return person not in self.gone and self.people[person] not in self.gone

    def steady(self, person: UUID) -> bool:
        """Whether they never were away."""
        return person not in self.ever_gone and self.people[person] not in self.ever_gone

    def belonging(self, seat: Seat) -> frozenset[UUID]:
        """Everybody who belongs to a group, or could be named to it."""
        if seat == DESK:
            return frozenset(
                person
                for person, institution in self.people.items()
                if self.institutions[institution].gateway
            )
        return frozenset(person for person, of in self.people.items() if of == seat[1])

    def members(self, seat: Seat) -> frozenset[UUID]:
        """Who belongs to a group and may be given keys today."""
        if seat[0] == "apart":
            base, shut_out = seat[1], seat[2]
            assert isinstance(base, tuple)
            assert isinstance(shut_out, frozenset)
            return self.members(base) - shut_out
        if seat[0] == "small":
            number = seat[1]
            assert isinstance(number, int)
            named = self.smalls[number]
        else:
            named = self.on_call if seat == DESK else self.belonging(seat)
        return frozenset(filter(self.present, named))

    # -- a journey ------------------------------------------------------------------------------

    def open(self, journey: UUID, lead: UUID, does: frozenset[Capacity]) -> None:
        """An institution opens a journey and leads it."""
        part = Part(None, 0, {}, dict.fromkeys(does, 0))
        self.journeys[journey] = Shared(lead, {lead: part})

    def invite(
        self,
        journey: UUID,
        institution: UUID,
        basis: Basis,
        does: frozenset[Capacity],
        version: int,
    ) -> None:
        """An institution takes part from a version on, as new."""
        part = Part(
            basis, version, dict.fromkeys(basis.scope, version), dict.fromkeys(does, version)
        )
        self.journeys[journey].parts[institution] = part

    def does(
        self, journey: UUID, institution: UUID, does: frozenset[Capacity], version: int
    ) -> None:
        """What a partner does from now on; what it did already it goes on doing."""
        part = self.journeys[journey].parts[institution]
        since = {capacity: part.does.get(capacity, version) for capacity in does}
        self.journeys[journey].parts[institution] = replace(part, does=since)

    def consent(
        self, journey: UUID, institution: UUID, basis: Basis, version: int, day: date
    ) -> None:
        """What is shared from now on; what was shared already, for the same reasons and still, stays."""
        part = self.journeys[journey].parts[institution]
        held = part.basis if part.basis and part.basis.in_force(day) else None
        same = held and (held.ground, held.purpose) == (basis.ground, basis.purpose)
        before = part.shared if same else {}
        shared = {one: before.get(one, version) for one in basis.scope}
        self.journeys[journey].parts[institution] = replace(part, basis=basis, shared=shared)

    def withdraw(self, journey: UUID, institution: UUID) -> None:
        """The person shares nothing more with a partner."""
        part = self.journeys[journey].parts[institution]
        self.journeys[journey].parts[institution] = replace(part, basis=None, shared={})

    def restrict(self, journey: UUID, institution: UUID, shut_out: frozenset[UUID]) -> None:
        """Every group of those shut out takes part through its other members."""
        found = self.journeys[journey]
        seats: list[Seat] = [("institution", institution)]
        if shut_out & self.members(DESK):
            seats.append(DESK)
        for seat in seats:
            found.shut[seat] = found.shut.get(seat, frozenset()) | shut_out
            if seat in found.small:
                found.lineage.setdefault(seat, set()).add(("small", found.small[seat]))
            found.small[seat] = len(self.smalls)
            self.smalls.append(self.members(seat) - found.shut[seat])

    def write(
        self,
        journey: UUID,
        key: object,
        what: str,
        version: int,
        compartment: C,
        epoch: bytes,
        day: date,
    ) -> None:
        """Something was written and sealed: ``tick`` says who may read it."""
        found = self.journeys[journey]
        absent = frozenset(
            part for part in found.parts if not self.members(self._seat(found, part))
        )
        one = found.written[key] = Written(what, version, compartment, epoch, absent, self.returns)
        one.waits = not self._now(found, one, day)

    # -- who reads ------------------------------------------------------------------------------

    def tick(self, day: date) -> None:
        """Whoever is entitled today may have been given the key from today on, and keeps it."""
        people: dict[Seat, frozenset[UUID]] = {}
        for found in self.journeys.values():
            alike: dict[tuple[C, int, int, bool], set[Seat]] = {}
            for one in found.written.values():
                place = one.compartment, one.version, one.returns, one.waits
                if place not in alike:
                    alike[place] = self._now(found, one, day)
                    if one.waits:
                        alike[place].add(self._apart(found, DESK))
                one.seats.update(alike[place])
                # What a small group had, the one that takes its place is given.
                one.seats.update(
                    self._apart(found, seat)
                    for seat, former in found.lineage.items()
                    if former & one.seats
                )
                for seat in one.seats:
                    if seat not in people:
                        people[seat] = self.members(seat)
                    one.persons |= people[seat]

    def owed(
        self, journey: UUID, key: object, day: date, lives: Callable[[Seat], bool]
    ) -> frozenset[UUID]:
        """Who must be able to read today, once everybody has been here and passed on what they hold.

        ``lives`` says of a group whether somebody still has its key.
        """
        found = self.journeys[journey]
        one = found.written[key]
        seats = self._now(found, one, day, owed=True)
        if one.waits:
            seats.add(self._apart(found, DESK))
        return frozenset().union(*(self._owed_members(seat) for seat in seats if lives(seat)))

    def _owed_members(self, seat: Seat) -> frozenset[UUID]:
        # Who was away comes back to a small group only if nobody renewed it meanwhile: allowed, and not owed.
        members = self.members(seat)
        return frozenset(filter(self.steady, members)) if seat[0] == "small" else members

    def _now(self, found: Shared, one: Written, day: date, *, owed: bool = False) -> set[Seat]:
        entitled = [
            institution
            for institution in found.parts
            if self._reads(found, institution, one.compartment, day)
            and self.members(self._seat(found, institution))
        ]
        seats = {
            self._seat(found, institution)
            for institution in entitled
            if self._past(found, institution, one.compartment)
            or (
                one.version >= self._since(found, institution, one.compartment)
                and one.returns >= self.returned.get(institution, 0)
                and not (owed and institution in one.absent)
            )
        }
        desk = self._apart(found, DESK)
        if one.compartment in EMERGENCY and self.members(desk):
            seats.add(desk)
        if one.waits and entitled:
            first = min(self._since(found, each, one.compartment) for each in entitled)
            seats |= {
                self._seat(found, each)
                for each in entitled
                if self._since(found, each, one.compartment) == first
            }
        return seats

    def _reads(self, found: Shared, institution: UUID, compartment: C, day: date) -> bool:
        """Partners ∩ the charter's table ∩ consent in force ∩ not excluded."""
        facts, part = self.institutions[institution], found.parts[institution]
        if institution in self.gone or facts.kind in NEVER_PARTNER:
            return False
        basis = part.basis if part.basis and part.basis.in_force(day) else None
        free = institution == found.lead or facts.gateway
        named = basis is not None and (compartment is C.FRAME or compartment in basis.scope)
        if not (free or named):
            return False
        return self._may_hold(facts, part, basis, compartment)

    @staticmethod
    def _may_hold(facts: Facts, part: Part, basis: Basis | None, compartment: C) -> bool:
        """The table: an institution with a basis that names the compartment, or that needs none."""
        agreed = (
            basis is not None and basis.ground == "person_consent" and compartment in basis.scope
        )
        entitled = ENTITLED.get(compartment) in facts.may
        if compartment in DONE_FOR_HER:
            entitled = entitled and DONE_FOR_HER[compartment] in part.does
        away = facts.works_with_author
        return {
            C.CONTACT: not away,
            C.SHELTER: entitled and not away,
            C.SOCIAL: entitled and facts.kind not in NEVER_SOCIAL,
            C.HEALTH: (entitled or agreed) and facts.kind not in NEVER_HEALTH,
        }.get(compartment, entitled or compartment in EVERYONE)

    @staticmethod
    def _since(found: Shared, institution: UUID, compartment: C) -> int:
        if institution == found.lead:
            return 0
        part = found.parts[institution]
        shared = part.shared.get(compartment, part.since)
        agreed = part.basis is not None and part.basis.ground == "person_consent"
        if compartment not in DONE_FOR_HER or (compartment is C.HEALTH and agreed):
            return shared
        return max(shared, part.does.get(DONE_FOR_HER[compartment], 0))

    @staticmethod
    def _past(found: Shared, institution: UUID, compartment: C) -> bool:
        """Facts, confidential information and the safe contact: always; the rest where the basis says so (8.2)."""
        basis = found.parts[institution].basis
        return (
            institution == found.lead
            or compartment in EVERYONE
            or compartment is C.CONTACT
            or (basis is not None and basis.includes_past)
        )

    def _seat(self, found: Shared, institution: UUID) -> Seat:
        return self._apart(found, ("institution", institution))

    def _apart(self, found: Shared, seat: Seat) -> Seat:
        if seat in found.small:
            return ("small", found.small[seat])
        if found.shut_out & self.belonging(seat):
            return ("apart", seat, found.shut_out)
        return seat

    def people_of(self, institutions: Iterable[UUID]) -> frozenset[UUID]:
        """Everybody of some institutions."""
        wanted = set(institutions)
        return frozenset(person for person, of in self.people.items() if of in wanted)
