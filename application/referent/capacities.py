"""What a referent does: say in what capacity a partner takes part."""

from uuid import UUID

from application.door.journey import enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.journey.capacities import Capacity, state
from domain.network.network import Network
from domain.refusals import InvalidValue
from policies.charter import Act


def state_capacities(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    capacities: frozenset[Capacity],
    seen: int | None = None,
) -> None:
    """Say what a partner does for the person from now on: what is taken away closes at once."""

    def act() -> None:
        entered = enter(services, session, journey, Act.STATE_CAPACITIES, seen=seen)
        _refuse_unentitled(entered.network, institution, capacities)
        state(entered.journey, entered.author, institution, capacities, entered.at)
        entered.record(details={"institution": str(institution)})

    decided_again(act)


def _refuse_unentitled(
    network: Network, institution: UUID, capacities: frozenset[Capacity]
) -> None:
    known = network.institutions.get(institution)
    if known is None or not capacities <= known.may:
        raise InvalidValue(
            "capacities",
            "L'annuaire n'habilite pas cette institution à ce titre : décochez-le, ou voyez avec la coordination.",
        )
