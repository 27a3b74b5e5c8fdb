"""The parts of a summary, and what is asked and approved of them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.author import Author
from domain.compartments import Compartment, InformationClass

NEVER_IN_A_SUMMARY = frozenset({Compartment.CONTACT, Compartment.SHELTER})
"""Place and safe contact are neither added nor named as missing (article 6.2)."""


GROUNDS_OF_SECRECY = frozenset(
    {"person_consent", "unable_to_protect", "vital_danger", "requisition"}
)
"""On what a professional secret may enter: consent, article 226-14, or a requisition (article
14.2).
"""


SECRETS = frozenset({InformationClass.SOCIAL_SECRET, InformationClass.MEDICAL_SECRET})


@dataclass(frozen=True, slots=True)
class Requisition:
    """What a magistrate asked for (article 14.3); ``scope`` names the compartments, outside it
    nothing is added.
    """

    number: str
    magistrate: str
    issued_on: date
    scope: frozenset[Compartment]


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One chosen entry, as it stood in the journey at that version. ``referent`` is a name, kept as
    it was.
    """

    version: int
    kind: str
    text: str
    occurred_on: date
    at: datetime
    referent: str
    level: str | None = None


class Approval(StrEnum):
    """Where an approval stands."""

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


@dataclass(frozen=True, slots=True)
class Part:
    """Entries of one author institution, one compartment, one ground. ``items`` is None where its
    words are sealed.
    """

    index: int
    author_institution: UUID
    composed_by: Author
    compartment: Compartment
    ground: str
    count: int
    decision: Decision = Decision()
    items: tuple[SummaryItem, ...] | None = None


@dataclass(frozen=True, slots=True)
class MissingPart:
    """What exists and was not added; the institution is None where the composer cannot know it."""

    author_institution: UUID | None
    compartment: Compartment
    count: int


@dataclass(frozen=True, slots=True)
class SealedWords:
    """The place of a part's words that this reader has no key to."""

    version: int
    part: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening by the recipient; the first is the receipt (article 14.4)."""

    by: Author
    at: datetime
