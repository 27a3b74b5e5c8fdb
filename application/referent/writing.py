"""What a referent does with journeys: read, record, share, restrict, close."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from application.door.journey import Entered, enter
from application.door.refusing import Moved, decided_again
from application.door.services import Services
from application.ports import Session
from application.referent.reasons import _refuse_code
from domain.compartments import Compartment
from domain.journey import entries
from domain.journey.entries import Content, Entry
from policies.charter import Act
from policies.grounds import ground_of

DONE = "Fait."
"""What an entry says that completes a planned action and nothing more."""


def append_action(
    services: Services,
    session: Session,
    journey: UUID,
    compartment: Compartment,
    content: Content,
    audience_seen: str | None,
    ground: str | None = None,
) -> int:
    """Record what was done or is planned. Returns the entry's version.

    ``audience_seen`` is the fingerprint of the audience that the author was shown: if it changed meanwhile, ``Moved``
    asks to look again.
    """
    reason = ground or ground_of(compartment)

    def act() -> int:
        entered = enter(
            services,
            session,
            journey,
            Act.APPEND,
            compartment=compartment,
            ground=reason,
        )
        if audience_seen is not None and audience_seen != fingerprint(entered, compartment):
            raise Moved("Les destinataires ont changé depuis l'affichage : relisez qui lira.")
        entries.append(entered.journey, entered.author, compartment, content, reason, entered.at)
        version: int = entered.journey.version
        entered.record(compartment=compartment, ground=reason)
        return version

    return decided_again(act)


def fingerprint(entered: Entered, compartment: Compartment) -> str:
    """What stands for the audience shown on a form: who would read, whatever their keys' generations."""
    audience = entered.audience(compartment)
    readers = sorted(str(person) for person in audience.persons)
    return f"{len(readers)}-{hash_of(readers)}"


def hash_of(parts: Sequence[str]) -> str:
    """A short, stable digest of a list of identifiers."""
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def correct_action(
    services: Services,
    session: Session,
    journey: UUID,
    version: int,
    content: Content,
    seen: int | None = None,
) -> None:
    """Correct an entry of one's institution; the original stays readable as struck (article 9.2)."""

    def act() -> None:
        entered = enter(services, session, journey, Act.CORRECT, entry=version, seen=seen)
        entry = _own_entry(entered, version)
        entries.correct(entered.journey, entered.author, version, content, entered.at)
        entered.record(compartment=entry.compartment, details={"journey_version": str(version)})

    decided_again(act)


def withdraw_action(
    services: Services,
    session: Session,
    journey: UUID,
    version: int,
    reason: str,
    seen: int | None = None,
) -> None:
    """Withdraw an entry of one's institution; it stays in its place, struck."""
    _refuse_code(reason, services.catalogue.withdrawal_reasons, "raison")

    def act() -> None:
        entered = enter(services, session, journey, Act.WITHDRAW, entry=version, seen=seen)
        entry = _own_entry(entered, version)
        entries.withdraw(entered.journey, entered.author, version, reason, entered.at)
        entered.record(compartment=entry.compartment, details={"journey_version": str(version)})

    decided_again(act)


def complete_action(
    services: Services, session: Session, journey: UUID, version: int, seen: int | None = None
) -> None:
    """Say that a planned action was done today: an entry of the same kind, in the same compartment, completes it."""

    def act() -> None:
        place = Compartment.FOLLOW_UP
        ground = ground_of(place)
        entered = enter(
            services, session, journey, Act.APPEND, compartment=place, ground=ground, seen=seen
        )
        planned = entered.journey.entries.get(version)
        if not isinstance(planned, Entry) or planned not in entered.journey.awaiting():
            raise Moved("Cette action n'attend plus : elle est déjà faite, ou retirée.")
        done = Content(planned.content.kind, DONE, entered.at.date(), completes=version)
        entries.append(entered.journey, entered.author, place, done, ground, entered.at)
        entered.record(compartment=place, ground=ground)

    decided_again(act)


def _own_entry(entered: Entered, version: int) -> Entry:
    entry = entered.journey.entries[version]
    if not isinstance(entry, Entry):
        raise TypeError(version)
    return entry
