"""Closing a journey and opening it again. While it is closed it stays readable and takes no entry."""

from datetime import datetime
from typing import TYPE_CHECKING

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.compartments import Compartment
from domain.refusals import Refusal

if TYPE_CHECKING:
    from domain.journey.journey import Journey


class JourneyIsClosed(Refusal):
    """The journey takes no entry while it is closed."""

    def __init__(self) -> None:
        super().__init__("Ce suivi est clos. Rouvrez-le avant d'y inscrire quelque chose.")


def refuse_if_closed(journey: "Journey") -> None:
    """Refuse to write into a closed journey. Raises ``JourneyIsClosed``."""
    if journey.is_closed:
        raise JourneyIsClosed


def close(journey: "Journey", author: Author, reason: str, at: datetime) -> None:
    """Close the journey. ``reason`` is a code of a closed list."""
    refuse_if_closed(journey)
    journey.trigger_event(JourneyClosed, author=author, reason=reason, timestamp=at)


class JourneyClosed(Aggregate.Event):
    """The journey was closed."""

    compartment = Compartment.FRAME

    author: Author
    reason: str

    def apply(self, journey: "Journey") -> None:
        """Take no entry from now on."""
        journey.closed_for = self.reason
        journey.note(self, "closed", detail=self.reason)


def reopen(journey: "Journey", author: Author, reason: str, at: datetime) -> None:
    """Open a closed journey again. ``reason`` is a sentence."""
    if not journey.is_closed:
        raise Refusal("Ce suivi n'est pas clos.")
    journey.trigger_event(JourneyReopened, author=author, reason=reason, timestamp=at)


class JourneyReopened(Aggregate.Event):
    """A closed journey was opened again."""

    compartment = Compartment.FRAME

    author: Author
    reason: str

    def apply(self, journey: "Journey") -> None:
        """Take entries again."""
        journey.closed_for = None
        journey.note(self, "reopened", detail=self.reason)


EVENTS = (JourneyClosed, JourneyReopened)
