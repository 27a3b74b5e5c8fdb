"""What the on-call desk's sessions do without reading: they hand over what waits at the desk (article 5.0)."""

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
    """Give what was deposited while nobody could read it to the first partners who may by now.

    The gateway need not take part: passing a key on is not reading. Returns the journeys concerned, each with its
    entry in the ledger. To somebody who is not on call it does nothing.
    """
    network = services.directory.current()
    desk = network.on_call_group()
    if desk is None or session.referent not in network.members(desk.id):
        return []
    waiting = services.cards.given_to_none_but(session, _of_the_desk(network, desk.id))
    return [journey for journey in waiting if _hand_over_one(services, session, journey)]


def _of_the_desk(network: Network, desk: UUID) -> frozenset[UUID]:
    """The desk, its small groups, and its agents' own pairs that stood in for it."""
    gateway = network.groups[desk].of
    groups = {one.id for one in network.groups.values() if desk in (one.id, one.of)}
    agents = {one.id for one in network.referents.values() if one.institution == gateway}
    return frozenset(groups | agents)


def _hand_over_one(services: Services, session: Session, journey: UUID) -> bool:
    def act() -> bool:
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
            entered.record(compartment=due)
        return due is not None

    try:
        return decided_again(act)
    except (Refused, Forged):
        return False


def _due(entered: Entered) -> Compartment | None:
    """The first compartment with an entry that the desk alone was given, and that somebody may read by now."""
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
