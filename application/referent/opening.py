"""Opening a journey."""

from dataclasses import dataclass
from uuid import UUID

from application.door.journey import begin
from application.door.network import enter_network
from application.door.refusing import decided_again
from application.door.services import Services
from application.ports import Session
from application.referent.capacities import refuse_unentitled
from domain.compartments import Compartment
from domain.journey import entries, person
from domain.journey.capacities import Capacity
from domain.journey.entries import Content
from domain.journey.journey import Information, Journey
from domain.journey.person import Person
from policies.charter import Act
from policies.grounds import ground_of


@dataclass(frozen=True, slots=True)
class NewJourney:
    """The content of a journey's opening: each part goes to its own compartment. ``capacities`` are the opener's
    own."""

    information: Information
    person: Person
    safe_contact: str
    danger_level: str | None
    danger_text: str
    capacities: frozenset[Capacity] = frozenset()


@decided_again
def open_journey(services: Services, session: Session, new: NewJourney) -> UUID:
    """Open a journey: the referent's institution leads it. Several entries at once, each in its class."""
    entered = enter_network(services, session, Act.OPEN_JOURNEY)
    refuse_unentitled(entered.network, session.institution, new.capacities)
    at, author = entered.at, entered.author
    journey = Journey.open(services.network, author, new.information, at, new.capacities)
    person.record(journey, author, new.person, at)
    if new.safe_contact.strip():
        person.record_safe_contact(journey, author, new.safe_contact, at)
    if new.danger_level or new.danger_text.strip():
        today = entered.network.day(at)
        content = Content("danger_noted", new.danger_text, today, level=new.danger_level)
        ground = ground_of(Compartment.DANGER)
        entries.append(journey, author, Compartment.DANGER, content, ground, at)
    begin(entered, journey).record()
    return journey.id
