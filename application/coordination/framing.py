"""Approving the frame of a summary, for the coordination."""

from uuid import UUID

from application.closed_lists import refuse_unlisted_reason
from application.door.refusing import decided_again
from application.door.services import Services
from application.door.summary import enter_summary
from application.ports import Session
from domain.network.members import InstitutionKind
from domain.summary.approvals import approve_frame, refuse_frame
from policies.charter import Act


@decided_again
def judge_frame(
    services: Services, session: Session, summary: UUID, refused_for: str | None
) -> None:
    """Approve or refuse the frame, for the coordination, which sees no word."""
    found = enter_summary(services, session, summary, Act.APPROVE_FRAME)
    coordination = found.network.institution_of_kind(InstitutionKind.COORDINATION).id
    if refused_for is None:
        approve_frame(found.summary, found.author, coordination, found.at)
    else:
        refuse_unlisted_reason(refused_for, services.catalogue.refusal_reasons)
        refuse_frame(found.summary, found.author, coordination, refused_for, found.at)
    found.record(Act.APPROVE_FRAME)
