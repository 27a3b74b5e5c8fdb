"""Judicial summaries up to their release: composed by partners, approved in parts and in their frame (article 14)."""

from datetime import timedelta
from uuid import UUID

from application.door.refusing import decided_again
from application.door.services import Services
from application.door.summary import EnteredSummary, _known_reason, _read, enter_summary
from application.ports import Session
from domain.summary.approvals import approve_part, refuse_part
from domain.summary.release import release_copy
from policies.charter import Act

AVAILABLE_FOR = timedelta(days=365)
"""For how long a recipient can open what was released: a value for the network's data-protection officer to settle."""


def read_part(services: Services, session: Session, summary: UUID, part: int) -> EnteredSummary:
    """Read a part of one's own institution before approving it: in the ledger first."""
    return _read(services, session, summary, Act.APPROVE_PART, part)


def judge_part(
    services: Services, session: Session, summary: UUID, part: int, refused_for: str | None
) -> None:
    """Approve, or refuse for a coded reason, one's own institution's part, having read it."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.APPROVE_PART, part)
        if refused_for is None:
            approve_part(found.summary, found.author, part, found.at)
        else:
            refuse_part(
                found.summary, found.author, part, _known_reason(services, refused_for), found.at
            )
        found.record(Act.APPROVE_PART)

    decided_again(act)


def release(services: Services, session: Session, summary: UUID) -> None:
    """Release the numbered copy to its recipient, who gets the keys now and not before."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.RELEASE_SUMMARY)
        until = (found.at + AVAILABLE_FOR).date()
        release_copy(found.summary, found.author, 1, found.at, until)
        found.record(Act.RELEASE_SUMMARY)

    decided_again(act)
