"""A judicial summary: chosen entries of one journey, approved, then sealed to those who receive them (article 14).

This is the root: the drafting of a summary, its state, and the questions that may be asked of it. The chapters beside
it hold everything else that may happen to it. Its frame holds recipient, requisition, counts by class and ground, and
approvals; the coordination reads it. The words of each part are sealed apart. Every rule is computed from the frame,
which everybody who takes part in a summary reads whole; but a part is approved by somebody who can read its words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from eventsourcing.domain import Aggregate, event

from domain.author import Author
from domain.compartments import Compartment, InformationClass
from domain.refusals import InvalidValue, Refusal
from domain.summary import approvals, groups, parts, release
from domain.summary.approvals import Approval, Decision
from domain.summary.locks import FRAME_LOCK, PARTS_LIMIT, part_lock
from domain.summary.parts import MissingPart, Part
from domain.summary.release import Opening
from domain.territory import day_of

_NUMBER = re.compile(r"S-[0-9]{4}-[0-9]{4,6}")
_LINE_LIMIT = 200


class Standing(StrEnum):
    """How far a summary has come."""

    AWAITING_PARTS = "awaiting_parts"
    AWAITING_FRAME = "awaiting_frame"
    READY = "ready"
    RELEASED = "released"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Requisition:
    """The request of a magistrate (article 14.3); ``scope`` names the compartments, outside it nothing is added."""

    number: str
    magistrate: str
    issued_on: date
    scope: frozenset[Compartment]


class SummaryDrafted(Aggregate.Created):
    """A summary was begun."""

    lock = FRAME_LOCK

    network: UUID
    journey: UUID
    number: str
    author: Author
    recipient: UUID
    requisition: Requisition | None
    groups: dict[UUID, UUID]


class Summary(Aggregate):
    """One judicial summary (one event-sourced aggregate)."""

    events = (
        SummaryDrafted,
        *groups.EVENTS,
        *parts.EVENTS,
        *approvals.EVENTS,
        *release.EVENTS,
    )
    """Every event that can be stored of a summary, gathered from its chapters."""

    @classmethod
    def draft(
        cls,
        network: UUID,
        journey: UUID,
        number: str,
        author: Author,
        recipient: UUID,
        requisition: Requisition | None,
        at: datetime,
        groups: Mapping[UUID, UUID] | None = None,
    ) -> Self:
        """Begin a summary for the bench or the prosecution. ``number`` reads like S-2026-0007.

        ``groups`` maps each institution of the journey to the group through which it takes part, its own or a small
        one (article 11.1): they read the frame, and their part.
        """
        if not _NUMBER.fullmatch(number):
            raise InvalidValue("number", "Le numéro d'une synthèse s'écrit comme S-2026-0007.")
        if recipient == author.institution:
            raise Refusal("Une synthèse s'adresse à la justice, jamais à qui la compose.", "14.1")
        if requisition is not None:
            _refuse_requisition(requisition, at)
        return cls(
            network=network,
            journey=journey,
            number=number,
            author=author,
            recipient=recipient,
            requisition=requisition,
            groups=dict(groups or {}),
            timestamp=at,
        )

    @event(SummaryDrafted)
    def __init__(
        self,
        network: UUID,
        journey: UUID,
        number: str,
        author: Author,
        recipient: UUID,
        requisition: Requisition | None,
        groups: dict[UUID, UUID],
        timestamp: datetime,
    ) -> None:
        self.network = network
        self.groups = groups
        self.journey = journey
        self.number = number
        self.composer = author
        self.recipient = recipient
        self.requisition = requisition
        self.drafted_at = timestamp
        self.parts: dict[int, Part] = {}
        self.missing: list[MissingPart] = []
        self.frame = Decision()
        self.copy_number: int | None = None
        self.released_at: datetime | None = None
        self.available_until: date | None = None
        self.openings: list[Opening] = []

    @property
    def standing(self) -> Standing:
        """How far the summary has come, from its frame alone."""
        if self.released_at is not None:
            return Standing.OPENED if self.openings else Standing.RELEASED
        standing_parts = self.standing_parts
        if not standing_parts or any(
            part.decision.approval is not Approval.APPROVED for part in standing_parts
        ):
            return Standing.AWAITING_PARTS
        if self.frame.approval is not Approval.APPROVED:
            return Standing.AWAITING_FRAME
        return Standing.READY

    @property
    def is_ready(self) -> bool:
        """Whether all is approved and nothing released."""
        return self.standing is Standing.READY

    @property
    def standing_parts(self) -> tuple[Part, ...]:
        """The parts that the document holds: all but those that their institution refused."""
        return tuple(
            part for part in self.parts.values() if part.decision.approval is not Approval.REFUSED
        )

    def counts(self) -> dict[tuple[InformationClass, str], int]:
        """Count entries by class and ground: the coordination approves these counts (article 14.2)."""
        counted: dict[tuple[InformationClass, str], int] = {}
        for part in self.standing_parts:
            key = (part.compartment.information_class, part.ground)
            counted[key] = counted.get(key, 0) + part.count
        return counted

    def count_missing(self, author_institution: UUID | None, compartment: Compartment) -> int:
        """Give the last count of missing entries of an institution and a compartment."""
        return next(
            (
                missing.count
                for missing in self.missing
                if _is_of(missing, author_institution, compartment)
            ),
            0,
        )

    def set_missing(
        self, author_institution: UUID | None, compartment: Compartment, count: int
    ) -> None:
        """Replace that count; 0 leaves nothing to name."""
        others = [
            missing
            for missing in self.missing
            if not _is_of(missing, author_institution, compartment)
        ]
        named = [MissingPart(author_institution, compartment, count)] if count else []
        self.missing = others + named

    def seal(self, version: int, lock: int | None, day: date | None) -> None:
        """Fold in the words of a part that this reader has no key to: the part stays without them.

        Raises ``ValueError`` for a lock of no part: without its frame a summary cannot be read at all.
        """
        if lock is None or not part_lock(0) <= lock <= FRAME_LOCK + PARTS_LIMIT:
            raise ValueError("not the lock of a summary's part")


def _is_of(missing: MissingPart, institution: UUID | None, compartment: Compartment) -> bool:
    return missing.author_institution == institution and missing.compartment is compartment


def _refuse_requisition(requisition: Requisition, at: datetime) -> None:
    for name in ("number", "magistrate"):
        if not 0 < len(getattr(requisition, name).strip()) <= _LINE_LIMIT:
            raise InvalidValue(
                name, "Une réquisition a un numéro, un magistrat, une date et un objet."
            )
    if requisition.issued_on > day_of(at):
        raise InvalidValue("issued_on", "La date de la réquisition est à venir.")
    if not requisition.scope:
        raise InvalidValue("scope", "Indiquez les volets que demande la réquisition.")
