"""Composing a judicial summary from chosen entries of a journey, in parts by who may read them (article 14.2)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.door.audience import asker_of
from application.door.journey import Entered, enter
from application.door.refusing import decided_again
from application.door.services import Services
from application.door.sight import Sight
from application.door.summary import EnteredSummary, enter_summary, groups_of
from application.ports import Session
from domain.compartments import Compartment
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

REQUISITION = "requisition"
"""The ground of an entry that a requisition asked for (article 14.3)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be joined, or why not."""

    entry: Entry
    ground: str
    decision: Decision


def candidates(entered: Entered, requisition: Requisition | None) -> list[Candidate]:
    """The entries of a journey that its reader could join, each with what the charter says of it.

    Each keeps its ground; what a secret covers, and no ground of its own opens, enters on the requisition (14.2).
    """
    found = []
    for entry in Sight(entered).entries():
        if not isinstance(entry, Entry) or entry.withdrawn_for is not None:
            continue
        within = None if requisition is None else entry.compartment in requisition.scope
        ground = entry.ground
        secret = entry.compartment.information_class in SECRETS
        if within and secret and ground not in GROUNDS_OF_SECRECY:
            ground = REQUISITION
        decision = entered.ask(
            Act.INCLUDE_IN_SUMMARY, entry.compartment, ground, within_requisition=within
        )
        found.append(Candidate(entry, ground, decision))
    return found


def enter_to_compose(services: Services, session: Session, journey: UUID) -> Entered:
    """The door to composing: the journey is read, so the ledger has it first."""

    def act() -> Entered:
        entered = enter(services, session, journey, Act.COMPOSE_SUMMARY)
        _record_reading(entered)
        return entered

    return decided_again(act)


def compose(
    services: Services,
    session: Session,
    journey: UUID,
    recipient: UUID,
    requisition: Requisition | None,
    versions: Iterable[int],
) -> UUID:
    """Compose a summary from chosen entries: one part for each author institution, compartment and ground. What the
    composer cannot read is named as missing."""
    chosen = frozenset(versions)

    def act() -> UUID:
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
        _add_parts(entered, summary, chosen)
        _name_missing(entered, summary)
        loaded = services.summaries.begin(summary, entered.network.counter)
        EnteredSummary(
            services, session, entered.network, loaded, entered.decision, entered.at, entered
        ).record(Act.COMPOSE_SUMMARY)
        return summary.id

    return decided_again(act)


def enter_to_add(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """The door to joining further entries: summary and journey are both read, so the ledger has both first."""

    def act() -> EnteredSummary:
        found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
        _record_reading(_journey_of(found))
        found.record("read_summary")
        return found

    return decided_again(act)


def add_entries(
    services: Services, session: Session, summary: UUID, versions: Iterable[int]
) -> None:
    """Join entries that the composer could not read: each part is composed by who may read it (article 14.2)."""
    chosen = frozenset(versions)

    def act() -> None:
        found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
        entered = _journey_of(found)
        _add_parts(entered, found.summary, chosen)
        _name_joined(entered, found.summary, chosen)
        found.record(Act.COMPOSE_SUMMARY)

    decided_again(act)


def recipients(services: Services, network: Network) -> list[UUID]:
    """Who a summary can be addressed to: bench and prosecution, each its own institution (article 14.1)."""
    return [
        one.id
        for one in network.institutions.values()
        if services.charter.decide(Act.RECEIVE_SUMMARY, asker_of(network, one, None)).allowed
    ]


def _record_reading(entered: Entered) -> None:
    """What is shown to compose from is the journey: nothing is composed yet, and its partners see a consult."""
    entered.act = Act.CONSULT
    entered.record(purpose=entered.session.purposes.get(entered.journey.id))


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
        raise InvalidValue("inscriptions", "Choisissez au moins une inscription de la liste.")
    partners = groups_of(entered)
    for (institution, compartment, ground), entries in grouped.items():
        # Who takes no part any more could approve nothing.
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
    """Name what the composer cannot read; once other partners join it, they take it off (``_name_joined``)."""
    requisition = summary.requisition
    wanted = requisition.scope if requisition else frozenset(Compartment)
    sealed: dict[Compartment, int] = {}
    for entry in Sight(entered).entries():
        if isinstance(entry, SealedEntry) and entry.compartment in wanted - NEVER_IN_A_SUMMARY:
            sealed[entry.compartment] = sealed.get(entry.compartment, 0) + 1
    for compartment, count in sealed.items():
        name_missing(summary, entered.author, None, compartment, count, entered.at)


def _name_joined(entered: Entered, summary: Summary, chosen: frozenset[int]) -> None:
    """Take what was just joined off what is named as missing."""
    for missing in [one for one in summary.missing if one.author_institution is None]:
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
        raise InvalidValue("destinataire", "Choisissez le siège ou le parquet.")


def _number(at: datetime) -> str:
    """A number that says the year and nothing else: one after the other would tell how many there are."""
    return f"S-{at.year}-{secrets.randbelow(900_000) + 100_000}"
