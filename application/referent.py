"""What a referent does with journeys: read, record, share, restrict, close."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from application.audience import asker_of
from application.door import (
    Entered,
    Moved,
    begin,
    decided_again,
    enter,
    permit,
    signing_keys,
)
from application.on_call import hand_over
from application.ports import Session
from application.services import Services
from domain.access import Access, Trace
from domain.capacities import Capacity
from domain.cards import FRAME_FACE, IDENTITY_FACE, FrameCard, IdentityCard
from domain.compartments import Compartment, InformationClass
from domain.entries import Content, Entry, Person
from domain.journey import Journey
from domain.network import Network
from domain.partners import Author, Basis, Information
from domain.refusals import InvalidValue
from policies.charter import Act

TRACES_SHOWN = 200

DONE = "Fait."
"""What an entry says that completes a planned action and nothing more."""

_GROUND_OF_CLASS = {
    InformationClass.FACTUAL: "council_ground",
    InformationClass.CONFIDENTIAL: "council_ground",
    InformationClass.LOCATION: "person_consent",
    InformationClass.SOCIAL_SECRET: "social_secret_shared",
    InformationClass.MEDICAL_SECRET: "care_team",
    InformationClass.CHILD_PROTECTION: "child_protection",
    InformationClass.OFFENCE_DATA: "person_consent",
}


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One line of a referent's list."""

    journey: UUID
    version: int
    frame: FrameCard
    known_as: str | None


@dataclass(frozen=True, slots=True)
class NewJourney:
    """What opening a journey says: each part goes to its own compartment. ``capacities`` are the opener's own."""

    information: Information
    person: Person
    safe_contact: str
    danger_level: str | None
    danger_text: str
    capacities: frozenset[Capacity] = frozenset()


def ground_of(compartment: Compartment) -> str:
    """The ground that an entry of a compartment rests on unless its author names another."""
    return _GROUND_OF_CLASS[compartment.information_class]


def my_journeys(services: Services, session: Session) -> list[JourneyRow]:
    """The journeys that the referent's institution takes part in: one ledger entry, and no consult.

    Somebody on call hands over first what waits at the desk: an entry for each journey that it concerns.
    """
    decision = permit(services, session, Act.LIST_JOURNEYS)
    hand_over(services, session)
    network = services.directory.current()
    services.entrance.read_epochs(session, None)
    cards = services.shelf.cards(session, (IDENTITY_FACE, FRAME_FACE), signing_keys(network))
    names = {
        card.originator: card.content.known_as
        for card in cards
        if isinstance(card.content, IdentityCard)
    }
    rows = [
        JourneyRow(card.originator, card.version, card.content, names.get(card.originator))
        for card in cards
        if isinstance(card.content, FrameCard) and session.institution in card.content.partners
    ]
    rows = [row for row in rows if row.frame.partners[session.institution] != "left"]
    services.ledger.note(
        session,
        Access(
            act=Act.LIST_JOURNEYS.value,
            at=services.clock(),
            articles=decision.articles,
            policies=decision.policies,
            details={"count": str(len(rows))},
        ),
    )
    services.entrance.save_epochs(session, [row.journey for row in rows])
    return rows


def open_journey(services: Services, session: Session, new: NewJourney) -> UUID:
    """Open a journey: the referent's institution leads it. Several entries at once, each in its class."""

    def act() -> UUID:
        decision = permit(services, session, Act.OPEN_JOURNEY)
        _refuse_unentitled(services.directory.current(), session.institution, new.capacities)
        at = services.clock()
        author = Author(session.referent, session.institution)
        journey = Journey.open(services.network, author, new.information, at, new.capacities)
        journey.record_person(author, new.person, at)
        if new.safe_contact.strip():
            journey.record_safe_contact(author, new.safe_contact, at)
        if new.danger_level or new.danger_text.strip():
            content = Content("danger_noted", new.danger_text, at.date(), level=new.danger_level)
            ground = ground_of(Compartment.DANGER)
            journey.append_action(author, Compartment.DANGER, content, ground, at)
        begin(services, session, journey, decision).record()
        return journey.id

    return decided_again(act)


