"""Restrictions: a group takes part through a small group of its other members only (article 11.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment
from domain.refusals import InvalidValue, Refusal

if TYPE_CHECKING:
    from domain.journey.journey import Journey


@dataclass(frozen=True, slots=True)
class Restriction:
    """The small group through which a group takes part, and who is shut out of the journey.

    ``since`` is the version of the last restriction; ``former`` are the small groups that this one replaces.
    """

    group: UUID
    small_group: UUID
    shut_out: frozenset[UUID]
    since: int
    former: frozenset[UUID] = frozenset()


def restrict(
    journey: "Journey",
    author: Author,
    group: UUID,
    small_group: UUID,
    shut_out: Iterable[UUID],
    at: datetime,
) -> None:
    """Let a group take part through a small group only. Referents shut out before stay shut out."""
    excluded = frozenset(shut_out)
    if not excluded:
        raise InvalidValue("shut_out", "Choisissez au moins une personne à tenir à l'écart.")
    if author.referent in excluded:
        raise Refusal(
            "On ne se tient pas soi-même à l'écart : demandez-le à un·e collègue.", "11.1"
        )
    journey.trigger_event(
        Restricted,
        author=author,
        group=group,
        small_group=small_group,
        shut_out=excluded,
        timestamp=at,
    )


class Restricted(Aggregate.Event):
    """A group takes part through a small group from now on."""

    compartment = Compartment.FRAME

    author: Author
    group: UUID
    small_group: UUID
    shut_out: frozenset[UUID]

    def apply(self, journey: "Journey") -> None:
        """Replace the group's restriction; who was shut out before stays shut out."""
        before = journey.restrictions.get(self.group)
        everyone = self.shut_out | before.shut_out if before else self.shut_out
        former = before.former | {before.small_group} if before else frozenset()
        journey.restrictions[self.group] = Restriction(
            self.group, self.small_group, everyone, self.originator_version, former
        )
        journey.note(self, "restricted", self.group)


EVENTS = (Restricted,)
