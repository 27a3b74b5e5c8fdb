"""Sharing a journey with a partner, and ending it."""

from uuid import UUID

from application.closed_lists import refuse_unlisted_reason
from application.door.facts import asker_of
from application.door.journey import Entered, enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from application.referent.capacities import refuse_unentitled
from domain.compartments import Compartment
from domain.grounds import Ground
from domain.journey import consents, partners
from domain.journey.capacities import Capacity
from domain.journey.partners import Basis
from domain.refusals import InvalidValue
from policies.charter import Act


@decided_again
def invite(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    basis: Basis,
    seen: int | None = None,
    capacities: frozenset[Capacity] = frozenset(),
) -> None:
    """Invite an institution, under the person's consent or another recorded ground (articles 8.2, 8.3), and state its
    capacities."""
    entered = enter(
        services, session, journey, Act.INVITE, needs=_without_consent(basis), seen=seen
    )
    _refuse_uninvitable(services, entered, institution)
    refuse_unentitled(entered.network, institution, capacities)
    partners.invite(entered.journey, entered.author, institution, basis, entered.at, capacities)
    entered.record(ground=basis.ground, details={"institution": str(institution)})


@decided_again
def answer_invitation(
    services: Services,
    session: Session,
    journey: UUID,
    declines_for: str | None,
    seen: int | None = None,
) -> None:
    """Accept an invitation, or decline it with a coded reason."""
    if declines_for is None:
        entered = enter(services, session, journey, Act.JOIN, seen=seen)
        partners.join(entered.journey, entered.author, entered.at)
    else:
        refuse_unlisted_reason(declines_for, services.catalogue.leaving_reasons)
        entered = enter(services, session, journey, Act.LEAVE, seen=seen)
        partners.leave(entered.journey, entered.author, declines_for, entered.at)
    entered.record()


def leave(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Stop taking part by choice."""
    answer_invitation(services, session, journey, reason, seen)


@decided_again
def give_consent(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    basis: Basis,
    seen: int | None = None,
) -> None:
    """Record the consent, or other ground, in force from now for a partner."""
    entered = enter(
        services, session, journey, Act.GIVE_CONSENT, needs=_without_consent(basis), seen=seen
    )
    consents.give(entered.journey, entered.author, institution, basis, entered.at)
    entered.record(ground=basis.ground, details={"institution": str(institution)})


@decided_again
def withdraw_consent(
    services: Services, session: Session, journey: UUID, institution: UUID
) -> None:
    """Record that the person withdrew her consent for a partner: the door closes at once."""
    entered = enter(services, session, journey, Act.WITHDRAW_CONSENT)
    consents.withdraw(entered.journey, entered.author, institution, entered.at)
    entered.record(details={"institution": str(institution)})


def _without_consent(basis: Basis) -> list[tuple[Act, Compartment, str]]:
    """Sharing on another ground than the person's consent is an act of its own, for each compartment (article 8.3)."""
    if basis.ground == Ground.PERSON_CONSENT:
        return []
    return [
        (Act.SHARE_WITHOUT_CONSENT, compartment, basis.ground)
        for compartment in sorted(basis.scope)
    ]


def _refuse_uninvitable(services: Services, entered: Entered, institution: UUID) -> None:
    known = entered.network.institutions.get(institution)
    if known is None:
        raise InvalidValue("institution", "Choisissez une institution dans la liste.")
    decision = services.charter.decide(Act.BE_INVITED, asker_of(entered.network, known, None))
    if not decision.allowed:
        entered.refuse(Act.BE_INVITED, decision)