def read_journey(
    services: Services, session: Session, journey: UUID, purpose: str | None = None
) -> Entered:
    """Consult a journey. The consult is in the ledger before this returns (promise 4)."""
    purpose = purpose or session.purposes.get(journey)
    if purpose is not None:
        _refuse_purpose(services, purpose)

    def act() -> Entered:
        entered = enter(services, session, journey, Act.CONSULT, purpose=purpose)
        entered.record(purpose=purpose)
        return entered

    entered = decided_again(act)
    if purpose is not None and session.purposes.get(journey) != purpose:
        session.purposes[journey] = purpose
        services.entrance.save(session, services.clock())
    return entered


def state_purpose(services: Services, session: Session, journey: UUID, purpose: str) -> None:
    """Say why a journey is about to be consulted. Nothing of it is shown here: the consult that follows is recorded."""
    _refuse_purpose(services, purpose)
    decided_again(lambda: enter(services, session, journey, Act.CONSULT, purpose=purpose))
    session.purposes[journey] = purpose
    services.entrance.save(session, services.clock())


def who_consulted(services: Services, entered: Entered) -> Sequence[Trace]:
    """Who consulted the journey, newest first, as far as this session holds its frame."""
    return services.ledger.traces(entered.loaded, TRACES_SHOWN)


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
        entered.journey.append_action(entered.author, compartment, content, reason, entered.at)
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
        entered.journey.correct_action(entered.author, version, content, entered.at)
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
        entered.journey.withdraw_action(entered.author, version, reason, entered.at)
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
        entered.journey.append_action(entered.author, place, done, ground, entered.at)
        entered.record(compartment=place, ground=ground)

    decided_again(act)


def record_person(
    services: Services,
    session: Session,
    journey: UUID,
    person: Person | None,
    contact: str | None,
    seen: int | None = None,
) -> None:
    """Record who the person is, and how to reach her safely."""

    def act() -> None:
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
            entered.journey.record_person(entered.author, person, entered.at)
        if contact is not None:
            entered.journey.record_safe_contact(entered.author, contact, entered.at)
        entered.record(compartment=first)

    decided_again(act)


def invite(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    basis: Basis,
    seen: int | None = None,
    capacities: frozenset[Capacity] = frozenset(),
) -> None:
    """Invite an institution, under the person's consent or another recorded ground (articles 8.2, 8.3), and say what
    it does for her."""

    def act() -> None:
        entered = enter(
            services, session, journey, Act.INVITE, needs=_without_consent(basis), seen=seen
        )
        _refuse_uninvitable(services, entered, institution)
        _refuse_unentitled(entered.network, institution, capacities)
        entered.journey.invite(entered.author, institution, basis, entered.at, capacities)
        entered.record(ground=basis.ground, details={"institution": str(institution)})

    decided_again(act)


def answer_invitation(
    services: Services,
    session: Session,
    journey: UUID,
    declines_for: str | None,
    seen: int | None = None,
) -> None:
    """Accept an invitation, or decline it with a coded reason."""
    if declines_for is not None:
        _refuse_code(declines_for, services.catalogue.leaving_reasons, "raison")

    def act() -> None:
        if declines_for is None:
            entered = enter(services, session, journey, Act.JOIN, seen=seen)
            entered.journey.join(entered.author, entered.at)
        else:
            entered = enter(services, session, journey, Act.LEAVE, seen=seen)
            entered.journey.leave(entered.author, declines_for, entered.at)
        entered.record()

    decided_again(act)


