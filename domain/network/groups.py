"""Groups: holders with several members, who share a key pair. Each key pair is one generation of the group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.refusals import Refusal

if TYPE_CHECKING:
    from domain.network.network import Network


class GroupKind(StrEnum):
    """The kind of a group: it decides which rules give it keys."""

    INSTITUTION = "institution"
    ON_CALL = "on_call"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Group:
    """A holder with several members: its current generation, and the members who have that generation's key.

    ``of`` is the institution or the group that it stands for; ``public_keys`` are those of all generations.
    """

    id: UUID
    kind: GroupKind
    of: UUID
    generation: int
    public_key: bytes
    founders: frozenset[UUID]
    public_keys: Mapping[int, bytes]


def make_group_key(
    network: "Network",
    group: UUID,
    kind: GroupKind,
    of: UUID,
    public_key: bytes,
    members: Iterable[UUID],
    at: datetime,
) -> None:
    """Give a group its first key, or its next generation. Every member must be known and none may have left."""
    founders = frozenset(members)
    if not founders or not all(network.holds_keys(member) for member in founders):
        raise Refusal("Un groupe n'a que des membres présents dans l'annuaire.")
    known = network.groups.get(group)
    generation = known.generation + 1 if known else 1
    network.trigger_event(
        GroupKeyMade,
        group=group,
        kind=kind,
        of=of,
        generation=generation,
        public_key=public_key,
        members=tuple(sorted(founders)),
        timestamp=at,
    )


class GroupKeyMade(Aggregate.Event):
    """A group got its first key, or its next generation."""

    group: UUID
    kind: GroupKind
    of: UUID
    generation: int
    public_key: bytes
    members: tuple[UUID, ...]

    def apply(self, network: "Network") -> None:
        """Put the new generation in the place of the last, whose public key is kept."""
        before = network.groups.get(self.group)
        keys = {**(before.public_keys if before else {}), self.generation: self.public_key}
        network.groups[self.group] = Group(
            self.group,
            self.kind,
            self.of,
            self.generation,
            self.public_key,
            frozenset(self.members),
            keys,
        )


def share_group_key(network: "Network", group: UUID, member: UUID, at: datetime) -> None:
    """Record that a colleague gave a newcomer the private half of the group's current key."""
    if group not in network.groups:
        raise Refusal("Ce groupe n'a pas encore de clé.")
    if member not in network.members(group):
        raise Refusal("Cette personne n'est pas membre du groupe.")
    network.trigger_event(GroupKeyShared, group=group, member=member, timestamp=at)


class GroupKeyShared(Aggregate.Event):
    """A newcomer was given the private half of the group's current key."""

    group: UUID
    member: UUID

    def apply(self, network: "Network") -> None:
        """Count the newcomer among those who have the current key."""
        known = network.groups[self.group]
        network.groups[self.group] = replace(known, founders=known.founders | {self.member})


EVENTS = (GroupKeyMade, GroupKeyShared)
