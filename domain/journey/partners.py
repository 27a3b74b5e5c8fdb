"""Who takes part in a journey, on what ground, and in what capacity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.compartments import Compartment
from domain.journey.capacities import Capacity


@dataclass(frozen=True, slots=True)
class Information:
    """How the person was told of the shared follow-up (article 8.1), or why not yet and when to look again."""

    given_on: date | None
    manner: str | None
    language: str | None
    deferred_for: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """Why a partner may be told: the person's consent, or another ground (articles 8.2 and 8.3).

    ``scope`` names the compartments; ``until`` is the last day; ``includes_past`` opens what was written before to the
    classes that are closed to newcomers by default; ``told`` says what the person was told when it is not her consent.
    """

    ground: str
    scope: frozenset[Compartment]
    purpose: str
    until: date | None = None
    includes_past: bool = False
    told: str = ""

    def in_force(self, day: date) -> bool:
        """Whether it still holds on that day."""
        return self.until is None or day <= self.until

    def goes_on_as(self, renewed: "Basis", day: date) -> bool:
        """Whether one given that day goes on with this one: still in force, on the same ground, for the same purpose.

        What was written while another ground or purpose held was not shared for this one: it is the past.
        """
        same = (self.ground, self.purpose) == (renewed.ground, renewed.purpose)
        return same and self.in_force(day)


class Participation(StrEnum):
    """Where an institution stands in a journey."""

    INVITED = "invited"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Partner:
    """An institution in a journey.

    ``since`` is the version of its invitation; ``shared_since`` names, for each compartment of the basis, the version
    from which it has been shared without a break, on one ground and for one purpose: what is older is the past
    (article 8.2). ``capacities`` are what it does for the person, each with the version from which it has without a
    break; ``None`` where nobody was asked yet, which older events did not.
    """

    institution: UUID
    participation: Participation
    basis: Basis | None
    since: int
    shared_since: Mapping[Compartment, int] = field(default_factory=dict)
    invited_by: UUID | None = None
    capacities: Mapping[Capacity, int] | None = None

    def acts_in(self, capacity: Capacity, before: int | None = None) -> bool:
        """Whether it does this for the person, and has since that version or ``before`` it where one is given.

        Where nobody was asked yet it is taken to do all that it is entitled to, so that nobody is locked out unawares.
        """
        if self.capacities is None:
            return True
        since = self.capacities.get(capacity)
        return since is not None and (before is None or since <= before)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A group takes part through a small group of its other members (article 11.1).

    ``former`` are the small groups that this one takes the place of.
    """

    group: UUID
    small_group: UUID
    shut_out: frozenset[UUID]
    since: int
    former: frozenset[UUID] = frozenset()