def leave(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Stop taking part by choice."""
    answer_invitation(services, session, journey, reason, seen)


def give_consent(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    basis: Basis,
    seen: int | None = None,
) -> None:
    """Record the consent, or other ground, in force from now for a partner."""

    def act() -> None:
        entered = enter(
            services, session, journey, Act.GIVE_CONSENT, needs=_without_consent(basis), seen=seen
        )
        entered.journey.give_consent(entered.author, institution, basis, entered.at)
        entered.record(ground=basis.ground, details={"institution": str(institution)})

    decided_again(act)


def withdraw_consent(
    services: Services, session: Session, journey: UUID, institution: UUID
) -> None:
    """Record that the person withdrew her consent for a partner: the door closes at once."""

    def act() -> None:
        entered = enter(services, session, journey, Act.WITHDRAW_CONSENT)
        entered.journey.withdraw_consent(entered.author, institution, entered.at)
        entered.record(details={"institution": str(institution)})

    decided_again(act)


def state_capacities(
    services: Services,
    session: Session,
    journey: UUID,
    institution: UUID,
    capacities: frozenset[Capacity],
    seen: int | None = None,
) -> None:
    """Say what a partner does for the person from now on: what is taken away closes at once."""

    def act() -> None:
        entered = enter(services, session, journey, Act.STATE_CAPACITIES, seen=seen)
        _refuse_unentitled(entered.network, institution, capacities)
        entered.journey.state_capacities(entered.author, institution, capacities, entered.at)
        entered.record(details={"institution": str(institution)})

    decided_again(act)


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
            entered.journey.restrict(entered.author, group, small, shut_out, entered.at)
        entered.network = services.directory.current()
        entered.loaded.counter = entered.network.counter
        entered.audience_of = services.audiences.of(
            entered.journey, entered.network, entered.at.date()
        )
        entered.record(details={"group": str(institution)})

    decided_again(act)


def close(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Close the journey: it stays readable and takes no entry."""
    _refuse_code(reason, services.catalogue.closing_reasons, "raison")

    def act() -> None:
        entered = enter(services, session, journey, Act.CLOSE, seen=seen)
        entered.journey.close(entered.author, reason, entered.at)
        entered.record()

    decided_again(act)


def reopen(
    services: Services, session: Session, journey: UUID, reason: str, seen: int | None = None
) -> None:
    """Open a closed journey again."""
    if not reason.strip():
        raise InvalidValue("raison", "Dites en une ligne pourquoi le suivi est rouvert.")

    def act() -> None:
        entered = enter(services, session, journey, Act.REOPEN, seen=seen)
        entered.journey.reopen(entered.author, reason, entered.at)
        entered.record()

    decided_again(act)


def _without_consent(basis: Basis) -> list[tuple[Act, Compartment, str]]:
    """Sharing on another ground than the person's consent is an act of its own, for each compartment (article 8.3)."""
    if basis.ground == "person_consent":
        return []
    return [
        (Act.SHARE_WITHOUT_CONSENT, compartment, basis.ground)
        for compartment in sorted(basis.scope)
    ]


def _own_entry(entered: Entered, version: int) -> Entry:
    entry = entered.journey.entries[version]
    if not isinstance(entry, Entry):
        raise TypeError(version)
    return entry


def _refuse_uninvitable(services: Services, entered: Entered, institution: UUID) -> None:
    known = entered.network.institutions.get(institution)
    if known is None:
        raise InvalidValue("institution", "Choisissez une institution dans la liste.")
    decision = services.charter.decide(Act.BE_INVITED, asker_of(entered.network, known, None))
    if not decision.allowed:
        entered.refuse(Act.BE_INVITED, decision)


def _refuse_unentitled(
    network: Network, institution: UUID, capacities: frozenset[Capacity]
) -> None:
    known = network.institutions.get(institution)
    if known is None or not capacities <= known.may:
        raise InvalidValue(
            "capacities",
            "L'annuaire n'habilite pas cette institution à ce titre : décochez-le, ou voyez avec la coordination.",
        )


def _refuse_purpose(services: Services, purpose: str) -> None:
    if purpose not in services.catalogue.purposes:
        raise InvalidValue("motif", "Choisissez un motif dans la liste.")


def _refuse_code(code: str, choices: object, field: str) -> None:
    if not isinstance(choices, dict) or code not in choices:
        raise InvalidValue(field, "Choisissez une raison dans la liste.")
