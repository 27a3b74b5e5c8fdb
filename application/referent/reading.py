"""Reading a journey, for a purpose."""

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


@decided_again
def read_journey(
    services: Services, session: Session, journey: UUID, purpose: str | None = None
) -> Entered:
    """Consult a journey. The consult is in the ledger before this returns (promise 4)."""
    purpose = purpose or session.purposes.get(journey)
    if purpose is not None:
        _refuse_unlisted_purpose(services, purpose)
    entered = enter(services, session, journey, Act.CONSULT, purpose=purpose)
    entered.record(purpose=purpose)
    if purpose is not None and session.purposes.get(journey) != purpose:
        session.purposes[journey] = purpose
        services.entrance.save(session, services.clock())
    return entered


@decided_again
def state_purpose(services: Services, session: Session, journey: UUID, purpose: str) -> None:
    """State the purpose of the consult that follows. Nothing of the journey is shown here: the consult is recorded."""
    _refuse_unlisted_purpose(services, purpose)
    enter(services, session, journey, Act.CONSULT, purpose=purpose)
    session.purposes[journey] = purpose
    services.entrance.save(session, services.clock())


def who_consulted(services: Services, entered: Entered) -> Sequence[Trace]:
    """The accesses to the journey, newest first, as far as this session holds its frame."""
    return services.ledger.traces(entered.loaded, TRACES_SHOWN)


def _refuse_unlisted_purpose(services: Services, purpose: str) -> None:
    if purpose not in services.catalogue.purposes:
        raise InvalidValue("purpose", "Choisissez un motif dans la liste.")
