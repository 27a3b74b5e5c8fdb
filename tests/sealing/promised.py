"""The compartments and facts that the promises rest on, written out by hand from the charter's articles."""

from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from domain.compartments import Compartment as C  # noqa: N817 - the table below is read by its letters
from domain.journey.capacities import Capacity
from domain.journey.partners import Basis

Seat: TypeAlias = tuple[object, ...]
"""A group: ``("institution", id)``, ``("desk",)``, ``("small", number)``, ``("apart", group, those kept apart)``."""

DESK: Seat = ("desk",)

EVERYONE = frozenset({C.FRAME, C.FOLLOW_UP, C.IDENTITY, C.DANGER})
"""What every partner reads (4.1, 4.2); a newcomer also what was written before (8.2)."""

EMERGENCY = frozenset({C.FRAME, C.IDENTITY, C.CONTACT, C.DANGER})
"""What the on-call desk holds, from the first day (12.1)."""

ENTITLED = {
    C.SOCIAL: "social-action",
    C.SHELTER: "shelter",
    C.CHILDREN: "child-protection",
    C.PROCEEDINGS: "offence-data",
    C.HEALTH: "care",
}
"""What an institution must be entitled to hold (5.1, 5.2, 5.5, 6.1, 6.2)."""

DONE_FOR_HER = {
    C.SOCIAL: Capacity.SOCIAL_ACTION,
    C.SHELTER: Capacity.SHELTER,
    C.HEALTH: Capacity.CARE,
}
"""What an institution must besides do for the person herself (5.1, 5.2, 6.2)."""

NEVER_SOCIAL = frozenset({"police", "gendarmerie", "municipal-police", "education"})
NEVER_HEALTH = NEVER_SOCIAL | {"justice", "housing", "municipality"}
NEVER_PARTNER = frozenset({"justice", "elected", "coordination", "second-auditor"})


@dataclass(frozen=True)
class Facts:
    """What is asked of an institution."""

    id: UUID
    kind: str
    may: frozenset[str]
    gateway: bool
    works_with_author: bool


@dataclass(frozen=True)
class Part:
    """An institution in a journey. ``shared`` says since which version each compartment is shared without a break, and
    ``does`` since which it does what it does for the person."""

    basis: Basis | None
    since: int
    shared: dict[C, int]
    does: dict[Capacity, int]


@dataclass
class Written:
    """One thing that was sealed: an entry, a card, a trace. ``seats`` and ``persons`` grow and never shrink."""

    what: str
    version: int
    compartment: C
    epoch: bytes
    absent: frozenset[UUID]
    returns: int = 0
    waits: bool = False
    seats: set[Seat] = field(default_factory=set)
    persons: set[UUID] = field(default_factory=set)


@dataclass
class Shared:
    """One journey."""

    lead: UUID
    parts: dict[UUID, Part]
    small: dict[Seat, int] = field(default_factory=dict)
    shut: dict[Seat, frozenset[UUID]] = field(default_factory=dict)
    lineage: dict[Seat, set[Seat]] = field(default_factory=dict)
    written: dict[object, Written] = field(default_factory=dict)

    @property
    def shut_out(self) -> frozenset[UUID]:
        """Everybody who is kept apart."""
        return frozenset().union(*self.shut.values())
