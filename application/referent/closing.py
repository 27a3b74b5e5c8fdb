"""Closing a journey, and opening it again."""

from uuid import UUID

from application.closed_lists import refuse_unlisted_reason
from application.door.journey import enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.journey import closing
from domain.refusals import InvalidValue
from policies.charter import Act


@decided_again
def close(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Close the journey: it stays readable and takes no entry."""
    refuse_unlisted_reason(reason, services.catalogue.closing_reasons)
    entered = enter(services, session, journey, Act.CLOSE, seen=seen)
    closing.close(entered.journey, entered.author, reason, entered.at)
    entered.record()


@decided_again
def reopen(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Open a closed journey again."""
    if not reason.strip():
        raise InvalidValue("reason", "Dites en une ligne pourquoi le suivi est rouvert.")
    entered = enter(services, session, journey, Act.REOPEN, seen=seen)
    closing.reopen(entered.journey, entered.author, reason, entered.at)
    entered.record()
