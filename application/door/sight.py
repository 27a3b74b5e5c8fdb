"""What of a journey a session may be shown: what its keys open, as far as the door is open today.

A key that was given stays with who has it; the door does not. So every page asks here, and shows what is
kept from it as it shows what is sealed.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID

from application.door.journey import Entered
from domain.compartments import Compartment
from domain.holders import Audience
from domain.journey.entries import Entry, SealedEntry
from domain.journey.person import Person
from policies.charter import Act, Decision


@dataclass(slots=True)
class Sight:
    """An entered journey, as its session may see it now."""

    entered: Entered
    _reads: dict[Compartment, Decision] = field(default_factory=dict)

    def reads(self, compartment: Compartment) -> Decision:
        """Whether the session may read a compartment, and which articles say so."""
        if compartment not in self._reads:
            self._reads[compartment] = self.entered.ask(Act.READ, compartment)
        return self._reads[compartment]

    def entries(self) -> list[Entry | SealedEntry]:
        """Every entry in its order; sealed where the key or the door is missing."""
        return [self._shown(entry) for entry in self.entered.journey.entries.values()]

    def entry(self, version: int) -> Entry | None:
        """One entry, where it may be read."""
        found = self.entered.journey.entries.get(version)
        shown = None if found is None else self._shown(found)
        return shown if isinstance(shown, Entry) else None

    def awaiting(self) -> list[Entry]:
        """Planned actions that nobody completed or withdrew, as far as they may be read."""
        return [
            entry
            for entry in self.entered.journey.awaiting()
            if self.reads(entry.compartment).allowed
        ]

    @property
    def person(self) -> Person | None:
        """Who the person is, where identity may be read."""
        return self.entered.journey.person if self._opens(Compartment.IDENTITY) else None

    @property
    def safe_contact(self) -> str | None:
        """How to reach her, where contact may be read."""
        return self.entered.journey.safe_contact if self._opens(Compartment.CONTACT) else None

    @property
    def danger_level(self) -> str | None:
        """The level of danger that stands, where danger may be read."""
        return self.entered.journey.danger_level if self._opens(Compartment.DANGER) else None

    def is_sealed(self, compartment: Compartment) -> bool:
        """Whether a compartment is closed to this session, or holds something that it has no key to."""
        return not self._opens(compartment) or any(
            isinstance(entry, SealedEntry) and entry.compartment is compartment
            for entry in self.entered.journey.entries.values()
        )

    def awaits_key(self, institution: UUID) -> bool:
        """Whether a partner may read an entry today and was not given its key: the next session that holds it will."""
        granted_at = self.entered.loaded.granted_at
        return any(
            self._is_due(institution, entry.compartment, version, granted_at(version))
            for version, entry in self.entered.journey.entries.items()
            if entry.compartment is not None
        )

    def may_write(self, compartment: Compartment, ground: str) -> Decision:
        """Whether the session may write into a compartment: append where it reads, else deposit (article 5.0)."""
        act = Act.APPEND if self._opens(compartment) else Act.DEPOSIT
        return self.entered.ask(act, compartment, ground)

    def audience_of_entry(self, entry: Entry) -> Audience:
        """Who can read one entry today: of the audience of its compartment, those that were given its key."""
        audience = self.entered.audience(entry.compartment)
        granted = self.entered.loaded.granted_at(entry.version)
        holders = tuple(
            one for one in audience.holders if one.holder in granted or one.covers in granted
        )
        groups = {one.covers for one in holders}
        network = self.entered.network
        members: frozenset[UUID] = frozenset().union(*(network.members(one) for one in groups))
        institutions = tuple(one for one in audience.institutions if self._group_of(one) in groups)
        return replace(
            audience,
            holders=holders,
            institutions=institutions,
            persons=audience.persons & members,
        )

    def desk_reads(self, audience: Audience) -> bool:
        """Whether the on-call desk is among an audience's readers."""
        desk = self.entered.network.on_call_group()
        if desk is None or not audience.persons:
            return False
        group = self._group_of(desk.id)
        return any(one.covers == group for one in audience.holders)

    def institutions_of(self, audience: Audience) -> frozenset[UUID]:
        """The institutions that an audience's readers are of, the on-call desk's among them."""
        desk = self.entered.network.on_call_group()
        keeper = {desk.of} if desk is not None and self.desk_reads(audience) else set()
        return frozenset(audience.institutions) | keeper

    def _opens(self, compartment: Compartment) -> bool:
        return self.reads(compartment).allowed

    def _shown(self, entry: Entry | SealedEntry) -> Entry | SealedEntry:
        if isinstance(entry, Entry) and not self._opens(entry.compartment):
            return SealedEntry(entry.version, entry.compartment, entry.at.date())
        return entry

    def _is_due(
        self, institution: UUID, compartment: Compartment, version: int, granted: frozenset[UUID]
    ) -> bool:
        audience = self.entered.audience(compartment)
        if institution not in audience.institutions:
            return False
        group = self._group_of(institution)
        holders = {one.holder for one in audience.holders if one.covers == group}
        if granted & (holders | {group, institution}):
            return False
        since = audience.since.get(group, 0)
        first = since == min(audience.since.values(), default=0)
        return (
            version > since
            or group in audience.opens_past
            or (first and granted <= audience.keepers)
        )

    def _group_of(self, group: UUID) -> UUID:
        restriction = self.entered.journey.restrictions.get(group)
        return restriction.small_group if restriction else group
