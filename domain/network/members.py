"""Members of a network: institutions and their referents, admitted, suspended, excluded, and those who left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.refusals import Refusal

if TYPE_CHECKING:
    from domain.network.network import Network

SigningKeys = Callable[[int], Mapping[UUID, bytes]]
"""Each referent's public signing key, as the directory has it at a counter."""


class InstitutionKind(StrEnum):
    """A kind of institution that the charter knows: what it may do follows from it."""

    BENEFITS = "benefits"
    CHILD_PROTECTION = "child-protection"
    COORDINATION = "coordination"
    EDUCATION = "education"
    ELECTED = "elected"
    GENDARMERIE = "gendarmerie"
    HEALTH = "health"
    HOUSING = "housing"
    JUSTICE = "justice"
    LEGAL_ADVICE = "legal-advice"
    MUNICIPAL_POLICE = "municipal-police"
    MUNICIPALITY = "municipality"
    POLICE = "police"
    PROBATION = "probation"
    SECOND_AUDITOR = "second-auditor"
    SOCIAL = "social"
    STATE = "state"
    SUPPORT = "support"
    VICTIM_SUPPORT = "victim-support"
    YOUTH_JUSTICE = "youth-justice"


class Entitlement(StrEnum):
    """A class of information that an institution may hold, settled by the network's officer (charter, annex)."""

    CARE = "care"
    SOCIAL_ACTION = "social-action"
    CHILD_PROTECTION = "child-protection"
    SHELTER = "shelter"
    OFFENCE_DATA = "offence-data"


@dataclass(frozen=True, slots=True)
class Institution:
    """A member of the network. ``may`` lists what it is entitled to hold (charter, last section)."""

    id: UUID
    code: str
    name: str
    kind: str
    may: frozenset[str] = frozenset()
    gateway: bool = False
    steers: bool = False
    works_with_author: bool = False


@dataclass(frozen=True, slots=True)
class Referent:
    """A person who acts for an institution. Keys are raw public bytes: HPKE (1,216) and Ed25519 (32)."""

    id: UUID
    institution: UUID
    name: str
    login: str
    encryption_key: bytes
    signing_key: bytes


class Standing(StrEnum):
    """Whether an account acts: suspension passes, exclusion and leaving do not (article 1.2)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXCLUDED = "excluded"
    LEFT = "left"

    @property
    def is_over(self) -> bool:
        """Whether it ended: excluded, or left."""
        return self in (Standing.EXCLUDED, Standing.LEFT)


def admit_institution(network: "Network", institution: Institution, at: datetime) -> None:
    """Take an institution into the network."""
    if institution.id in network.institutions or any(
        known.code == institution.code for known in network.institutions.values()
    ):
        raise Refusal("Cette institution est déjà dans l'annuaire.")
    network.trigger_event(InstitutionAdmitted, institution=institution, timestamp=at)


class InstitutionAdmitted(Aggregate.Event):
    """An institution was taken into the network."""

    institution: Institution

    def apply(self, network: "Network") -> None:
        """List the institution."""
        network.institutions[self.institution.id] = self.institution


def admit_referent(network: "Network", referent: Referent, at: datetime) -> None:
    """Take a referent in, with the public keys that were just made for them."""
    if referent.institution not in network.institutions:
        raise Refusal("Cette institution n'est pas dans l'annuaire.")
    if referent.id in network.referents or network.referent_of_login(referent.login) is not None:
        raise Refusal("Cet identifiant est déjà pris.")
    if network.standing_of(referent.institution) is not Standing.ACTIVE:
        raise Refusal("Cette institution ne prend plus part au réseau.", "1.2")
    network.trigger_event(ReferentAdmitted, referent=referent, timestamp=at)


class ReferentAdmitted(Aggregate.Event):
    """A referent was taken in."""

    referent: Referent

    def apply(self, network: "Network") -> None:
        """List the referent."""
        network.referents[self.referent.id] = self.referent


def set_standing(
    network: "Network", subject: UUID, standing: Standing, reason: str, at: datetime
) -> None:
    """Suspend, exclude, let leave, or reinstate an institution or a referent (articles 1.2, 2.2)."""
    refuse_stranger(network, subject)
    if network.standing_of(subject) is standing:
        raise Refusal("C'est déjà le cas.")
    network.trigger_event(
        StandingSet, subject=subject, standing=standing, reason=reason, timestamp=at
    )


class StandingSet(Aggregate.Event):
    """The standing of an institution or a referent changed."""

    subject: UUID
    standing: Standing
    reason: str

    def apply(self, network: "Network") -> None:
        """Keep the standing; for a subject that comes back, also the counter of its return."""
        if network.standing_of(self.subject).is_over and not self.standing.is_over:
            network.returned[self.subject] = self.originator_version
        network.standing[self.subject] = self.standing


EVENTS = (InstitutionAdmitted, ReferentAdmitted, StandingSet)


def refuse_stranger(network: "Network", identifier: UUID) -> None:
    """Refuse an identifier that is neither an institution nor a referent of the directory."""
    if identifier not in network.institutions and identifier not in network.referents:
        raise Refusal("Cette personne ou cette institution n'est pas dans l'annuaire.")
