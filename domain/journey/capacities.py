"""Capacities: the things that a partner does for this person (articles 5.1, 5.2, 6.2), as the lead says."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.closing import refuse_if_closed
from domain.refusals import InvalidValue, Refusal

if TYPE_CHECKING:
    from domain.journey.journey import Journey


class Capacity(StrEnum):
    """One thing that an institution does for the person. Each bears the name of the entitlement that it needs."""

    CARE = "care"
    SOCIAL_ACTION = "social-action"
    SHELTER = "shelter"


def since(version: int, capacities: frozenset[Capacity] | None) -> dict[Capacity, int] | None:
    """Capacities that all begin at one version; ``None`` if nobody was asked for them."""
    return None if capacities is None else dict.fromkeys(sorted(capacities), version)


def state(
    journey: "Journey",
    author: Author,
    institution: UUID,
    capacities: frozenset[Capacity],
    at: datetime,
) -> None:
    """Say all that a partner does for the person from now on, whatever was said before.

    In a closed journey a capacity may be taken away, and none added.
    """
    if not journey.takes_part(institution):
        raise Refusal(
            "Cette institution ne prend pas part au suivi : invitez-la en disant à quel titre."
        )
    partner = journey.partners[institution]
    if partner.capacities is not None and partner.capacities.keys() == capacities:
        raise InvalidValue(
            "capacities", "Rien ne change : cochez ce que fait ce partenaire, et cela seul."
        )
    if not all(map(partner.acts_in, capacities)):
        refuse_if_closed(journey)
    journey.trigger_event(
        CapacitiesStated,
        author=author,
        institution=institution,
        capacities=capacities,
        timestamp=at,
    )


class CapacitiesStated(Aggregate.Event):
    """All that a partner does for the person from now on was said."""

    compartment = Compartment.FRAME

    author: Author
    institution: UUID
    capacities: frozenset[Capacity]

    def apply(self, journey: "Journey") -> None:
        """Replace the partner's capacities; one that goes on keeps the version that it began at.

        A partner that nobody was asked about was taken to do everything, since its invitation.
        """
        partner = journey.partners[self.institution]
        before = partner.capacities
        if before is None:
            before = dict.fromkeys(Capacity, partner.since)
        journey.partners[self.institution] = replace(
            partner,
            capacities={
                capacity: before.get(capacity, self.originator_version)
                for capacity in sorted(self.capacities)
            },
        )
        journey.note(self, "capacities_stated", self.institution, capacities=self.capacities)


EVENTS = (CapacitiesStated,)
