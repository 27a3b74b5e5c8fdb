"""What a magistrate does: see what was received, open it on a confirmation, and nothing else (article 14.1)."""

from dataclasses import replace
from uuid import UUID

from application.audience import asker_of
from application.door import Refused, decided_again
from application.ports import Session
from application.services import Services
from application.summaries import EnteredSummary, SummaryRow, enter_summary, my_summaries
from domain.access import Access
from policies.charter import NO_PART, Act, Decision


def received(services: Services, session: Session) -> list[SummaryRow]:
    """The summaries addressed to the magistrate's institution and released, newest first."""
    return [
        row
        for row in my_summaries(services, session)
        if row.card.recipient == session.institution and row.card.released_at is not None
    ]


def look_at(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """What a summary is about to open: its frame, before any word. It is recorded as a list is."""
    found = enter_summary(services, session, summary, Act.OPEN_SUMMARY)
    decision = _decide(services, session, found)
    services.ledger.note(
        session,
        Access("look_at_summary", found.at, subject=summary, articles=decision.articles),
    )
    return found


def open_summary(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Open a summary: the fact is stored, as an event and in the ledger, before a word is shown."""

    def act() -> EnteredSummary:
        found = enter_summary(services, session, summary, Act.OPEN_SUMMARY)
        decision = _decide(services, session, found)
        found.summary.open(found.author, found.at)
        found.record(Act.OPEN_SUMMARY, decision)
        return found

    return decided_again(act)


def _decide(services: Services, session: Session, found: EnteredSummary) -> Decision:
    institution = found.network.institutions[session.institution]
    asker = asker_of(found.network, institution, session.referent)
    addressed = found.summary.recipient == session.institution
    situation = replace(NO_PART, is_addressee=addressed, is_approved=True)
    decision = services.charter.decide(Act.OPEN_SUMMARY, asker, situation)
    if not decision.allowed:
        services.ledger.note(
            session,
            Access(
                Act.OPEN_SUMMARY.value,
                found.at,
                subject=found.summary.id,
                articles=decision.articles,
                policies=decision.policies,
                allowed=False,
            ),
        )
        raise Refused(Act.OPEN_SUMMARY, decision.articles)
    return decision
