"""Release of a summary to its recipient, once, and its openings (article 14.4)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from eventsourcing.domain import Aggregate

from domain.author import Author
from domain.refusals import InvalidValue, Refusal
from domain.summary.locks import FRAME_LOCK
from domain.territory import day_of

if TYPE_CHECKING:
    from domain.summary.summary import Summary


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening by the recipient; the first is the receipt."""

    by: Author
    at: datetime


def refuse_if_released(summary: "Summary") -> None:
    """Refuse to change a summary that was released."""
    if summary.released_at is not None:
        raise Refusal("Cette synthèse est remise : elle est gardée telle quelle.", "14.4")


def refuse_unavailable(summary: "Summary", at: datetime) -> None:
    """Refuse to open a summary that was not released, or whose term has passed."""
    if summary.released_at is None:
        raise Refusal("Cette synthèse n'a pas été remise.", "14.4")
    if summary.available_until is not None and day_of(at) > summary.available_until:
        raise Refusal("Cette synthèse n'est plus consultable : son terme est passé.", "14.4")


def release_copy(
    summary: "Summary", author: Author, copy_number: int, at: datetime, until: date | None = None
) -> None:
    """Release a numbered copy to the recipient; ``until`` is the last day it opens."""
    refuse_if_released(summary)
    if author.institution != summary.composer.institution:
        raise Refusal(
            "Seule l'institution qui compose la synthèse la remet ou l'abandonne.", "14.2"
        )
    if not summary.is_ready:
        raise Refusal(
            "Chaque institution doit approuver sa partie, et la coordination le cadre, avant la"
            " remise.",
            "14.2",
        )
    if copy_number < 1:
        raise InvalidValue("copy_number", "Un exemplaire porte un numéro à partir de 1.")
    if until is not None and until < day_of(at):
        raise InvalidValue("until", "La date de fin est déjà passée.")
    summary.trigger_event(
        SummaryReleased, author=author, copy_number=copy_number, until=until, timestamp=at
    )


class SummaryReleased(Aggregate.Event):
    """A numbered copy was released to the recipient."""

    lock = FRAME_LOCK

    author: Author
    copy_number: int
    until: date | None

    def apply(self, summary: "Summary") -> None:
        """Keep the copy's number, its term and the moment."""
        summary.copy_number = self.copy_number
        summary.available_until = self.until
        summary.released_at = self.timestamp


def open_copy(summary: "Summary", author: Author, at: datetime) -> None:
    """Record an opening by the recipient."""
    if author.institution != summary.recipient:
        raise Refusal("Cette synthèse ne vous est pas adressée.", "14.1")
    refuse_unavailable(summary, at)
    summary.trigger_event(SummaryOpened, author=author, timestamp=at)


class SummaryOpened(Aggregate.Event):
    """The recipient opened the summary."""

    lock = FRAME_LOCK

    author: Author

    def apply(self, summary: "Summary") -> None:
        """Keep the opening beside those before."""
        summary.openings.append(Opening(self.author, self.timestamp))


EVENTS = (SummaryReleased, SummaryOpened)
