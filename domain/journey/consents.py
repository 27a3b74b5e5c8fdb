"""Consents: what the person agreed may be shared with a partner, or the other ground it is shared on (article 8.2)."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.closing import refuse_if_closed
from domain.journey.partners import Basis, refuse_basis
from domain.refusals import Refusal
from domain.territory import day_of

if TYPE_CHECKING:
    from domain.journey.journey import Journey


def give(journey: "Journey", author: Author, institution: UUID, basis: Basis, at: datetime) -> None:
    """Record the consent, or other ground, in force from now for a partner; it replaces the one before."""
    refuse_if_closed(journey)
    if not journey.takes_part(institution):
        raise Refusal(
            "L'accord se donne pour chaque partenaire : invitez d'abord cette institution.",
            "8.2",
        )
    if institution == journey.lead:
        raise Refusal(
            "L'institution pilote n'a pas besoin d'accord pour poursuivre son aide.", "8.4"
        )
    refuse_basis(basis, at)
    journey.trigger_event(
        ConsentGiven, author=author, institution=institution, basis=basis, timestamp=at
    )


class ConsentGiven(Aggregate.Event):
    """The person agreed to share with a partner, or another ground for sharing was recorded."""

    compartment = Compartment.FRAME

    author: Author
    institution: UUID
    basis: Basis

    def apply(self, journey: "Journey") -> None:
        """Replace the partner's basis; a compartment that it goes on sharing keeps the version that it began at."""
        partner = journey.partners[self.institution]
        unbroken = partner.basis is not None and partner.basis.goes_on_as(
            self.basis, day_of(self.timestamp)
        )
        before = partner.shared_since if unbroken else {}
        journey.partners[self.institution] = replace(
            partner,
            basis=self.basis,
            shared_since={
                compartment: before.get(compartment, self.originator_version)
                for compartment in self.basis.scope
            },
        )
        journey.note(self, "consent_given", self.institution, self.basis.ground)


def withdraw(journey: "Journey", author: Author, institution: UUID, at: datetime) -> None:
    """Record that the person withdrew her consent for a partner: it takes effect at once."""
    partner = journey.partners.get(institution)
    if partner is None or partner.basis is None:
        raise Refusal("Aucun accord n'est en vigueur pour cette institution.", "8.2")
    journey.trigger_event(ConsentWithdrawn, author=author, institution=institution, timestamp=at)


class ConsentWithdrawn(Aggregate.Event):
    """The person withdrew her consent for a partner."""

    compartment = Compartment.FRAME

    author: Author
    institution: UUID

    def apply(self, journey: "Journey") -> None:
        """Leave the partner without a basis."""
        journey.partners[self.institution] = replace(
            journey.partners[self.institution], basis=None, shared_since={}
        )
        journey.note(self, "consent_withdrawn", self.institution)


EVENTS = (ConsentGiven, ConsentWithdrawn)
