"""Handing over what waits at the on-call desk: its sessions pass keys on without reading (article 5.0)."""

from uuid import UUID

from application.door.journey import Entered, enter
from application.door.refusing import Refused, decided_again
from application.door.services import Services
from application.ports import Session
from domain.compartments import Compartment
from domain.network.network import Network
from domain.storing import Forged
from policies.charter import Act, Relation


def hand_over(services: Services, session: Session) -> list[UUID]:
    """Give the keys of entries that were deposited while nobody could read them to the first partners who may by now.

    The gateway need not take part: passing a key on is not reading. Returns the journeys concerned, each with its
    entry in the ledger. For somebody who is not on call it does nothing.
    """
    network = services.directory.current()
    desk = network.on_call_group()
    if desk is None or session.referent not in network.members(desk.id):
        return []
    waiting = services.cards.given_to_none_but(session, _of_the_desk(network, desk.id))
    return [journey for journey in waiting if _hand_over_journey(services, session, journey)]


def _of_the_desk(network: Network, desk: UUID) -> frozenset[UUID]:
    """The desk, its small groups, and its agents' own pairs that stood in for it."""
    gateway = network.groups[desk].of
    groups = {group.id for group in network.groups.values() if desk in (group.id, group.of)}
    agents = {
        referent.id for referent in network.referents.values() if referent.institution == gateway
    }
    return frozenset(groups | agents)


@decided_again
def _hand_over_journey(services: Services, session: Session, journey: UUID) -> bool:
    try:
        entered = enter(
            services,
            session,
            journey,
            Act.PASS_KEY,
            compartment=Compartment.FRAME,
            relation=Relation.ON_CALL,
        )
        due = _due(entered)
        if due is not None:
            entered.record(compartments=(due,))
    except (Refused, Forged):
        return False
    return due is not None


def _due(entered: Entered) -> Compartment | None:
    """The first compartment with an entry that only the desk was given, and that somebody may read by now."""
    for version, entry in entered.journey.entries.items():
        compartment = entry.compartment
        if compartment is None:
            continue
        audience = entered.audience(compartment)
        waits = entered.loaded.granted_at(version) <= audience.keepers
        if (
            waits
            and audience.institutions
            and entered.ask(Act.PASS_KEY, compartment, relation=Relation.ON_CALL).allowed
        ):
            return compartment
    return None
