"""What a referent does: keep persons apart from a journey."""

from uuid import UUID

from application.door.journey import enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.journey import restrictions
from policies.charter import Act


def restrict(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    shut_out: frozenset[UUID],
    seen: int | None = None,
) -> None:
    """Let every group of the persons named take part through a small group of its other members (article 11.1)."""

    def act() -> None:
        entered = enter(services, session, journey, Act.RESTRICT, seen=seen)
        groups = [institution]
        desk = entered.network.on_call_group()
        if desk is not None and shut_out & entered.network.members(desk.id):
            groups.append(desk.id)
        for group in groups:
            before = entered.journey.restrictions.get(group)
            everyone = shut_out | before.shut_out if before else shut_out
            small = services.offices.make_small_group(session, group, everyone, entered.at)
            restrictions.restrict(
                entered.journey, entered.author, group, small, shut_out, entered.at
            )
        entered.network = services.directory.current()
        entered.loaded.counter = entered.network.counter
        entered.audience_of = services.audiences.of(
            entered.journey, entered.network, entered.at.date()
        )
        entered.record(details={"group": str(institution)})

    decided_again(act)
