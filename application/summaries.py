"""Judicial summaries up to their release: composed by partners, approved in parts and in their frame (article 14)."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from application.audience import asker_of
from application.door import Entered, Refused, decided_again, enter, permit, signing_keys
from application.ports import Session
from application.services import Services
from application.sight import Sight
from application.summary_door import COORDINATION, EnteredSummary, enter_summary, groups_of
from domain.access import Access
from domain.cards import FRAME_FACE, SUMMARY_FACE, FrameCard, SummaryCard
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.journey import Entry, Participation, SealedEntry
from domain.network import Network
from domain.refusals import InvalidValue
from domain.summary import (
    GROUNDS_OF_SECRECY,
    NEVER_IN_A_SUMMARY,
    SECRETS,
    Requisition,
    Summary,
    SummaryItem,
)
from policies.charter import Act, Decision

__all__ = [
    "AVAILABLE_FOR",
    "COORDINATION",
    "REQUISITION",
    "Candidate",
    "EnteredSummary",
    "SummaryRow",
    "add_entries",
    "candidates",
    "compose",
    "enter_summary",
    "enter_to_add",
    "enter_to_compose",
    "ground_title",
    "judge_frame",
    "judge_part",
    "list_cards",
    "my_summaries",
    "read_frame",
    "read_part",
    "read_summary",
    "recipients",
    "release",
]

AVAILABLE_FOR = timedelta(days=365)
"""For how long a recipient can open what was released: a value for the network's data-protection officer to settle."""

REQUISITION = "requisition"
"""The ground of an entry that a requisition asked for (article 14.3)."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of a list of summaries."""

    summary: UUID
    card: SummaryCard


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be joined, or why not."""

    entry: Entry
    ground: str
    decision: Decision


def my_summaries(services: Services, session: Session) -> list[SummaryRow]:
    """The summaries whose frame this session reads, newest first: one ledger entry.

    The coordination sees them all, a partner those of the journeys that are open to them today.
    """
    network = services.directory.current()
    if network.institutions[session.institution].kind == COORDINATION:
        return list_cards(services, session, permit(services, session, Act.APPROVE_FRAME))
    decision = permit(services, session, Act.LIST_JOURNEYS)
    services.entrance.read_epochs(session, None)
    cards = services.shelf.cards(session, (FRAME_FACE,), signing_keys(network))
    open_to_us = {
        card.originator
        for card in cards
        if isinstance(card.content, FrameCard)
        and card.content.partners.get(session.institution) == Participation.JOINED
    }
    rows = list_cards(services, session, decision, lambda card: card.journey in open_to_us)
    for row in rows:
        if row.card.released_at is not None and row.card.composer != session.institution:
            _pass_keys_on(services, session, row.summary)
    return rows


def list_cards(
    services: Services,
    session: Session,
    decision: Decision,
    keeps: Callable[[SummaryCard], bool] = lambda _: True,
) -> list[SummaryRow]:
    """The cards of summaries that a session opens, newest first, once ``decision`` has allowed it: one ledger entry."""
    network = services.directory.current()
    services.entrance.read_epochs(session, None)
    rows = [
        SummaryRow(card.originator, card.content)
        for card in services.shelf.cards(session, (SUMMARY_FACE,), signing_keys(network))
        if isinstance(card.content, SummaryCard) and keeps(card.content)
    ]
    services.ledger.note(
        session,
        Access(
            "list_summaries",
            services.clock(),
            articles=decision.articles,
            policies=decision.policies,
            details={"count": str(len(rows))},
        ),
    )
    services.entrance.save_epochs(session, [row.summary for row in rows])
    return sorted(rows, key=lambda row: row.card.drafted_at, reverse=True)


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
        _add_parts(services, entered, summary, chosen)
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
        _add_parts(services, entered, found.summary, chosen)
        _name_joined(entered, found.summary, chosen)
        found.record(Act.COMPOSE_SUMMARY)

    decided_again(act)


def read_summary(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read a summary's state, as a partner or as the coordination: in the ledger first."""
    network = services.directory.current()
    if network.institutions[session.institution].kind == COORDINATION:
        return read_frame(services, session, summary)
    return _read(services, session, summary, Act.COMPOSE_SUMMARY, None)


