"""Recording who the person is."""

from uuid import UUID

from application.door.journey import enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from domain.compartments import Compartment
from domain.journey import person as identity
from domain.journey.person import Person
from policies.charter import Act
from policies.grounds import ground_of


@decided_again
def record_person(
    services: Services,
    session: Session,
    journey: UUID,
    person: Person | None,
    contact: str | None,
    seen: int | None = None,
) -> None:
    """Record who the person is, and how to reach her safely."""
    needs = [
        (Act.APPEND, compartment, ground_of(compartment))
        for compartment, given in (
            (Compartment.IDENTITY, person),
            (Compartment.CONTACT, contact),
        )
        if given is not None
    ]
    first = needs[0][1]
    entered = enter(
        services,
        session,
        journey,
        Act.APPEND,
        compartment=first,
        ground=ground_of(first),
        needs=needs,
        seen=seen,
    )
    if person is not None:
        identity.record(entered.journey, entered.author, person, entered.at)
    if contact is not None:
        identity.record_safe_contact(entered.journey, entered.author, contact, entered.at)
    entered.record()
