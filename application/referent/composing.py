"""Composing a judicial summary from chosen entries of a journey, in parts by who may read them (article 14.2)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.door.facts import asker_of
from application.door.journey import Entered, enter
from application.door.readable import ReadableJourney
from application.door.refusing import decided_again
from application.door.services import Services
from application.door.summary import EnteredSummary, enter_summary, groups_of
from application.ports import Session
from domain.access import LedgerAct
from domain.compartments import Compartment
from domain.grounds import Ground
from domain.journey.entries import Entry, SealedEntry
from domain.network.network import Network
from domain.refusals import InvalidValue
from domain.summary.parts import (
    GROUNDS_OF_SECRECY,
    NEVER_IN_A_SUMMARY,
    SECRETS,
    SummaryItem,
    add_part,
    name_missing,
)
from domain.summary.summary import Requisition, Summary
from policies.charter import Act, Decision


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, and whether the charter lets it be joined."""

    entry: Entry
    ground: str
    decision: Decision


def candidates(entered: Entered, requisition: Requisition | None) -> list[Candidate]:
    """The entries of a journey that its reader could join, each with the charter's decision on it.

    Each keeps its ground; an entry that a secret covers, and that no ground of its own opens, enters on the requisition
    (article 14.2).
    """
    found = []
    for entry in ReadableJourney(entered).entries():
        if not isinstance(entry, Entry) or entry.withdrawn_for is not None:
            continue
        within = None if requisition is None else entry.compartment in requisition.scope
        ground = entry.ground
        secret = entry.compartment.information_class in SECRETS
        if within and secret and ground not in GROUNDS_OF_SECRECY:
            ground = Ground.REQUISITION
        decision = entered.ask(
            Act.INCLUDE_IN_SUMMARY, entry.compartment, ground, within_requisition=within
        )
        found.append(Candidate(entry, ground, decision))
    return found


@decided_again
def enter_to_compose(services: Services, session: Session, journey: UUID) -> Entered:
    """The door to composing: the journey is read, so the ledger has it first."""
    return _read_journey(enter(services, session, journey, Act.COMPOSE_SUMMARY))


@decided_again
def compose(
    services: Services,
    session: Session,
    journey: UUID,
    recipient: UUID,
    requisition: Requisition | None,
    versions: Collection[int],
) -> UUID:
    """Compose a summary from chosen entries: one part for each author institution, compartment and ground. Entries that
    the composer cannot read are named as missing."""
    entered = enter(services, session, journey, Act.COMPOSE_SUMMARY)
    _refuse_recipient(services, entered.network, recipient)
    summary = Summary.draft(
        network=services.network,
        journey=journey,
        number=_number(entered.at),
        author=entered.author,
        recipient=recipient,
        requisition=requisition,
        at=entered.at,
        groups=groups_of(entered),
    )
    _add_parts(entered, summary, frozenset(versions))
    _name_missing(entered, summary)
    loaded = services.summaries.begin(summary, entered.network.counter)
    EnteredSummary(
        services, session, entered.network, loaded, entered.decision, entered.at, entered
    ).record(Act.COMPOSE_SUMMARY)
    return summary.id


@decided_again
def enter_to_add(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """The door to joining further entries: summary and journey are both read, so the ledger has both first."""
    found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
    _read_journey(_journey_of(found))
    found.record(LedgerAct.READ_SUMMARY)
    return found


@decided_again
def add_entries(
    services: Services, session: Session, summary: UUID, versions: Collection[int]
) -> None:
    """Join entries that the composer could not read: each part is composed by somebody who may read it
    (article 14.2)."""
    chosen = frozenset(versions)
    found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
    entered = _journey_of(found)
    _add_parts(entered, found.summary, chosen)
    _name_joined(entered, found.summary, chosen)
    found.record(Act.COMPOSE_SUMMARY)


def recipients(services: Services, network: Network) -> list[UUID]:
    """The institutions to which a summary can be addressed: bench and prosecution, each its own (article 14.1)."""
    return [
        institution.id
        for institution in network.institutions.values()
        if services.charter.decide(
            Act.RECEIVE_SUMMARY, asker_of(network, institution, None)
        ).allowed
    ]


def _read_journey(entered: Entered) -> Entered:
    """Record that the journey is shown to compose from it: nothing is composed yet, and its partners see a consult."""
    consult = entered.as_consult()
    consult.record(purpose=consult.session.purposes.get(consult.journey.id))
    return consult


def _journey_of(found: EnteredSummary) -> Entered:
    if found.entered is None:
        raise TypeError("a partner enters by the journey's door")
    return found.entered


def _add_parts(entered: Entered, summary: Summary, chosen: frozenset[int]) -> None:
    grouped: dict[tuple[UUID, Compartment, str], list[Entry]] = {}
    for candidate in candidates(entered, summary.requisition):
        entry = candidate.entry
        if entry.version not in chosen:
            continue
        if not candidate.decision.allowed:
            entered.refuse(
                Act.INCLUDE_IN_SUMMARY,
                candidate.decision,
                entry.compartment,
                ground=candidate.ground,
            )
        key = (entry.author.institution, entry.compartment, candidate.ground)
        grouped.setdefault(key, []).append(entry)
    if sum(map(len, grouped.values())) != len(chosen) or not chosen:
        raise InvalidValue("items", "Choisissez au moins une inscription de la liste.")
    partners = groups_of(entered)
    for (institution, compartment, ground), entries in grouped.items():
        # An institution that takes no part any more could approve nothing.
        group = partners.get(institution)
        add_part(
            summary,
            entered.author,
            institution,
            compartment,
            ground,
            [_item(entered.network, entry) for entry in entries],
            frozenset() if group is None else entered.network.members(group),
            entered.at,
        )


def _name_missing(entered: Entered, summary: Summary) -> None:
    """Name as missing the entries that the composer cannot read, until other partners join them (``_name_joined``)."""
    requisition = summary.requisition
    wanted = requisition.scope if requisition else frozenset(Compartment)
    sealed: dict[Compartment, int] = {}
    for entry in ReadableJourney(entered).entries():
        if isinstance(entry, SealedEntry) and entry.compartment in wanted - NEVER_IN_A_SUMMARY:
            sealed[entry.compartment] = sealed.get(entry.compartment, 0) + 1
    for compartment, count in sealed.items():
        name_missing(summary, entered.author, None, compartment, count, entered.at)


def _name_joined(entered: Entered, summary: Summary, chosen: frozenset[int]) -> None:
    """Name as missing only the entries that were not joined now."""
    for missing in [part for part in summary.missing if part.author_institution is None]:
        joined = sum(
            isinstance(entry, Entry) and entry.compartment is missing.compartment
            for entry in map(entered.journey.entries.get, chosen)
        )
        if joined:
            left = max(0, missing.count - joined)
            name_missing(summary, entered.author, None, missing.compartment, left, entered.at)


def _item(network: Network, entry: Entry) -> SummaryItem:
    return SummaryItem(
        version=entry.version,
        kind=entry.content.kind,
        text=entry.content.text,
        occurred_on=entry.content.occurred_on,
        at=entry.at,
        referent=network.referents[entry.author.referent].name,
        level=entry.content.level,
    )


def _refuse_recipient(services: Services, network: Network, recipient: UUID) -> None:
    if recipient not in recipients(services, network):
        raise InvalidValue("recipient", "Choisissez le siège ou le parquet.")


def _number(at: datetime) -> str:
    """A number that says the year and nothing else: one after the other would tell how many there are."""
    return f"S-{at.year}-{secrets.randbelow(900_000) + 100_000}"
