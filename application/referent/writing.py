"""Writing into a journey: recording actions, correcting and withdrawing them."""

import hashlib
from uuid import UUID

from application.closed_lists import refuse_unlisted_reason
from application.door.journey import Entered, enter
from application.door.refusing import Moved, decided_again
from application.door.services import Services
from application.ports import Session
from domain.compartments import Compartment
from domain.journey import entries
from domain.journey.entries import Content, Entry
from policies.charter import Act
from policies.grounds import ground_of

DONE = "Fait."
"""The text of an entry that completes a planned action and says nothing more."""


@decided_again
def append_action(
    services: Services,
    session: Session,
    journey: UUID,
    compartment: Compartment,
    content: Content,
    audience_seen: str | None,
    ground: str | None = None,
) -> int:
    """Record an action that was done or is planned. Returns the entry's version.

    ``audience_seen`` is the fingerprint of the audience that the author was shown: if it changed meanwhile, ``Moved``
    asks to look again.
    """
    ground = ground or ground_of(compartment)
    entered = enter(services, session, journey, Act.APPEND, compartment=compartment, ground=ground)
    if audience_seen is not None and audience_seen != fingerprint(entered, compartment):
        raise Moved("Les destinataires ont changé depuis l'affichage : relisez qui lira.")
    entries.append(entered.journey, entered.author, compartment, content, ground, entered.at)
    version: int = entered.journey.version
    entered.record(ground=ground)
    return version


def fingerprint(entered: Entered, compartment: Compartment) -> str:
    """A fingerprint of the audience shown on a form: its readers, whatever their keys' generations."""
    audience = entered.audience(compartment)
    readers = sorted(str(person) for person in audience.persons)
    digest = hashlib.sha256("|".join(readers).encode()).hexdigest()[:16]
    return f"{len(readers)}-{digest}"


@decided_again
def correct_action(
    services: Services,
    session: Session,
    journey: UUID,
    version: int,
    content: Content,
    seen: int | None = None,
) -> None:
    """Correct an entry of one's institution; the original stays readable as struck (article 9.2)."""
    entered = enter(services, session, journey, Act.CORRECT, entry=version, seen=seen)
    entries.correct(entered.journey, entered.author, version, content, entered.at)
    entered.record(details={"journey_version": str(version)})


@decided_again
def withdraw_action(
    services: Services,
    session: Session,
    journey: UUID,
    version: int,
    reason: str,
    seen: int | None = None,
) -> None:
    """Withdraw an entry of one's institution; it stays in its place, struck."""
    refuse_unlisted_reason(reason, services.catalogue.withdrawal_reasons)
    entered = enter(services, session, journey, Act.WITHDRAW, entry=version, seen=seen)
    entries.withdraw(entered.journey, entered.author, version, reason, entered.at)
    entered.record(details={"journey_version": str(version)})


@decided_again
def complete_action(
    services: Services, session: Session, journey: UUID, version: int, seen: int | None = None
) -> None:
    """Record that a planned action was done today: an entry of the same kind and compartment completes it."""
    compartment = Compartment.FOLLOW_UP
    ground = ground_of(compartment)
    entered = enter(
        services, session, journey, Act.APPEND, compartment=compartment, ground=ground, seen=seen
    )
    planned = entered.journey.entries.get(version)
    if not isinstance(planned, Entry) or planned not in entered.journey.awaiting():
        raise Moved("Cette action n'attend plus : elle est déjà faite, ou retirée.")
    done = Content(planned.content.kind, DONE, entered.today, completes=version)
    entries.append(entered.journey, entered.author, compartment, done, ground, entered.at)
    entered.record(ground=ground)
