"""Partners: the institutions that take part in a journey, each with the basis on which it may be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment
from domain.grounds import Ground
from domain.journey.capacities import Capacity, since
from domain.journey.closing import refuse_if_closed
from domain.refusals import InvalidValue, Refusal
from domain.territory import day_of

if TYPE_CHECKING:
    from domain.journey.journey import Journey


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
        """Whether a basis given that day continues this one: still in force, on the same ground, for the same purpose.

        What was written while another ground or purpose held was not shared for this one: it is the past.
        """
        same = (self.ground, self.purpose) == (renewed.ground, renewed.purpose)
        return same and self.in_force(day)


def refuse_basis(basis: Basis, at: datetime) -> None:
    """Refuse a basis without scope, already over, or without a word of what the person was told (article 8.3)."""
    if not basis.scope:
        raise InvalidValue("scope", "Choisissez au moins un volet à partager.")
    if basis.until is not None and basis.until < day_of(at):
        raise InvalidValue("until", "La date de fin est déjà passée.")
    if basis.ground != Ground.PERSON_CONSENT and not basis.told.strip():
        raise InvalidValue("told", "Sans accord, indiquez ce qui a été dit à la personne.")


class Participation(StrEnum):
    """How far an institution takes part in a journey."""

    INVITED = "invited"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Partner:
    """An institution in a journey.

    ``since`` is the version of its invitation; ``shared_since`` names, for each compartment of the basis, the version
    from which it has been shared without a break, on one ground and for one purpose: what is older is the past
    (article 8.2). ``capacities`` are what it does for the person, each with the version from which it has without a
    break; ``None`` if nobody was asked yet, as in older events.
    """

    institution: UUID
    participation: Participation
    basis: Basis | None
    since: int
    shared_since: Mapping[Compartment, int] = field(default_factory=dict)
    capacities: Mapping[Capacity, int] | None = None

    def acts_in(self, capacity: Capacity, before: int | None = None) -> bool:
        """Whether it does this for the person; and, if ``before`` is given, did so at that version already.

        If nobody was asked yet it is taken to do all that it is entitled to, so that nobody is locked out unawares.
        """
        if self.capacities is None:
            return True
        begun = self.capacities.get(capacity)
        return begun is not None and (before is None or begun <= before)


def invite(
    journey: "Journey",
    author: Author,
    institution: UUID,
    basis: Basis,
    at: datetime,
    capacities: frozenset[Capacity] = frozenset(),
) -> None:
    """Invite an institution under the person's consent or another ground (articles 8.2, 8.3), in these capacities."""
    refuse_if_closed(journey)
    if journey.takes_part(institution):
        raise Refusal("Cette institution prend déjà part au suivi.")
    refuse_basis(basis, at)
    journey.trigger_event(
        PartnerInvited,
        author=author,
        institution=institution,
        basis=basis,
        capacities=capacities,
        timestamp=at,
    )


class PartnerInvited(Aggregate.Event):
    """An institution was invited.

    Version 2 says whether the basis opens the past, version 3 in what capacities the institution is invited.
    """

    compartment = Compartment.FRAME
    class_version = 3

    author: Author
    institution: UUID
    basis: Basis
    capacities: frozenset[Capacity] | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Version 1 said nothing of the past: it stayed closed."""
        state["basis"].setdefault("includes_past", False)

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """Version 2 did not ask for capacities."""
        state["capacities"] = None

    def apply(self, journey: "Journey") -> None:
        """Take the institution in as invited; what it is told begins here."""
        version = self.originator_version
        journey.partners[self.institution] = Partner(
            self.institution,
            Participation.INVITED,
            self.basis,
            version,
            dict.fromkeys(self.basis.scope, version),
            since(version, self.capacities),
        )
        journey.note(
            self, "invited", self.institution, self.basis.ground, self.capacities or frozenset()
        )


def join(journey: "Journey", author: Author, at: datetime) -> None:
    """Accept an invitation."""
    refuse_if_closed(journey)
    partner = journey.partners.get(author.institution)
    if partner is None or partner.participation is not Participation.INVITED:
        raise Refusal("Cette invitation n'attend plus de réponse.")
    journey.trigger_event(PartnerJoined, author=author, timestamp=at)


class PartnerJoined(Aggregate.Event):
    """An institution accepted its invitation."""

    compartment = Compartment.FRAME

    author: Author

    def apply(self, journey: "Journey") -> None:
        """Let the author's institution take part."""
        institution = self.author.institution
        journey.partners[institution] = replace(
            journey.partners[institution], participation=Participation.JOINED
        )
        journey.note(self, "joined", institution)


def leave(journey: "Journey", author: Author, reason: str, at: datetime) -> None:
    """Stop taking part by choice, or decline an invitation. The lead stays. ``reason`` is a code of a closed list."""
    if not journey.takes_part(author.institution):
        raise Refusal("Votre institution ne prend plus part à ce suivi.")
    if author.institution == journey.lead:
        raise Refusal("L'institution pilote ne peut pas quitter le suivi : elle le clôt.")
    journey.trigger_event(
        PartnerLeft, author=author, institution=author.institution, reason=reason, timestamp=at
    )


class PartnerLeft(Aggregate.Event):
    """An institution stopped taking part, or declined its invitation."""

    compartment = Compartment.FRAME

    author: Author
    institution: UUID
    reason: str

    def apply(self, journey: "Journey") -> None:
        """Keep the institution among the partners, as one that left."""
        journey.partners[self.institution] = replace(
            journey.partners[self.institution], participation=Participation.LEFT
        )
        journey.note(self, "left", self.institution, self.reason)


EVENTS = (PartnerInvited, PartnerJoined, PartnerLeft)
