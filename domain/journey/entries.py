"""Entries: actions of partners, done or planned, corrected and withdrawn; a sealed one keeps its place."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.closing import refuse_if_closed
from domain.refusals import InvalidValue, Refusal
from domain.territory import day_of

if TYPE_CHECKING:
    from domain.journey.journey import Journey

TEXT_LIMIT = 4_000
"""Characters of free text in one entry: short by article 7.1."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an action. ``occurred_on`` is the day it was done or is planned for; ``due`` makes it await.

    ``level`` is a level of danger; ``completes`` the version of the planned action that this one completes.
    """

    kind: str
    text: str
    occurred_on: date
    due: date | None = None
    level: str | None = None
    completes: int | None = None


@dataclass(slots=True)
class Entry:
    """One entry as its readers see it; ``history`` holds the contents struck by corrections, oldest first."""

    version: int
    compartment: Compartment
    at: datetime
    author: Author
    content: Content
    ground: str
    history: list[Content] = field(default_factory=list)
    withdrawn_for: str | None = None


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry that this reader has no key to: its place, and its compartment if the header opens."""

    version: int
    compartment: Compartment | None
    day: date | None


def append(
    journey: "Journey",
    author: Author,
    compartment: Compartment,
    content: Content,
    ground: str,
    at: datetime,
) -> None:
    """Record an action that a partner did or plans, in one compartment, on one ground."""
    refuse_if_closed(journey)
    _refuse_content(compartment, content, at)
    _refuse_completing(journey, content, None)
    journey.trigger_event(
        ActionAppended,
        author=author,
        compartment=compartment,
        content=content,
        ground=ground,
        timestamp=at,
    )


class ActionAppended(Aggregate.Event):
    """A partner recorded an action that it did or plans."""

    author: Author
    compartment: Compartment
    content: Content
    ground: str

    def apply(self, journey: "Journey") -> None:
        """Keep the entry under the version of this event."""
        version = self.originator_version
        entry = Entry(
            version, self.compartment, self.timestamp, self.author, self.content, self.ground
        )
        journey.entries[version] = entry
        _follow(journey, entry)


def correct(
    journey: "Journey", author: Author, version: int, content: Content, at: datetime
) -> None:
    """Correct an entry of one's own institution: the original stays readable as struck (article 9.2)."""
    refuse_if_closed(journey)
    entry = _own_entry(journey, author, version)
    _refuse_content(entry.compartment, content, at)
    _refuse_completing(journey, content, version)
    journey.trigger_event(
        ActionCorrected,
        author=author,
        compartment=entry.compartment,
        version=version,
        content=content,
        timestamp=at,
    )


class ActionCorrected(Aggregate.Event):
    """An entry was corrected; ``version`` is the entry's."""

    author: Author
    compartment: Compartment
    version: int
    content: Content

    def apply(self, journey: "Journey") -> None:
        """Put the new content in the place of the old, which stays in the history. A sealed entry stays as it is."""
        entry = journey.entries.get(self.version)
        if isinstance(entry, Entry):
            entry.history.append(entry.content)
            entry.content = self.content
            _follow(journey, entry)


def withdraw(journey: "Journey", author: Author, version: int, reason: str, at: datetime) -> None:
    """Withdraw an entry of one's own institution; it stays in the order, struck, with its coded reason."""
    refuse_if_closed(journey)
    entry = _own_entry(journey, author, version)
    journey.trigger_event(
        ActionWithdrawn,
        author=author,
        compartment=entry.compartment,
        version=version,
        reason=reason,
        timestamp=at,
    )


class ActionWithdrawn(Aggregate.Event):
    """An entry was withdrawn; ``version`` is the entry's."""

    author: Author
    compartment: Compartment
    version: int
    reason: str

    def apply(self, journey: "Journey") -> None:
        """Strike the entry. A sealed entry stays as it is."""
        entry = journey.entries.get(self.version)
        if isinstance(entry, Entry):
            entry.withdrawn_for = self.reason


EVENTS = (ActionAppended, ActionCorrected, ActionWithdrawn)


def _follow(journey: "Journey", entry: Entry) -> None:
    """Keep planned entries, and those that complete them, at hand: every writing asks which actions await."""
    if entry.content.due is not None:
        journey.planned[entry.version] = entry
    else:
        journey.planned.pop(entry.version, None)
    if entry.content.completes is not None:
        journey.completing[entry.version] = entry
    else:
        journey.completing.pop(entry.version, None)


def _own_entry(journey: "Journey", author: Author, version: int) -> Entry:
    entry = journey.entries.get(version)
    if not isinstance(entry, Entry):
        raise Refusal("Cette inscription n'existe pas ou ne vous est pas ouverte.", "2.1")
    if entry.author.institution != author.institution:
        raise Refusal("Seule l'institution qui a inscrit peut corriger ou retirer.", "9.2")
    if entry.withdrawn_for is not None:
        raise Refusal("Cette inscription a déjà été retirée.")
    return entry


def _refuse_completing(journey: "Journey", content: Content, itself: int | None) -> None:
    completed = content.completes
    if completed is not None and (completed not in journey.entries or completed == itself):
        raise InvalidValue("completes", "L'action à terminer n'existe pas dans ce suivi.")


def _refuse_content(compartment: Compartment, content: Content, at: datetime) -> None:
    if compartment in (Compartment.FRAME, Compartment.IDENTITY, Compartment.CONTACT):
        raise InvalidValue(
            "compartment", "Ce volet ne reçoit pas d'action : choisissez-en un autre."
        )
    if not content.text.strip() and content.level is None:
        raise InvalidValue("text", "Écrivez des faits, des dates, des paroles citées.")
    if len(content.text) > TEXT_LIMIT:
        raise InvalidValue(
            "text", f"Le texte dépasse {TEXT_LIMIT} caractères : allez à l'essentiel."
        )
    if content.due is None and content.occurred_on > day_of(at):
        raise InvalidValue(
            "occurred_on", "Cette date est à venir : inscrivez l'action comme prévue."
        )
