"""Parts of a summary: chosen entries of one institution, compartment and ground; and entries that are missing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment, InformationClass
from domain.grounds import Ground
from domain.refusals import InvalidValue, Refusal
from domain.summary.approvals import CODE, Decision
from domain.summary.locks import FRAME_LOCK, PARTS_LIMIT, part_lock
from domain.summary.release import refuse_if_released

if TYPE_CHECKING:
    from domain.summary.summary import Summary

NEVER_IN_A_SUMMARY = frozenset({Compartment.CONTACT, Compartment.SHELTER})
"""Place and safe contact are neither added nor named as missing (article 6.2)."""

GROUNDS_OF_SECRECY = frozenset(
    {Ground.PERSON_CONSENT, Ground.UNABLE_TO_PROTECT, Ground.VITAL_DANGER, Ground.REQUISITION}
)
"""Grounds on which a professional secret may enter: consent, article 226-14, or a requisition (article 14.2)."""

SECRETS = frozenset({InformationClass.SOCIAL_SECRET, InformationClass.MEDICAL_SECRET})


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One chosen entry, as it stood in the journey at that version. ``referent`` is a name, kept as it was."""

    version: int
    kind: str
    text: str
    occurred_on: date
    at: datetime
    referent: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Entries of one author institution, one compartment, one ground. ``items`` is None if its words are sealed."""

    index: int
    author_institution: UUID
    composed_by: Author
    compartment: Compartment
    ground: str
    count: int
    decision: Decision = field(default_factory=Decision)
    items: tuple[SummaryItem, ...] | None = None


@dataclass(frozen=True, slots=True)
class MissingPart:
    """Entries that exist and were not added; the institution is None if the composer cannot know it."""

    author_institution: UUID | None
    compartment: Compartment
    count: int


def add_part(
    summary: "Summary",
    author: Author,
    author_institution: UUID,
    compartment: Compartment,
    ground: str,
    items: Iterable[SummaryItem],
    approvers: Iterable[UUID],
    at: datetime,
) -> int:
    """Add entries of one institution, compartment and ground, and return the part's index.

    ``approvers`` are the referents of the author institution: without another than the composer, nobody could approve
    the part (article 14.2).
    """
    chosen = tuple(items)
    refuse_if_released(summary)
    _refuse_compartment(summary, compartment)
    _refuse_ground(summary, compartment, ground)
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
    part = len(summary.parts)
    if part >= PARTS_LIMIT:
        raise Refusal(f"Une synthèse compte au plus {PARTS_LIMIT} parties.")
    summary.trigger_event(
        PartDeclared,
        author=author,
        part=part,
        author_institution=author_institution,
        compartment=compartment,
        ground=ground,
        count=len(chosen),
        timestamp=at,
    )
    summary.trigger_event(
        PartAdded,
        author=author,
        part=part,
        author_institution=author_institution,
        compartment=compartment,
        ground=ground,
        items=chosen,
        timestamp=at,
    )
    return part


class PartDeclared(Aggregate.Event):
    """A part was added: the frame says so, without a word of it."""

    lock = FRAME_LOCK

    author: Author
    part: int
    author_institution: UUID
    compartment: Compartment
    ground: str
    count: int

    def apply(self, summary: "Summary") -> None:
        """Add the part without its words; the frame awaits a new approval."""
        summary.parts[self.part] = Part(
            self.part,
            self.author_institution,
            self.author,
            self.compartment,
            self.ground,
            self.count,
        )
        summary.frame = Decision()


class PartAdded(Aggregate.Event):
    """The words of a part; the only event that is not sealed with the frame."""

    author: Author
    part: int
    author_institution: UUID
    compartment: Compartment
    ground: str
    items: tuple[SummaryItem, ...]

    @property
    def lock(self) -> int:
        """The lock of this part's words."""
        return part_lock(self.part)

    def apply(self, summary: "Summary") -> None:
        """Give the part its words."""
        summary.parts[self.part] = replace(summary.parts[self.part], items=self.items)


def name_missing(
    summary: "Summary",
    author: Author,
    author_institution: UUID | None,
    compartment: Compartment,
    count: int,
    at: datetime,
) -> None:
    """Say how many entries of a compartment exist and were not added; 0 once they all are (article 14.2)."""
    refuse_if_released(summary)
    _refuse_compartment(summary, compartment)
    if count < 0 or count == summary.count_missing(author_institution, compartment):
        raise InvalidValue("count", "Indiquez combien d'inscriptions manquent.")
    summary.trigger_event(
        PartMissing,
        author=author,
        author_institution=author_institution,
        compartment=compartment,
        count=count,
        timestamp=at,
    )


class PartMissing(Aggregate.Event):
    """Entries that were not added were named as missing."""

    lock = FRAME_LOCK

    author: Author
    author_institution: UUID | None
    compartment: Compartment
    count: int

    def apply(self, summary: "Summary") -> None:
        """Replace the count; the frame awaits a new approval."""
        summary.set_missing(self.author_institution, self.compartment, self.count)
        summary.frame = Decision()


EVENTS = (PartDeclared, PartAdded, PartMissing)


def _refuse_compartment(summary: "Summary", compartment: Compartment) -> None:
    if compartment in NEVER_IN_A_SUMMARY:
        raise Refusal("Le lieu et le contact sûr n'entrent dans aucune synthèse.", "6.2")
    if compartment is Compartment.FRAME:
        raise InvalidValue("compartment", "Le cadre d'un suivi n'entre pas dans une synthèse.")
    if summary.requisition is not None and compartment not in summary.requisition.scope:
        raise Refusal("Ce volet est hors de ce que demande la réquisition.", "14.3")


def _refuse_ground(summary: "Summary", compartment: Compartment, ground: str) -> None:
    if not CODE.fullmatch(ground):
        raise InvalidValue("ground", "Choisissez un fondement dans la liste.")
    if ground == Ground.REQUISITION and summary.requisition is None:
        raise Refusal("Aucune réquisition n'est jointe à cette synthèse.", "14.3")
    if compartment.information_class in SECRETS and ground not in GROUNDS_OF_SECRECY:
        raise Refusal(
            "Ce que couvre le secret n'entre qu'avec l'accord de la personne, par l'article"
            " 226-14 ou sur réquisition.",
            "14.2",
        )
