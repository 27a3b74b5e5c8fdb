"""What a referent does: read a journey, having said why."""

from collections.abc import Sequence
from uuid import UUID

from application.door.journey import Entered, enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.access import Trace
from domain.refusals import InvalidValue
from policies.charter import Act

TRACES_SHOWN = 200


def read_journey(
    services: Services, session: Session, journey: UUID, purpose: str | None = None
) -> Entered:
    """Consult a journey. The consult is in the ledger before this returns (promise 4)."""
    purpose = purpose or session.purposes.get(journey)
    if purpose is not None:
        _refuse_purpose(services, purpose)

    def act() -> Entered:
        entered = enter(services, session, journey, Act.CONSULT, purpose=purpose)
        entered.record(purpose=purpose)
        return entered

    entered = decided_again(act)
    if purpose is not None and session.purposes.get(journey) != purpose:
        session.purposes[journey] = purpose
        services.entrance.save(session, services.clock())
    return entered


def state_purpose(services: Services, session: Session, journey: UUID, purpose: str) -> None:
    """Say why a journey is about to be consulted. Nothing of it is shown here: the consult that follows is recorded."""
    _refuse_purpose(services, purpose)
    decided_again(lambda: enter(services, session, journey, Act.CONSULT, purpose=purpose))
    session.purposes[journey] = purpose
    services.entrance.save(session, services.clock())


def who_consulted(services: Services, entered: Entered) -> Sequence[Trace]:
    """Who consulted the journey, newest first, as far as this session holds its frame."""
    return services.ledger.traces(entered.loaded, TRACES_SHOWN)


def _refuse_purpose(services: Services, purpose: str) -> None:
    if purpose not in services.catalogue.purposes:
        raise InvalidValue("motif", "Choisissez un motif dans la liste.")
