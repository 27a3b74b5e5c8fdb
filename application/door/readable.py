"""The readable part of a journey: what a session may be shown of what its keys open.

A key that was given cannot be taken back; the door can close. So every page asks here, and shows an entry that the door
closes as it shows a sealed one.
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
class ReadableJourney:
    """An entered journey, as its session may read it now."""

    entered: Entered
    _reads: dict[Compartment, Decision] = field(default_factory=dict)

    def reads(self, compartment: Compartment) -> Decision:
        """Whether the session may read a compartment, and which articles say so."""
        if compartment not in self._reads:
            self._reads[compartment] = self.entered.ask(Act.READ, compartment)
        return self._reads[compartment]

    def entries(self) -> list[Entry | SealedEntry]:
        """Every entry in its order; sealed if this session has no key to it, or the door is closed."""
        return [self._shown(entry) for entry in self.entered.journey.entries.values()]

    def entry(self, version: int) -> Entry | None:
        """One entry, if it may be read."""
        stored = self.entered.journey.entries.get(version)
        shown = None if stored is None else self._shown(stored)
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
        """The person, if identity may be read."""
        return self.entered.journey.person if self._opens(Compartment.IDENTITY) else None

    @property
    def safe_contact(self) -> str | None:
        """How to reach her safely, if contact may be read."""
        return self.entered.journey.safe_contact if self._opens(Compartment.CONTACT) else None

    @property
    def danger_level(self) -> str | None:
        """The level of danger in force, if danger may be read."""
        return self.entered.journey.danger_level if self._opens(Compartment.DANGER) else None

    def is_sealed(self, compartment: Compartment) -> bool:
        """Whether a compartment is closed to this session, or holds an entry that it has no key to."""
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
        """Whether the session may write into a compartment: append if it may read it, else deposit (article 5.0)."""
        act = Act.APPEND if self._opens(compartment) else Act.DEPOSIT
        return self.entered.ask(act, compartment, ground)

    def audience_of_entry(self, entry: Entry) -> Audience:
        """The readers of one entry today: those in its compartment's audience who were given its key."""
        audience = self.entered.audience(entry.compartment)
        granted = self.entered.loaded.granted_at(entry.version)
        holders = tuple(
            key for key in audience.holders if key.holder in granted or key.covers in granted
        )
        groups = {key.covers for key in holders}
        network = self.entered.network
        members: frozenset[UUID] = frozenset().union(*(network.members(group) for group in groups))
        institutions = tuple(
            institution
            for institution in audience.institutions
            if self._group_of(institution) in groups
        )
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
        return any(key.covers == group for key in audience.holders)

    def institutions_of(self, audience: Audience) -> frozenset[UUID]:
        """The institutions of an audience's readers, the on-call desk's included."""
        desk = self.entered.network.on_call_group()
        gateway = {desk.of} if desk is not None and self.desk_reads(audience) else set()
        return frozenset(audience.institutions) | gateway

    def _opens(self, compartment: Compartment) -> bool:
        return self.reads(compartment).allowed

    def _shown(self, entry: Entry | SealedEntry) -> Entry | SealedEntry:
        if isinstance(entry, Entry) and not self._opens(entry.compartment):
            return SealedEntry(entry.version, entry.compartment, self.entered.network.day(entry.at))
        return entry

    def _is_due(
        self, institution: UUID, compartment: Compartment, version: int, granted: frozenset[UUID]
    ) -> bool:
        audience = self.entered.audience(compartment)
        if institution not in audience.institutions:
            return False
        group = self._group_of(institution)
        holders = {key.holder for key in audience.holders if key.covers == group}
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
