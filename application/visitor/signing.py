"""Signing the charter: nothing else opens before (article 1.1)."""

from uuid import UUID

from application.door.network import enter_network
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.network import charter
from domain.network.network import Network
from policies.charter import Act


def signatures_missing(session: Session, network: Network) -> list[UUID]:
    """The signatories who have yet to sign before this session opens anything: the institution, the referent."""
    return [
        signatory
        for signatory in (session.institution, session.referent)
        if not network.has_signed(signatory)
    ]


@decided_again
def sign_charter(services: Services, session: Session, signatory: UUID) -> None:
    """Sign the version in force, for oneself or for one's institution."""
    entered = enter_network(services, session, Act.SIGN_CHARTER)
    change = entered.change()
    charter.sign_charter(change.network, signatory, entered.at)
    entered.record(change)
