"""The network: institutions, referents, groups and their keys. Its events are the lines of the signed directory.

This is the root: the founding of a network, its state, and the questions that may be asked of it. The chapters beside
it hold everything else that may happen to it. The network's version is the directory's counter. Its events are not
sealed: each is stored in clear, signed.
"""

from datetime import date, datetime, tzinfo
from uuid import UUID

from eventsourcing.domain import Aggregate, event

from domain.holders import HolderKey
from domain.network import charter, groups, members, on_call
from domain.network.groups import Group, GroupKind
from domain.network.members import Institution, Referent, Standing
from domain.refusals import Refusal
from domain.territory import ZONE, day_of


class NetworkFounded(Aggregate.Created):
    """A network was founded: the first line of its directory."""

    identifier: UUID
    name: str
    territory: str
    gateway_number: str
    founded_on: date
    house_key: bytes


class Network(Aggregate):
    """One territory's network and its directory."""

    events = (
        NetworkFounded,
        *members.EVENTS,
        *groups.EVENTS,
        *on_call.EVENTS,
        *charter.EVENTS,
    )
    """Every event that can be stored of a network, gathered from its chapters."""

    @staticmethod
    def create_id(identifier: UUID) -> UUID:
        """The installation chooses a network's id: its tables and keys name it from the start."""
        return identifier

    @event(NetworkFounded)
    def __init__(
        self,
        identifier: UUID,
        name: str,
        territory: str,
        gateway_number: str,
        founded_on: date,
        house_key: bytes,
        timestamp: datetime,
    ) -> None:
        self.name = name
        self.territory = territory
        self.gateway_number = gateway_number
        self.founded_on = founded_on
        self.house_key = house_key
        self.institutions: dict[UUID, Institution] = {}
        self.referents: dict[UUID, Referent] = {}
        self.groups: dict[UUID, Group] = {}
        self.on_call: frozenset[UUID] = frozenset()
        self.standing: dict[UUID, Standing] = {}
        self.returned: dict[UUID, int] = {}
        self.signatures: dict[UUID, frozenset[bytes]] = {}
        self.charter: bytes = b""

    @property
    def counter(self) -> int:
        """The directory's counter: how many lines it has."""
        return self.version

    @property
    def zone(self) -> tzinfo:
        """The territory's time zone."""
        return ZONE

    def day(self, at: datetime) -> date:
        """The territory's day at a moment."""
        return day_of(at)

    def institution_of_kind(self, kind: str) -> Institution:
        """The only institution of a kind that the network has once (coordination, second auditor)."""
        of_that_kind = [
            institution for institution in self.institutions.values() if institution.kind == kind
        ]
        if len(of_that_kind) != 1:
            raise Refusal("Le réseau n'a pas exactement une institution de ce genre.")
        return of_that_kind[0]

    def on_call_group(self) -> Group | None:
        """The on-call desk's group, once it has a key."""
        return next(
            (group for group in self.groups.values() if group.kind is GroupKind.ON_CALL), None
        )

    def standing_of(self, identifier: UUID) -> Standing:
        """The standing of an institution or a referent."""
        return self.standing.get(identifier, Standing.ACTIVE)

    def holds_keys(self, referent: UUID) -> bool:
        """Whether the referent may be given keys: yes while suspended, no once excluded or gone."""
        known = self.referents.get(referent)
        if known is None:
            return False
        standings = (self.standing_of(referent), self.standing_of(known.institution))
        return not any(standing.is_over for standing in standings)

    def members(self, group: UUID) -> frozenset[UUID]:
        """The members of a group today."""
        known = self.groups.get(group)
        if known is not None and known.kind is GroupKind.SMALL:
            return frozenset(member for member in known.founders if self.holds_keys(member))
        if known is not None and known.kind is GroupKind.ON_CALL:
            return frozenset(member for member in self.on_call if self.holds_keys(member))
        return frozenset(
            referent.id
            for referent in self.referents.values()
            if referent.institution == group and self.holds_keys(referent.id)
        )

    def is_stale(self, group: UUID) -> bool:
        """Whether somebody who had the group's current key is no longer a member: a new generation is due."""
        known = self.groups.get(group)
        return known is not None and not known.founders <= self.members(group)

    def stale_groups(self, referent: UUID) -> list[UUID]:
        """The referent's groups that are due a new generation."""
        return [
            group
            for group in self.groups
            if referent in self.members(group) and self.is_stale(group)
        ]

    def unshared_groups(self, referent: UUID) -> list[UUID]:
        """The groups whose current key the referent has and some other member has not."""
        return [
            group.id
            for group in self.groups.values()
            if referent in group.founders and not self.members(group.id) <= group.founders
        ]

    def keys_of(self, group: UUID) -> tuple[HolderKey, ...]:
        """The public keys to which a writing for a group is sealed.

        That of its current generation; or, while somebody who had that key has left, each remaining member's own.
        Empty for a group without members.
        """
        members = self.members(group)
        known = self.groups.get(group)
        if known is None or not members:
            return ()
        if not self.is_stale(group):
            return (HolderKey(group, known.generation, known.public_key, group),)
        return tuple(
            HolderKey(member, 1, self.referents[member].encryption_key, group)
            for member in sorted(members)
        )

    def has_signed(self, identifier: UUID) -> bool:
        """Whether an institution or a referent signed the charter version in force (article 1.1)."""
        return bool(self.charter) and self.charter in self.signatures.get(identifier, frozenset())

    def referent_of_login(self, login: str) -> Referent | None:
        """The referent with that login, whatever its standing."""
        wanted = login.strip().casefold()
        return next(
            (
                referent
                for referent in self.referents.values()
                if referent.login.strip().casefold() == wanted
            ),
            None,
        )
