"""Judicial summaries up to their release: composed by partners, approved in parts and in their frame (article 14)."""

from datetime import timedelta
from uuid import UUID

from application.closed_lists import refuse_unlisted_reason
from application.door.refusing import decided_again
from application.door.services import Services
from application.door.summary import EnteredSummary, enter_summary, read_as
from application.ports import Session
from domain.summary import approvals
from domain.summary.release import release_copy
from policies.charter import Act

AVAILABLE_FOR = timedelta(days=365)
"""How long a recipient can open a released summary: a value for the network's data-protection officer to settle."""


def read_part(services: Services, session: Session, summary: UUID, part: int) -> EnteredSummary:
    """Read a part of one's own institution before approving it: in the ledger first."""
    return read_as(services, session, summary, Act.APPROVE_PART, part)


@decided_again
def judge_part(
    services: Services, session: Session, summary: UUID, part: int, refused_for: str | None
) -> None:
    """Approve, or refuse for a coded reason, one's own institution's part, having read it."""
    found = enter_summary(services, session, summary, Act.APPROVE_PART, part)
    if refused_for is None:
        approvals.approve_part(found.summary, found.author, part, found.at)
    else:
        refuse_unlisted_reason(refused_for, services.catalogue.refusal_reasons)
        approvals.refuse_part(found.summary, found.author, part, refused_for, found.at)
    found.record(Act.APPROVE_PART)


@decided_again
def release(services: Services, session: Session, summary: UUID) -> None:
    """Release the numbered copy to its recipient, who gets the keys now and not before."""
    found = enter_summary(services, session, summary, Act.RELEASE_SUMMARY)
    until = found.network.day(found.at + AVAILABLE_FOR)
    release_copy(found.summary, found.author, 1, found.at, until)
    found.record(Act.RELEASE_SUMMARY)
