"""Stating the capacities in which a partner takes part."""

from uuid import UUID

from application.door.journey import enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.journey import capacities as chapter
from domain.journey.capacities import Capacity
from domain.network.network import Network
from domain.refusals import InvalidValue
from policies.charter import Act


@decided_again
def state_capacities(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    capacities: frozenset[Capacity],
    seen: int | None = None,
) -> None:
    """State the capacities of a partner from now on: one that is taken away closes its compartment at once."""
    entered = enter(services, session, journey, Act.STATE_CAPACITIES, seen=seen)
    refuse_unentitled(entered.network, institution, capacities)
    chapter.state(entered.journey, entered.author, institution, capacities, entered.at)
    entered.record(details={"institution": str(institution)})


def refuse_unentitled(network: Network, institution: UUID, capacities: frozenset[Capacity]) -> None:
    """Refuse capacities for which the directory does not entitle an institution. Raises ``InvalidValue``."""
    known = network.institutions.get(institution)
    if known is None or not capacities <= known.may:
        raise InvalidValue(
            "capacities",
            "L'annuaire n'habilite pas cette institution à ce titre : décochez-le, ou voyez avec la coordination.",
        )
