"""A judicial summary: chosen entries of one journey, approved, then sealed to who receives them.

Lock ``FRAME_LOCK`` seals the frame: recipient, requisition, counts by class and ground, approvals;
the coordination reads it. Lock ``FRAME_LOCK + 1 + n`` seals the words of part n. Every rule is
computed from the frame, which all who take part in a summary read whole; but who approves a part
must have its words before their eyes. The rules are article 14 of the charter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from eventsourcing.domain import Aggregate, event

from domain.author import Author
from domain.compartments import Compartment, InformationClass
from domain.refusals import InvalidValue, Refusal
from domain.summary.parts import (
    GROUNDS_OF_SECRECY,
    NEVER_IN_A_SUMMARY,
    SECRETS,
    Approval,
    Decision,
    MissingPart,
    Opening,
    Part,
    Requisition,
    SealedWords,
    SummaryItem,
)

FRAME_LOCK = 0x40
"""The lock of a summary's frame; beside the codes of compartments, in the same byte of sealed
formats.
"""

PARTS_LIMIT = 0xFF - FRAME_LOCK
"""How many parts a summary can have: a lock is one byte."""


_NUMBER = re.compile(r"S-[0-9]{4}-[0-9]{4,6}")
_CODE = re.compile(r"[a-z][a-z_]{0,39}")
_LINE_LIMIT = 200


class Standing(StrEnum):
    """Where a summary stands."""

    AWAITING_PARTS = "awaiting_parts"
    AWAITING_FRAME = "awaiting_frame"
    READY = "ready"
    RELEASED = "released"
    OPENED = "opened"
    CANCELLED = "cancelled"


class Summary(Aggregate):
    """One judicial summary (one event-sourced aggregate)."""

    class PartAdded(Aggregate.Event):
        """The words of a part; the only event that is not sealed with the frame."""

        author: Author
        part: int
        author_institution: UUID
        compartment: Compartment
        ground: str
        items: tuple[SummaryItem, ...]

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

        ``groups`` maps each institution of the journey to the group through which it takes part, its
        own or a small one (article 11.1): they read the frame, and their part.
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

    @event("SummaryDrafted")
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
        self.sealed_words: list[SealedWords] = []
        self.frame = Decision()
        self.copy_number: int | None = None
        self.released_at: datetime | None = None
        self.available_until: date | None = None
        self.openings: list[Opening] = []
        self.cancelled_for: str | None = None

    # -- what may be asked -------------------------------------------------------------------------

    @property
    def standing(self) -> Standing:
        """Where the summary stands, from its frame alone."""
        if self.cancelled_for is not None:
            return Standing.CANCELLED
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
    def standing_parts(self) -> tuple[Part, ...]:
        """The parts that the document holds: all but those that their institution refused."""
        return tuple(
            part for part in self.parts.values() if part.decision.approval is not Approval.REFUSED
        )

    @property
    def author_institutions(self) -> frozenset[UUID]:
        """Whose entries the document holds; with the recipient and the coordination, those who read
        the frame.
        """
        return frozenset(part.author_institution for part in self.parts.values())

    def counts(self) -> dict[tuple[InformationClass, str], int]:
        """How many entries stand in each class on each ground: what the coordination approves
        (article 14.2).
        """
        counted: dict[tuple[InformationClass, str], int] = {}
        for part in self.standing_parts:
            key = (part.compartment.information_class, part.ground)
            counted[key] = counted.get(key, 0) + part.count
        return counted

    def regroup(self, author: Author, groups: Mapping[UUID, UUID], at: datetime) -> None:
        """Say through which group each institution takes part now, where that changed since (article
        11.1): who comes after, and cannot see the journey, seals to these.
        """
        if dict(groups) != self.groups:
            self._groups_changed(author=author, groups=dict(groups), timestamp=at)

    # -- parts -------------------------------------------------------------------------------------

    def add_part(
        self,
        author: Author,
        author_institution: UUID,
        compartment: Compartment,
        ground: str,
        items: Iterable[SummaryItem],
        approvers: Iterable[UUID],
        at: datetime,
    ) -> int:
        """Add entries of one institution, compartment and ground, and return the part's index.

        ``approvers`` are the referents of the author institution: without another than the
        composer, nobody could approve the part (article 14.2).
        """
        chosen = tuple(items)
        self._refuse_if_settled()
        self._refuse_compartment(compartment)
        self._refuse_ground(compartment, ground)
        if not chosen or len({item.version for item in chosen}) != len(chosen):
            raise InvalidValue(
                "items", "Choisissez au moins une inscription, et chacune une seule fois."
            )
        if not frozenset(approvers) - {author.referent}:
            raise Refusal(
                "Personne d'autre que vous ne pourrait approuver cette partie : demandez à un·e"
                " collègue ou à un autre partenaire de la composer.",
                "14.2",
            )
        part = len(self.parts)
        if part >= PARTS_LIMIT:
            raise Refusal(f"Une synthèse compte au plus {PARTS_LIMIT} parties.")
        self._part_declared(
            author=author,
            part=part,
            author_institution=author_institution,
            compartment=compartment,
            ground=ground,
            count=len(chosen),
            timestamp=at,
        )
        self._part_added(
            author=author,
            part=part,
            author_institution=author_institution,
            compartment=compartment,
            ground=ground,
            items=chosen,
            timestamp=at,
        )
        return part

    def name_missing(
        self,
        author: Author,
        author_institution: UUID | None,
        compartment: Compartment,
        count: int,
        at: datetime,
    ) -> None:
        """Say how many entries of a compartment exist and were not added; 0 once they all are
        (article 14.2).
        """
        self._refuse_if_settled()
        self._refuse_compartment(compartment)
        said = next(
            (one.count for one in self.missing if _is_of(one, author_institution, compartment)), 0
        )
        if count < 0 or count == said:
            raise InvalidValue("count", "Indiquez combien d'inscriptions manquent.")
        self._part_missing(
            author=author,
            author_institution=author_institution,
            compartment=compartment,
            count=count,
            timestamp=at,
        )

    def approve_part(self, author: Author, part: int, at: datetime) -> None:
        """Approve one's own institution's part, having read it and not having composed it (article
        14.2).
        """
        self._refuse_deciding(author, part)
        self._part_approved(author=author, part=part, timestamp=at)

    def refuse_part(self, author: Author, part: int, reason: str, at: datetime) -> None:
        """Keep one's own institution's part out; it is then named as missing. ``reason`` is a code:
        the coordination reads it.
        """
        self._refuse_deciding(author, part)
        _refuse_sentence(reason)
        self._part_refused(author=author, part=part, reason=reason, timestamp=at)

    # -- frame -------------------------------------------------------------------------------------

    def approve_frame(self, author: Author, coordination: UUID, at: datetime) -> None:
        """Approve recipient, requisition and counts, for the coordination, which sees no word
        (article 14.2).
        """
        self._refuse_judging_frame(author, coordination)
        if not self.standing_parts:
            raise Refusal("Cette synthèse n'a encore aucune partie.", "14.2")
        if self.frame.approval is Approval.APPROVED:
            raise Refusal("Le cadre de cette synthèse est déjà approuvé.", "14.2")
        self._frame_approved(author=author, timestamp=at)

    def refuse_frame(self, author: Author, coordination: UUID, reason: str, at: datetime) -> None:
        """Refuse the frame; ``reason`` is a code. It may be approved later, changed or not."""
        self._refuse_judging_frame(author, coordination)
        _refuse_sentence(reason)
        self._frame_refused(author=author, reason=reason, timestamp=at)

    # -- release -----------------------------------------------------------------------------------

    def release(
        self, author: Author, copy_number: int, at: datetime, until: date | None = None
    ) -> None:
        """Release a numbered copy to the recipient, once (article 14.4); ``until`` is the last day
        it opens.
        """
        self._refuse_if_settled()
        self._refuse_other_composer(author)
        if self.standing is not Standing.READY:
            raise Refusal(
                "Chaque institution doit approuver sa partie, et la coordination le cadre, avant la"
                " remise.",
                "14.2",
            )
        if copy_number < 1:
            raise InvalidValue("copy_number", "Un exemplaire porte un numéro à partir de 1.")
        if until is not None and until < at.date():
            raise InvalidValue("until", "La date de fin est déjà passée.")
        self._summary_released(author=author, copy_number=copy_number, until=until, timestamp=at)

    def open(self, author: Author, at: datetime) -> None:
        """Record an opening by the recipient; the first one is the receipt (article 14.4)."""
        if author.institution != self.recipient:
            raise Refusal("Cette synthèse ne vous est pas adressée.", "14.1")
        self.refuse_unavailable(at)
        self._summary_opened(author=author, timestamp=at)

    def refuse_unavailable(self, at: datetime) -> None:
        """Refuse what was not released, or whose term has passed (article 14.4)."""
        if self.released_at is None:
            raise Refusal("Cette synthèse n'a pas été remise.", "14.4")
        if self.available_until is not None and at.date() > self.available_until:
            raise Refusal("Cette synthèse n'est plus consultable : son terme est passé.", "14.4")

    def cancel(self, author: Author, reason: str, at: datetime) -> None:
        """Give a summary up before its release. ``reason`` is a code of a closed list."""
        self._refuse_if_settled()
        self._refuse_other_composer(author)
        _refuse_sentence(reason)
        self._summary_cancelled(author=author, reason=reason, timestamp=at)

    # -- rules -------------------------------------------------------------------------------------

    def _refuse_if_settled(self) -> None:
        if self.released_at is not None:
            raise Refusal("Cette synthèse est remise : elle est gardée telle quelle.", "14.4")
        if self.cancelled_for is not None:
            raise Refusal("Cette synthèse a été abandonnée.")

    def _refuse_other_composer(self, author: Author) -> None:
        if author.institution != self.composer.institution:
            raise Refusal(
                "Seule l'institution qui compose la synthèse la remet ou l'abandonne.", "14.2"
            )

    def _refuse_compartment(self, compartment: Compartment) -> None:
        if compartment in NEVER_IN_A_SUMMARY:
            raise Refusal("Le lieu et le contact sûr n'entrent dans aucune synthèse.", "6.2")
        if compartment is Compartment.FRAME:
            raise InvalidValue("compartment", "Le cadre d'un suivi n'entre pas dans une synthèse.")
        if self.requisition is not None and compartment not in self.requisition.scope:
            raise Refusal("Ce volet est hors de ce que demande la réquisition.", "14.3")

    def _refuse_ground(self, compartment: Compartment, ground: str) -> None:
        if not _CODE.fullmatch(ground):
            raise InvalidValue("ground", "Choisissez un fondement dans la liste.")
        if ground == "requisition" and self.requisition is None:
            raise Refusal("Aucune réquisition n'est jointe à cette synthèse.", "14.3")
        if compartment.information_class in SECRETS and ground not in GROUNDS_OF_SECRECY:
            raise Refusal(
                "Ce que couvre le secret n'entre qu'avec l'accord de la personne, par l'article"
                " 226-14 ou sur réquisition.",
                "14.2",
            )

    def _refuse_deciding(self, author: Author, index: int) -> None:
        self._refuse_if_settled()
        part = self.parts.get(index)
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

    def _refuse_judging_frame(self, author: Author, coordination: UUID) -> None:
        self._refuse_if_settled()
        if author.institution != coordination:
            raise Refusal("Seule la coordination approuve le cadre d'une synthèse.", "14.2")

    # -- events ------------------------------------------------------------------------------------

    @event("GroupsChanged")
    def _groups_changed(
        self, author: Author, groups: dict[UUID, UUID], timestamp: datetime
    ) -> None:
        self.groups = groups

    @event("PartDeclared")
    def _part_declared(
        self,
        author: Author,
        part: int,
        author_institution: UUID,
        compartment: Compartment,
        ground: str,
        count: int,
        timestamp: datetime,
    ) -> None:
        self.parts[part] = Part(part, author_institution, author, compartment, ground, count)
        self.frame = Decision()

    @event(PartAdded)
    def _part_added(
        self,
        author: Author,
        part: int,
        author_institution: UUID,
        compartment: Compartment,
        ground: str,
        items: tuple[SummaryItem, ...],
        timestamp: datetime,
    ) -> None:
        self.parts[part] = replace(self.parts[part], items=items)

    @event("PartMissing")
    def _part_missing(
        self,
        author: Author,
        author_institution: UUID | None,
        compartment: Compartment,
        count: int,
        timestamp: datetime,
    ) -> None:
        self._set_missing(author_institution, compartment, count)
        self.frame = Decision()

    @event("PartApproved")
    def _part_approved(self, author: Author, part: int, timestamp: datetime) -> None:
        self.parts[part] = replace(
            self.parts[part], decision=Decision(Approval.APPROVED, author, timestamp)
        )

    @event("PartRefused")
    def _part_refused(self, author: Author, part: int, reason: str, timestamp: datetime) -> None:
        known = self.parts[part]
        self.parts[part] = replace(
            known, decision=Decision(Approval.REFUSED, author, timestamp, reason)
        )
        before = sum(
            one.count
            for one in self.missing
            if _is_of(one, known.author_institution, known.compartment)
        )
        self._set_missing(known.author_institution, known.compartment, before + known.count)
        self.frame = Decision()

    @event("FrameApproved")
    def _frame_approved(self, author: Author, timestamp: datetime) -> None:
        self.frame = Decision(Approval.APPROVED, author, timestamp)

    @event("FrameRefused")
    def _frame_refused(self, author: Author, reason: str, timestamp: datetime) -> None:
        self.frame = Decision(Approval.REFUSED, author, timestamp, reason)

    @event("SummaryReleased")
    def _summary_released(
        self, author: Author, copy_number: int, until: date | None, timestamp: datetime
    ) -> None:
        self.copy_number = copy_number
        self.available_until = until
        self.released_at = timestamp

    @event("SummaryOpened")
    def _summary_opened(self, author: Author, timestamp: datetime) -> None:
        self.openings.append(Opening(author, timestamp))

    @event("SummaryCancelled")
    def _summary_cancelled(self, author: Author, reason: str, timestamp: datetime) -> None:
        self.cancelled_for = reason

    def seal(self, version: int, lock: int | None, day: date | None) -> None:
        """Fold in a part's words that this reader has no key to. Raises ``ValueError`` for a lock
        of no part: without its frame a summary cannot be read at all.
        """
        if lock is None or not FRAME_LOCK < lock <= FRAME_LOCK + PARTS_LIMIT:
            raise ValueError("not the lock of a summary's part")
        self.sealed_words.append(SealedWords(version, lock - FRAME_LOCK - 1, day))

    def _set_missing(
        self, author_institution: UUID | None, compartment: Compartment, count: int
    ) -> None:
        others = [one for one in self.missing if not _is_of(one, author_institution, compartment)]
        named = [MissingPart(author_institution, compartment, count)] if count else []
        self.missing = others + named


def lock_of(summary_event: object) -> int:
    """The lock that a summary's event is sealed under: ``FRAME_LOCK``, or for a part's words the
    part's own.
    """
    if isinstance(summary_event, Summary.PartAdded):
        return FRAME_LOCK + 1 + summary_event.part
    return FRAME_LOCK


def _is_of(missing: MissingPart, institution: UUID | None, compartment: Compartment) -> bool:
    return missing.author_institution == institution and missing.compartment is compartment


def _refuse_requisition(requisition: Requisition, at: datetime) -> None:
    for name in ("number", "magistrate"):
        if not 0 < len(getattr(requisition, name).strip()) <= _LINE_LIMIT:
            raise InvalidValue(
                name, "Une réquisition a un numéro, un magistrat, une date et un objet."
            )
    if requisition.issued_on > at.date():
        raise InvalidValue("issued_on", "La date de la réquisition est à venir.")
    if not requisition.scope:
        raise InvalidValue("scope", "Indiquez les volets que demande la réquisition.")


def _refuse_sentence(reason: str) -> None:
    """A reason stands in the frame, where no word of a journey may: only a code passes."""
    if not _CODE.fullmatch(reason):
        raise InvalidValue("reason", "Choisissez une raison dans la liste.")
