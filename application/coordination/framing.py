"""What the coordination does: approve the frame of a summary."""

from uuid import UUID

from application.door.refusing import decided_again
from application.door.services import Services
from application.door.summary import COORDINATION, _known_reason, enter_summary
from application.ports import Session
from domain.summary.approvals import approve_frame, refuse_frame
from policies.charter import Act


def judge_frame(
    services: Services, session: Session, summary: UUID, refused_for: str | None
) -> None:
    """Approve or refuse the frame, for the coordination, which sees no word."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.APPROVE_FRAME)
        coordination = found.network.institution_of_kind(COORDINATION).id
        if refused_for is None:
            approve_frame(found.summary, found.author, coordination, found.at)
        else:
            reason = _known_reason(services, refused_for)
            refuse_frame(found.summary, found.author, coordination, reason, found.at)
        found.record(Act.APPROVE_FRAME)

    decided_again(act)
