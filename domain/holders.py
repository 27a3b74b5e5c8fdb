"""Holders, to whom keys are sealed, and audiences, who may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HolderKey:
    """One generation of a holder's public key.

    ``covers`` is the holder itself; for a member's own key that replaces a group's, it is the group.
    """

    holder: UUID
    generation: int
    public_key: bytes
    covers: UUID


@dataclass(frozen=True, slots=True)
class Audience:
    """The readers of an entry that is written under one lock today.

    ``holders`` get the key; ``institutions`` and ``persons`` can open it. ``since`` gives for each reader the version
    from which it reads, ``opens_past`` the readers to whom policy opens earlier entries too; ``returned`` gives for a
    reader that was excluded and came back the directory's counter of its return: entries sealed until then are the past
    as well. ``replaces`` maps a small group to the groups that it replaces; the grants of the holders in ``shut``
    are then destroyed. ``keepers`` hold a deposit that nobody may read yet. ``generations`` are the holders' own: an
    epoch serves for writing only if it was never granted to any other.
    """

    holders: tuple[HolderKey, ...]
    institutions: tuple[UUID, ...]
    persons: frozenset[UUID]
    articles: tuple[str, ...]
    since: Mapping[UUID, int] = field(default_factory=dict)
    opens_past: frozenset[UUID] = frozenset()
    returned: Mapping[UUID, int] = field(default_factory=dict)
    replaces: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    shut: frozenset[UUID] = frozenset()
    keepers: frozenset[UUID] = frozenset()
    generations: frozenset[tuple[UUID, int]] = field(init=False)

    def __post_init__(self) -> None:
        generations = frozenset((holder.holder, holder.generation) for holder in self.holders)
        object.__setattr__(self, "generations", generations)
