"""Changing the standing of an institution or a referent, for the coordination (articles 1.2, 2.2)."""

from collections.abc import Mapping
from uuid import UUID

from application.door.network import enter_network
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.access import LedgerAct
from domain.network import members
from domain.network.members import Standing
from policies.charter import Act

_ACTS: Mapping[Standing, Act] = {
    Standing.ACTIVE: Act.REINSTATE,
    Standing.SUSPENDED: Act.SUSPEND,
    Standing.EXCLUDED: Act.EXCLUDE,
    Standing.LEFT: Act.RECORD_DEPARTURE,
}


@decided_again
def set_standing(
    services: Services, session: Session, subject: UUID, standing: Standing, reason: str
) -> None:
    """Suspend, exclude or reinstate an institution or a referent, or record that they left."""
    entered = enter_network(services, session, _ACTS[standing], recorded_as=LedgerAct.SET_STANDING)
    change = entered.change()
    members.set_standing(change.network, subject, standing, reason, entered.at)
    entered.record(change)
