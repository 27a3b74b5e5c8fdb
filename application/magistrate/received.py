"""Received summaries: a magistrate lists them, and opens one on a confirmation (article 14.1)."""

from dataclasses import replace
from uuid import UUID

from application.door.network import enter_network
from application.door.refusing import decided, decided_again
from application.door.services import Services
from application.door.summary import EnteredSummary, enter_summary
from application.ports import Session
from application.referent.summaries import SummaryRow, list_cards
from domain.access import LedgerAct
from domain.refusals import Refusal
from domain.summary.parts import Part
from domain.summary.release import open_copy, refuse_unavailable
from domain.summary.summary import Summary
from policies.charter import Act


def received(services: Services, session: Session) -> list[SummaryRow]:
    """The summaries addressed to the magistrate's institution and released, newest first: one ledger entry."""
    entered = enter_network(
        services, session, Act.OPEN_SUMMARY, is_addressee=True, is_approved=True
    )
    return list_cards(
        entered,
        lambda card: card.recipient == session.institution and card.released_at is not None,
    )


class NotConfirmed(Refusal):
    """The magistrate has not confirmed the opening: nothing is shown before."""

    def __init__(self) -> None:
        super().__init__("Confirmez d'abord l'ouverture de cette synthèse.", "14.4")


@decided_again
def read_received(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read a summary whose opening this magistrate confirmed; recorded before a word is shown.

    Until it is confirmed, only the frame is read, without any word (``has_opened``), and recorded as a list is.
    """
    found = enter_summary(services, session, summary, Act.OPEN_SUMMARY)
    refuse_unavailable(found.summary, found.at)
    if has_opened(found):
        found.record(Act.OPEN_SUMMARY)
    else:
        _look_at_frame(found)
    return found


def has_opened(found: EnteredSummary) -> bool:
    """Whether this magistrate confirmed the opening: each one confirms their own."""
    return any(opening.by.referent == found.session.referent for opening in found.summary.openings)


@decided_again
def open_summary(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Open a summary: the fact is stored, as an event and in the ledger, before a word is shown."""
    found = enter_summary(services, session, summary, Act.OPEN_SUMMARY)
    open_copy(found.summary, found.author, found.at)
    found.record(Act.OPEN_SUMMARY)
    return found


@decided_again
def document(services: Services, session: Session, summary: UUID) -> bytes:
    """The copy as PDF, marked for its reader: an opening like another, recorded before it is made (article 14.4).

    Raises ``NotConfirmed``; ``Refusal`` while the words of a part have not reached the recipient: a copy is exact, or
    is not given.
    """
    found = enter_summary(services, session, summary, Act.OPEN_SUMMARY)
    confirmed = has_opened(found)
    open_copy(found.summary, found.author, found.at)
    if not confirmed:
        raise NotConfirmed
    if waiting_parts(found.summary):
        raise Refusal(
            "Les mots d'une partie ne vous sont pas encore parvenus : ils arrivent à la"
            " prochaine session de l'institution qui l'a composée.",
            "14.4",
        )
    found.record(Act.OPEN_SUMMARY)
    return services.documents.summary(found.summary, found.network, session.referent)


def _look_at_frame(found: EnteredSummary) -> None:
    summary = found.summary
    details = {"summary": str(summary.id)}
    access = decided(
        LedgerAct.LOOK_AT_SUMMARY, found.decision, found.at, summary.id, details=details
    )
    found.services.ledger.note(found.session, access)
    for index, part in summary.parts.items():
        summary.parts[index] = replace(part, items=None)


def waiting_parts(summary: Summary) -> list[Part]:
    """The parts whose key has not reached this reader yet: the next session that holds it passes it on."""
    return [part for part in summary.standing_parts if part.items is None]
