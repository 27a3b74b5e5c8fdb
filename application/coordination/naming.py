"""Naming the referents of the on-call desk (article 12.1)."""

from collections.abc import Collection
from uuid import UUID, uuid4

from application.door.network import enter_network
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.network import on_call
from domain.network.groups import GroupKind
from domain.refusals import Refusal
from policies.charter import Act


@decided_again
def name_on_call(
    services: Services, session: Session, gateway: UUID, referents: Collection[UUID]
) -> None:
    """Name who is on call; the coordination also makes the desk's first key.

    Raises ``Refusal`` unless somebody who has the desk's key stays, to pass it on.
    """
    network, named = services.directory.current(), frozenset(referents)
    desk = network.on_call_group()
    entered = enter_network(
        services, session, Act.NAME_ON_CALL, network, desk_has_key=desk is not None
    )
    if desk is not None and not named & desk.founders & network.members(desk.id):
        raise Refusal(
            "Gardez au moins une personne déjà d'astreinte : c'est elle qui transmet la clé aux autres.",
            "12.1",
        )
    change = entered.change()
    on_call.name_on_call(change.network, named, entered.at)
    if desk is None:
        members = change.network.on_call
        change.make_group_key(uuid4(), GroupKind.ON_CALL, gateway, members, entered.at)
    entered.record(change)
