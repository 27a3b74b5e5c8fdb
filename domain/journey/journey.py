"""A journey: one victim's support, as the partners of a network record it together.

This is the root: the opening of a journey, its state, and the questions that may be asked of it. The chapters beside it
hold everything else that may happen to it. In each, a public function decides and refuses, and the event below it only
applies: ``apply`` runs again at every load, so a rule in it, tightened later, would make stored journeys unreadable.

Every rule is computed from the frame, which all partners read whole: never from entries that may be sealed to a reader.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from eventsourcing.domain import Aggregate, event

from domain.author import Author
from domain.compartments import Compartment
from domain.journey import (
    capacities,
    closing,
    consents,
    entries,
    partners,
    person,
    restrictions,
)
from domain.journey.capacities import Capacity, since
from domain.journey.entries import Entry, SealedEntry
from domain.journey.partners import Basis, Participation, Partner
from domain.journey.person import Person
from domain.journey.restrictions import Restriction
from domain.refusals import InvalidValue
from domain.territory import day_of

REVIEW_LIMIT = timedelta(days=30)
"""A deferred information is looked at again within 30 days (article 8.1)."""


@dataclass(frozen=True, slots=True)
class Information:
    """How the person was told of the shared follow-up (article 8.1), or why not yet and when to look again."""

    given_on: date | None
    manner: str | None
    language: str | None
    deferred_for: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class FrameNote:
    """A frame event in the words of the timeline: a code, who, and the institution concerned."""

    version: int
    code: str
    at: datetime
    author: Author
    institution: UUID | None = None
    detail: str = ""
    capacities: frozenset[Capacity] = frozenset()


class JourneyOpened(Aggregate.Created):
    """A journey was opened. Version 2 says in what capacities its lead takes part; version 1 did not."""

    compartment = Compartment.FRAME
    class_version = 2

    network: UUID
    author: Author
    information: Information
    capacities: frozenset[Capacity] | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Version 1 did not ask."""
        state["capacities"] = None


class Journey(Aggregate):
    """One victim's support journey (one event-sourced aggregate)."""

    events = (
        JourneyOpened,
        *partners.EVENTS,
        *capacities.EVENTS,
        *consents.EVENTS,
        *restrictions.EVENTS,
        *entries.EVENTS,
        *person.EVENTS,
        *closing.EVENTS,
    )
    """Every event that can be stored of a journey, gathered from its chapters."""

    @classmethod
    def open(
        cls,
        network: UUID,
        author: Author,
        information: Information,
        at: datetime,
        capacities: frozenset[Capacity] = frozenset(),
    ) -> Self:
        """Open a journey, once it is recorded how the person was told, or why not yet (article 8.1)."""
        _refuse_information(information, at)
        return cls(
            network=network,
            author=author,
            information=information,
            capacities=capacities,
            timestamp=at,
        )

    @event(JourneyOpened)
    def __init__(
        self,
        network: UUID,
        author: Author,
        information: Information,
        capacities: frozenset[Capacity] | None,
        timestamp: datetime,
    ) -> None:
        self.network = network
        self.lead = author.institution
        self.opened_at = timestamp
        self.information = information
        self.closed_for: str | None = None
        lead = Partner(
            author.institution, Participation.JOINED, None, 1, capacities=since(1, capacities)
        )
        self.partners: dict[UUID, Partner] = {author.institution: lead}
        self.restrictions: dict[UUID, Restriction] = {}
        self.entries: dict[int, Entry | SealedEntry] = {}
        self.planned: dict[int, Entry] = {}
        self.completing: dict[int, Entry] = {}
        self.frame_notes: list[FrameNote] = [
            FrameNote(1, "opened", timestamp, author, capacities=capacities or frozenset())
        ]
        self.person: Person | None = None
        self.safe_contact: str | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the journey takes no entry."""
        return self.closed_for is not None

    @property
    def danger_level(self) -> str | None:
        """The level of danger that was written last and not withdrawn; ``None`` without one, or if all are sealed."""
        return next(
            (
                entry.content.level
                for entry in reversed(self.entries.values())
                if isinstance(entry, Entry) and entry.withdrawn_for is None and entry.content.level
            ),
            None,
        )

    def takes_part(self, institution: UUID) -> bool:
        """Whether the institution is invited or has joined, and has not left."""
        partner = self.partners.get(institution)
        return partner is not None and partner.participation is not Participation.LEFT

    def is_shut_out(self, referent: UUID) -> bool:
        """Whether the referent is excluded by a restriction (article 11.1)."""
        return any(referent in restriction.shut_out for restriction in self.restrictions.values())

    def consent_of(self, institution: UUID, day: date) -> Basis | None:
        """The basis in force that day for a partner, if any."""
        partner = self.partners.get(institution)
        if partner is None or partner.participation is Participation.LEFT or partner.basis is None:
            return None
        return partner.basis if partner.basis.in_force(day) else None

    def awaiting(self) -> list[Entry]:
        """Planned actions that nobody completed or withdrew, by due day."""
        done = {
            entry.content.completes
            for entry in self.completing.values()
            if entry.withdrawn_for is None
        }
        left = [
            entry
            for entry in self.planned.values()
            if entry.withdrawn_for is None and entry.version not in done
        ]
        return sorted(left, key=lambda entry: (entry.content.due or date.max, entry.version))

    def note(
        self,
        frame_event: Any,
        code: str,
        institution: UUID | None = None,
        detail: str = "",
        capacities: frozenset[Capacity] = frozenset(),
    ) -> None:
        """Keep a frame event for the timeline, as a chapter tells it in a code."""
        self.frame_notes.append(
            FrameNote(
                frame_event.originator_version,
                code,
                frame_event.timestamp,
                frame_event.author,
                institution,
                detail,
                capacities,
            )
        )

    def seal(self, version: int, lock: int | None, day: date | None) -> None:
        """Fold in an entry that this reader has no key to: its place is kept, its content is not known."""
        compartment = None if lock is None else Compartment.from_code(lock)
        self.entries[version] = SealedEntry(version, compartment, day)


def _refuse_information(information: Information, at: datetime) -> None:
    """Refuse to open unless the person was told, or the telling was deferred for a coded reason and at most 30 days."""
    today = day_of(at)
    if information.deferred_for is not None:
        review = information.review_on
        if review is None or not today <= review <= today + REVIEW_LIMIT:
            raise InvalidValue("review_on", "Fixez une date de réexamen dans les 30 jours.")
        return
    if information.given_on is None or information.given_on > today:
        raise InvalidValue(
            "given_on", "Indiquez quand la personne a été informée, ou pourquoi pas encore."
        )
    if not information.manner:
        raise InvalidValue("manner", "Indiquez comment la personne a été informée.")
    if not information.language:
        raise InvalidValue("language", "Indiquez dans quelle langue la personne a été informée.")
