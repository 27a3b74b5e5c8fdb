"""The person accompanied: who she or he is, and how to reach her or him without danger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment
from domain.journey.closing import refuse_if_closed
from domain.journey.entries import TEXT_LIMIT
from domain.refusals import InvalidValue
from domain.territory import day_of

if TYPE_CHECKING:
    from domain.journey.journey import Journey

NAME_LIMIT = 200
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who the person is. All but ``known_as`` are optional; nothing here ever stands in a URL, a title or a log."""

    known_as: str
    surname: str = ""
    first_name: str = ""
    birth_date: date | None = None


def record(journey: "Journey", author: Author, person: Person, at: datetime) -> None:
    """Record who the person is."""
    refuse_if_closed(journey)
    if not person.known_as.strip():
        raise InvalidValue(
            "known_as", "Indiquez comment la personne est connue, par exemple « Mme A. »."
        )
    for name in ("known_as", "surname", "first_name"):
        if len(getattr(person, name)) > NAME_LIMIT:
            raise InvalidValue(name, f"Ce nom dépasse {NAME_LIMIT} caractères.")
    if person.birth_date is not None and person.birth_date > day_of(at):
        raise InvalidValue("birth_date", "La date de naissance est à venir.")
    journey.trigger_event(PersonRecorded, author=author, person=person, timestamp=at)


class PersonRecorded(Aggregate.Event):
    """Who the person is was recorded."""

    compartment = Compartment.IDENTITY

    author: Author
    person: Person

    def apply(self, journey: "Journey") -> None:
        """Replace the last record."""
        journey.person = self.person


def record_safe_contact(journey: "Journey", author: Author, text: str, at: datetime) -> None:
    """Record how and when the person can be reached without danger."""
    refuse_if_closed(journey)
    if not text.strip() or len(text) > TEXT_LIMIT:
        raise InvalidValue("safe_contact", "Indiquez comment la joindre sans danger.")
    journey.trigger_event(SafeContactRecorded, author=author, text=text, timestamp=at)


class SafeContactRecorded(Aggregate.Event):
    """The way to reach the person without danger was recorded."""

    compartment = Compartment.CONTACT

    author: Author
    text: str

    def apply(self, journey: "Journey") -> None:
        """Replace the last record."""
        journey.safe_contact = self.text


EVENTS = (PersonRecorded, SafeContactRecorded)
