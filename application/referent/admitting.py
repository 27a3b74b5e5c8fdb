"""Admitting a referent, by a colleague of the same institution."""

from application.door.network import enter_network
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import NewAccount, Session
from domain.network import members
from policies.charter import Act


@decided_again
def admit_referent(services: Services, session: Session, account: NewAccount) -> None:
    """Admit a referent, and pass on to them the private half of the institution's group."""
    newcomer, network = account.referent, services.directory.current()
    entered = enter_network(
        services,
        session,
        Act.ADMIT_REFERENT,
        network,
        is_own_institution=newcomer.institution == session.institution,
        has_no_member=not network.members(newcomer.institution),
    )
    change = entered.change()
    members.admit_referent(change.network, newcomer, entered.at)
    change.keep_account(newcomer.id, account.locked)
    change.share_group_key(session, newcomer.institution, newcomer.id, entered.at)
    entered.record(change, {"referent": str(newcomer.id)})
