"""What a magistrate does: see what was received, open it on a confirmation, and nothing else (article 14.1)."""

from dataclasses import replace
from uuid import UUID

from application.door.audience import asker_of
from application.door.refusing import Refused, decided_again
from application.door.services import Services
from application.door.summary import EnteredSummary, enter_summary
from application.ports import Session
from application.referent.summaries import SummaryRow, list_cards
from domain.access import Access
from domain.refusals import Refusal
from domain.summary.parts import Part
from domain.summary.release import open_copy, refuse_unavailable
from domain.summary.summary import Summary
from policies.charter import NO_PART, Act

__all__ = [
    "EnteredSummary",
    "NotConfirmed",
    "document",
    "has_opened",
    "open_summary",
    "read_received",
    "received",
    "waiting_parts",
]


def received(services: Services, session: Session) -> list[SummaryRow]:
    """The summaries addressed to the magistrate's institution and released, newest first: one ledger entry."""
    network = services.directory.current()
    asker = asker_of(network, network.institutions[session.institution], session.referent)
    situation = replace(NO_PART, is_addressee=True, is_approved=True)
    decision = services.charter.decide(Act.OPEN_SUMMARY, asker, situation)
    if not decision.allowed:
        services.ledger.note(
            session,
            Access(
                Act.OPEN_SUMMARY.value,
                services.clock(),
                articles=decision.articles,
                policies=decision.policies,
                allowed=False,
            ),
        )
        raise Refused(Act.OPEN_SUMMARY, decision.articles)
    return list_cards(
        services,
        session,
        decision,
        lambda card: card.recipient == session.institution and card.released_at is not None,
    )


class NotConfirmed(Refusal):
    """The magistrate has not confirmed the opening: nothing is shown before."""

    def __init__(self) -> None:
        super().__init__("Confirmez d'abord l'ouverture de cette synthèse.", "14.4")


def read_received(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read a summary whose opening this magistrate confirmed; recorded before a word is shown.

    Until then it is its frame alone, without any word (``has_opened``); recorded as a list is.
    """

    def act() -> EnteredSummary:
        found = enter_summary(services, session, summary, Act.OPEN_SUMMARY)
        refuse_unavailable(found.summary, found.at)
        if has_opened(found):
            found.record(Act.OPEN_SUMMARY)
        else:
            _look_at(found)
        return found

    return decided_again(act)


def has_opened(found: EnteredSummary) -> bool:
    """Whether this magistrate confirmed the opening: each one confirms their own."""
    return any(one.by.referent == found.session.referent for one in found.summary.openings)


def open_summary(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Open a summary: the fact is stored, as an event and in the ledger, before a word is shown."""

    def act() -> EnteredSummary:
        found = enter_summary(services, session, summary, Act.OPEN_SUMMARY)
        open_copy(found.summary, found.author, found.at)
        found.record(Act.OPEN_SUMMARY)
        return found

    return decided_again(act)


def document(services: Services, session: Session, summary: UUID) -> bytes:
    """The copy as PDF, marked for who asks: an opening like another, recorded before it is made (article 14.4).

    Raises ``NotConfirmed``; ``Refusal`` while a part's words have not reached the recipient: what is released is exact,
    or is not given.
    """

    def act() -> EnteredSummary:
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
        return found

    found = decided_again(act)
    return services.documents.summary(found.summary, found.network, session.referent)


def _look_at(found: EnteredSummary) -> None:
    found.services.ledger.note(
        found.session,
        Access(
            "look_at_summary",
            found.at,
            subject=found.summary.id,
            articles=found.decision.articles,
            policies=found.decision.policies,
            details={"summary": str(found.summary.id)},
        ),
    )
    parts = found.summary.parts
    for index, part in parts.items():
        parts[index] = replace(part, items=None)


def waiting_parts(summary: Summary) -> list[Part]:
    """The parts whose key has not reached this reader yet: the next session that holds it passes it on."""
    return [part for part in summary.standing_parts if part.items is None]
