"""What a referent does: close a journey, and open it again."""

from uuid import UUID

from application.door.journey import enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from application.referent.reasons import _refuse_code
from domain.journey import closing
from domain.refusals import InvalidValue
from policies.charter import Act


def close(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Close the journey: it stays readable and takes no entry."""
    _refuse_code(reason, services.catalogue.closing_reasons, "raison")

    def act() -> None:
        entered = enter(services, session, journey, Act.CLOSE, seen=seen)
        closing.close(entered.journey, entered.author, reason, entered.at)
        entered.record()

    decided_again(act)


def reopen(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Open a closed journey again."""
    if not reason.strip():
        raise InvalidValue("raison", "Dites en une ligne pourquoi le suivi est rouvert.")

    def act() -> None:
        entered = enter(services, session, journey, Act.REOPEN, seen=seen)
        closing.reopen(entered.journey, entered.author, reason, entered.at)
        entered.record()

    decided_again(act)
