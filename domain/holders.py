"""Holders and audiences: to whom keys are sealed, and for whom something is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HolderKey:
    """One generation of a holder's public key. ``covers`` is the group that a member's own pair stands in for, else the
    holder itself."""

    holder: UUID
    generation: int
    public_key: bytes
    covers: UUID


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read what is written under one lock today.

    ``holders`` get the key. ``institutions`` and ``persons`` are who can open it. ``since`` names for
    each reader the version from which it is one, and ``opens_past`` those to whom policy opens
    what was written before; ``returned`` names for a reader that was excluded the directory's counter of its return:
    what was sealed until then is the past too. ``replaces`` maps a small group to the groups that it takes the place
    of, and ``shut`` holds whose grants are then destroyed. ``keepers`` hold what was deposited while nobody may read it
    yet. ``generations`` are the holders': an epoch serves only while these are all it was ever granted to.
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
