"""Approvals: of each part by its own institution, and of the frame by the coordination (article 14.2)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.refusals import InvalidValue, Refusal
from domain.summary.locks import FRAME_LOCK
from domain.summary.release import refuse_if_released

if TYPE_CHECKING:
    from domain.summary.summary import Summary

CODE = re.compile(r"[a-z][a-z_]{0,39}")
"""A code of a closed list. The frame holds no word of a journey, so it takes nothing else."""


class Approval(StrEnum):
    """Whether something is approved."""

    AWAITED = "awaited"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """An approval as it stands: who decided, when, and the coded reason of a refusal."""

    approval: Approval = Approval.AWAITED
    by: Author | None = None
    at: datetime | None = None
    reason: str | None = None


def approve_part(summary: "Summary", author: Author, part: int, at: datetime) -> None:
    """Approve a part of one's own institution, having read it and not having composed it."""
    _refuse_deciding(summary, author, part)
    summary.trigger_event(PartApproved, author=author, part=part, timestamp=at)


class PartApproved(Aggregate.Event):
    """An institution approved its part."""

    lock = FRAME_LOCK

    author: Author
    part: int

    def apply(self, summary: "Summary") -> None:
        """Keep the decision with the part."""
        decision = Decision(Approval.APPROVED, self.author, self.timestamp)
        summary.parts[self.part] = replace(summary.parts[self.part], decision=decision)


def refuse_part(summary: "Summary", author: Author, part: int, reason: str, at: datetime) -> None:
    """Keep a part of one's own institution out of the document. ``reason`` is a code: the coordination reads it."""
    _refuse_deciding(summary, author, part)
    _refuse_sentence(reason)
    summary.trigger_event(PartRefused, author=author, part=part, reason=reason, timestamp=at)


class PartRefused(Aggregate.Event):
    """An institution kept its part out of the document."""

    lock = FRAME_LOCK

    author: Author
    part: int
    reason: str

    def apply(self, summary: "Summary") -> None:
        """Keep the decision with the part, whose entries are missing now; the frame awaits a new approval."""
        part = summary.parts[self.part]
        decision = Decision(Approval.REFUSED, self.author, self.timestamp, self.reason)
        summary.parts[self.part] = replace(part, decision=decision)
        before = summary.count_missing(part.author_institution, part.compartment)
        summary.set_missing(part.author_institution, part.compartment, before + part.count)
        summary.frame = Decision()


def approve_frame(summary: "Summary", author: Author, coordination: UUID, at: datetime) -> None:
    """Approve recipient, requisition and counts, for the coordination, which sees no word."""
    _refuse_judging_frame(summary, author, coordination)
    if not summary.standing_parts:
        raise Refusal("Cette synthèse n'a encore aucune partie.", "14.2")
    if summary.frame.approval is Approval.APPROVED:
        raise Refusal("Le cadre de cette synthèse est déjà approuvé.", "14.2")
    summary.trigger_event(FrameApproved, author=author, timestamp=at)


class FrameApproved(Aggregate.Event):
    """The coordination approved the frame."""

    lock = FRAME_LOCK

    author: Author

    def apply(self, summary: "Summary") -> None:
        """Keep the decision on the frame."""
        summary.frame = Decision(Approval.APPROVED, self.author, self.timestamp)


def refuse_frame(
    summary: "Summary", author: Author, coordination: UUID, reason: str, at: datetime
) -> None:
    """Refuse the frame; it may be approved later, changed or not. ``reason`` is a code."""
    _refuse_judging_frame(summary, author, coordination)
    _refuse_sentence(reason)
    summary.trigger_event(FrameRefused, author=author, reason=reason, timestamp=at)


class FrameRefused(Aggregate.Event):
    """The coordination refused the frame."""

    lock = FRAME_LOCK

    author: Author
    reason: str

    def apply(self, summary: "Summary") -> None:
        """Keep the decision on the frame."""
        summary.frame = Decision(Approval.REFUSED, self.author, self.timestamp, self.reason)


EVENTS = (PartApproved, PartRefused, FrameApproved, FrameRefused)


def _refuse_deciding(summary: "Summary", author: Author, index: int) -> None:
    refuse_if_released(summary)
    part = summary.parts.get(index)
    if part is None:
        raise Refusal("Cette partie n'existe pas.", "2.1")
    if author.institution != part.author_institution:
        raise Refusal("Chaque institution approuve ses propres inscriptions.", "14.2")
    if author.referent == part.composed_by.referent:
        raise Refusal(
            "On n'approuve pas ce qu'on a composé : demandez-le à un·e collègue de votre"
            " institution.",
            "14.2",
        )
    if part.items is None:
        raise Refusal(
            "On n'approuve que ce qu'on a lu : cette partie ne vous est pas ouverte.", "14.2"
        )
    if part.decision.approval is not Approval.AWAITED:
        raise Refusal("Votre institution s'est déjà prononcée sur cette partie.", "14.2")


def _refuse_judging_frame(summary: "Summary", author: Author, coordination: UUID) -> None:
    refuse_if_released(summary)
    if author.institution != coordination:
        raise Refusal("Seule la coordination approuve le cadre d'une synthèse.", "14.2")


def _refuse_sentence(reason: str) -> None:
    if not CODE.fullmatch(reason):
        raise InvalidValue("reason", "Choisissez une raison dans la liste.")
