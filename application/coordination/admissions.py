"""Admitting an institution to the network, for the coordination."""

from application.door.network import enter_network
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import NewAccount, Session
from domain.network import members
from domain.network.groups import GroupKind
from domain.network.members import Institution
from policies.charter import Act


@decided_again
def admit_institution(
    services: Services, session: Session, institution: Institution, first: NewAccount
) -> None:
    """Admit an institution with its first referent, and make its group's first key."""
    entered = enter_network(services, session, Act.ADMIT_INSTITUTION)
    change = entered.change()
    members.admit_institution(change.network, institution, entered.at)
    members.admit_referent(change.network, first.referent, entered.at)
    change.keep_account(first.referent.id, first.locked)
    own, first_members = institution.id, change.network.members(institution.id)
    change.make_group_key(own, GroupKind.INSTITUTION, own, first_members, entered.at)
    entered.record(change, {"institution": institution.code})
