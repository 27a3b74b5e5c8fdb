"""An aggregate as one session loaded it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.holders import Audience
from infrastructure.formats.card import CardRow
from infrastructure.formats.entry import EpochKeys
from infrastructure.formats.event import EventCodec
from infrastructure.formats.grant import Epoch, GrantSet

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class AggregateKind(Generic[A]):
    """An aggregate class as the store knows it: its events, their locks, and the lock of its frame."""

    aggregate: type[A]
    codec: EventCodec
    lock_of: Callable[[object], int]
    frame_lock: int


@dataclass(slots=True)
class Loaded(Generic[A]):
    """An aggregate as one session sees it, and the keys that the session holds of it. ``sets`` are the sets of grants
    of each epoch, one for each act that granted it."""

    aggregate: A
    counter: int
    epochs: dict[bytes, Epoch]
    keys: dict[bytes, EpochKeys]
    sets: dict[bytes, list[GrantSet]]
    destroyed: frozenset[tuple[bytes, UUID]]
    cards: dict[int, CardRow]
    shred_secret: bytes = field(repr=False)
    version: int
    body_epochs: list[bytes] = field(default_factory=list)
    settled: dict[bytes, Audience] = field(default_factory=dict)
    _granted: dict[bytes, frozenset[tuple[UUID, int]]] = field(default_factory=dict)
    _granted_holders: dict[bytes, frozenset[UUID]] = field(default_factory=dict)

    def granted_at(self, version: int) -> frozenset[UUID]:
        """Return the holders that were ever granted the key of one stored entry."""
        return self.granted_holders(self.body_epochs[version - 1])

    def granted(self, epoch: bytes) -> frozenset[tuple[UUID, int]]:
        """Return every holder's generation to which an epoch was ever granted."""
        granted = self._granted.get(epoch)
        if granted is None:
            granted = self._granted[epoch] = frozenset(
                member for given in self.sets[epoch] for member in given.members
            )
        return granted

    def granted_holders(self, epoch: bytes) -> frozenset[UUID]:
        """Return the holders to which an epoch was ever granted."""
        holders = self._granted_holders.get(epoch)
        if holders is None:
            holders = self._granted_holders[epoch] = frozenset(
                holder for holder, _ in self.granted(epoch)
            )
        return holders

    def granted_at_once(self, epoch: bytes) -> frozenset[tuple[UUID, int]] | None:
        """Return to which generations an epoch was granted at its birth, or ``None`` if it was granted again later."""
        return self.granted(epoch) if len(self.sets[epoch]) == 1 else None

    def take_in(self, sets: Sequence[GrantSet]) -> None:
        """Take in the sets of grants that were just stored."""
        for given in sets:
            self.sets.setdefault(given.epoch, []).append(given)
            self._granted.pop(given.epoch, None)
            self._granted_holders.pop(given.epoch, None)

    def makers(self, institution_of: Callable[[UUID], UUID]) -> list[UUID | None]:
        """Return for each entry, in order, the institution for which its key was made; ``None`` if this session has no
        key to it. ``institution_of`` gives a referent's institution: it is asked once for each key."""
        made = {epoch.id: institution_of(epoch.maker) for epoch in self.epochs.values()}
        return [made.get(epoch) for epoch in self.body_epochs]

    def born(self, epoch: bytes) -> tuple[int, int]:
        """Return the journey's version and the directory's counter at which an epoch was made."""
        return min((given.version, given.counter) for given in self.sets[epoch])
