"""Restricting a journey: some persons are kept apart from it."""

from uuid import UUID, uuid4

from application.door.journey import Entered, enter
from application.door.refusing import decided, decided_again
from application.door.services import Services
from application.ports import Session
from domain.access import LedgerAct
from domain.journey import restrictions
from domain.network.groups import GroupKind
from policies.charter import Act


@decided_again
def restrict(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    shut_out: frozenset[UUID],
    seen: int | None = None,
) -> None:
    """Let every group of the persons named take part through a small group of its other members (article 11.1)."""
    entered = enter(services, session, journey, Act.RESTRICT, seen=seen)
    groups = [institution]
    desk = entered.network.on_call_group()
    if desk is not None and shut_out & entered.network.members(desk.id):
        groups.append(desk.id)
    for group in groups:
        before = entered.journey.restrictions.get(group)
        everyone = shut_out | before.shut_out if before else shut_out
        small = _make_small_group(entered, group, everyone)
        restrictions.restrict(entered.journey, entered.author, group, small, shut_out, entered.at)
    entered.renewed().record(details={"group": str(institution)})


def _make_small_group(entered: Entered, group: UUID, shut_out: frozenset[UUID]) -> UUID:
    """Make a group of all members except those shut out, with its own key; return its id.

    If nobody else is left there is no such group, and the id names nothing.
    """
    small = uuid4()
    services = entered.services
    change = services.group_keys.change(services.directory.current())
    members = change.network.members(group) - shut_out
    if members:
        change.make_group_key(small, GroupKind.SMALL, group, members, entered.at)
        details = {"group": str(small)}
        access = decided(LedgerAct.MAKE_SMALL_GROUP, entered.decision, entered.at, details=details)
        change.record(entered.session, access)
    return small