def read_frame(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read the frame, for the coordination, whose keys open no word."""
    return _read(services, session, summary, Act.APPROVE_FRAME, None)


def read_part(services: Services, session: Session, summary: UUID, part: int) -> EnteredSummary:
    """Read a part of one's own institution before approving it: in the ledger first."""
    return _read(services, session, summary, Act.APPROVE_PART, part)


def judge_part(
    services: Services, session: Session, summary: UUID, part: int, refused_for: str | None
) -> None:
    """Approve, or refuse for a coded reason, one's own institution's part, having read it."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.APPROVE_PART, part)
        if refused_for is None:
            found.summary.approve_part(found.author, part, found.at)
        else:
            found.summary.refuse_part(
                found.author, part, _known_reason(services, refused_for), found.at
            )
        found.record(Act.APPROVE_PART)

    decided_again(act)


def judge_frame(
    services: Services, session: Session, summary: UUID, refused_for: str | None
) -> None:
    """Approve or refuse the frame, for the coordination, which sees no word."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.APPROVE_FRAME)
        frame, coordination = found.summary, found.network.institution_of_kind(COORDINATION).id
        if refused_for is None:
            frame.approve_frame(found.author, coordination, found.at)
        else:
            reason = _known_reason(services, refused_for)
            frame.refuse_frame(found.author, coordination, reason, found.at)
        found.record(Act.APPROVE_FRAME)

    decided_again(act)


def release(services: Services, session: Session, summary: UUID) -> None:
    """Release the numbered copy to its recipient, who gets the keys now and not before."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.RELEASE_SUMMARY)
        until = (found.at + AVAILABLE_FOR).date()
        found.summary.release(found.author, 1, found.at, until)
        found.record(Act.RELEASE_SUMMARY)

    decided_again(act)


def recipients(services: Services, network: Network) -> list[UUID]:
    """Who a summary can be addressed to: bench and prosecution, each its own institution (article 14.1)."""
    return [
        one.id
        for one in network.institutions.values()
        if services.charter.decide(Act.RECEIVE_SUMMARY, asker_of(network, one, None)).allowed
    ]


def ground_title(catalogue: Catalogue, code: str) -> str:
    """The French name of the ground that an entry of a summary rests on."""
    known = catalogue.grounds.get(code)
    return known.title if known else "Réquisition judiciaire"


def _read(
    services: Services, session: Session, summary: UUID, act: Act, part: int | None
) -> EnteredSummary:
    def once() -> EnteredSummary:
        found = enter_summary(services, session, summary, act, part)
        found.record("read_summary")
        return found

    return decided_again(once)


def _record_reading(entered: Entered) -> None:
    """What is shown to compose from is the journey: nothing is composed yet, and its partners see a consult."""
    entered.act = Act.CONSULT
    entered.record(purpose=entered.session.purposes.get(entered.journey.id))


def _journey_of(found: EnteredSummary) -> Entered:
    if found.entered is None:
        raise TypeError("a partner enters by the journey's door")
    return found.entered


def _pass_keys_on(services: Services, session: Session, summary: UUID) -> None:
    """Give the recipient, after the release, the keys of the parts that only this partner holds."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
        keys = found.network.keys_of(found.summary.recipient)
        given = {key.holder for key in keys} | {found.summary.recipient}
        ours = found.network.keys_of(session.institution)
        held = {key.holder for key in ours} | {session.institution, session.referent}
        loaded = found.loaded
        if any(
            held & loaded.granted_at(version) and not given & loaded.granted_at(version)
            for version in range(1, loaded.version + 1)
        ):
            found.record(Act.PASS_KEY)

    decided_again(act)


def _add_parts(
    services: Services, entered: Entered, summary: Summary, chosen: frozenset[int]
) -> None:
    grouped: dict[tuple[UUID, Compartment, str], list[Entry]] = {}
    for candidate in candidates(entered, summary.requisition):
        entry = candidate.entry
        if entry.version not in chosen:
            continue
        if not candidate.decision.allowed:
            _refuse_entry(services, entered, candidate)
        key = (entry.author.institution, entry.compartment, candidate.ground)
        grouped.setdefault(key, []).append(entry)
    if sum(map(len, grouped.values())) != len(chosen) or not chosen:
        raise InvalidValue("inscriptions", "Choisissez au moins une inscription de la liste.")
    partners = groups_of(entered)
    for (institution, compartment, ground), entries in grouped.items():
        # Who takes no part any more could approve nothing.
        group = partners.get(institution)
        summary.add_part(
            entered.author,
            institution,
            compartment,
            ground,
            [_item(entered.network, entry) for entry in entries],
            frozenset() if group is None else entered.network.members(group),
            entered.at,
        )


def _refuse_entry(services: Services, entered: Entered, candidate: Candidate) -> NoReturn:
    services.ledger.note(
        entered.session,
        Access(
            act=Act.INCLUDE_IN_SUMMARY.value,
            at=entered.at,
            subject=entered.journey.id,
            compartment=candidate.entry.compartment.value,
            ground=candidate.ground,
            articles=candidate.decision.articles,
            policies=candidate.decision.policies,
            allowed=False,
        ),
    )
    raise Refused(Act.INCLUDE_IN_SUMMARY, candidate.decision.articles)


def _name_missing(entered: Entered, summary: Summary) -> None:
    """Name what the composer cannot read; once other partners join it, they take it off (``_name_joined``)."""
    requisition = summary.requisition
    wanted = requisition.scope if requisition else frozenset(Compartment)
    sealed: dict[Compartment, int] = {}
    for entry in Sight(entered).entries():
        if isinstance(entry, SealedEntry) and entry.compartment in wanted - NEVER_IN_A_SUMMARY:
            sealed[entry.compartment] = sealed.get(entry.compartment, 0) + 1
    for compartment, count in sealed.items():
        summary.name_missing(entered.author, None, compartment, count, entered.at)


def _name_joined(entered: Entered, summary: Summary, chosen: frozenset[int]) -> None:
    """Take what was just joined off what is named as missing."""
    for missing in [one for one in summary.missing if one.author_institution is None]:
        joined = sum(
            isinstance(entry, Entry) and entry.compartment is missing.compartment
            for entry in map(entered.journey.entries.get, chosen)
        )
        if joined:
            left = max(0, missing.count - joined)
            summary.name_missing(entered.author, None, missing.compartment, left, entered.at)


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


def _known_reason(services: Services, reason: str) -> str:
    if reason not in services.catalogue.refusal_reasons:
        raise InvalidValue("raison", "Choisissez une raison dans la liste.")
    return reason
