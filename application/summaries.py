"""Judicial summaries, up to their release: composed by partners, approved part by part and in their frame (article 14)."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from application.door import Entered, Refused, decided_again, enter, permit, signing_keys
from application.ports import Loaded, Session
from application.services import Services
from domain.access import Access
from domain.cards import SUMMARY_FACE, CardDraft, SummaryCard, summary_card
from domain.compartments import Compartment
from domain.holders import Audience
from domain.journey import Author, Entry, Participation, SealedEntry
from domain.network import Network
from domain.refusals import InvalidValue
from domain.summary import (
    FRAME_LOCK,
    NEVER_IN_A_SUMMARY,
    Requisition,
    Standing,
    Summary,
    SummaryItem,
)
from policies.charter import CONSTANT_ANSWER, Act, Decision

COORDINATION = "coordination"


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


@dataclass(slots=True)
class EnteredSummary:
    """A summary that a session may act on."""

    services: Services
    session: Session
    network: Network
    loaded: Loaded[Summary]
    at: datetime

    @property
    def summary(self) -> Summary:
        """The summary, as this session can read it."""
        return self.loaded.aggregate

    @property
    def author(self) -> Author:
        """Who acts."""
        return Author(self.session.referent, self.session.institution)

    def record(self, act: str, decision: Decision) -> None:
        """Store what the summary has pending with the ledger's entry of this act, in one transaction."""
        coordination = self.network.institution_of_kind(COORDINATION).id
        access = Access(
            act=act,
            at=self.at,
            subject=self.summary.id,
            articles=decision.articles,
            policies=decision.policies,
            details={"summary": str(self.summary.id)},
        )
        cards = [CardDraft(SUMMARY_FACE, FRAME_LOCK, summary_card(self.summary, coordination))]
        self.services.summaries.record(
            self.session,
            self.loaded,
            access,
            summary_audience(self.summary, self.network),
            cards if self.summary.pending_events else [],
        )
        self.services.entrance.save_epochs(self.session, [self.summary.id])


def summary_audience(summary: Summary, network: Network) -> Callable[[int], Audience]:
    """Who reads what of a summary. Its frame: the journey's partners as they take part, the coordination. A part's words:
    who composed it and whose entries they are. Both: the recipient, from the release on, and nobody of justice before."""
    coordination = network.institution_of_kind(COORDINATION).id
    released = [summary.recipient] if summary.released_at is not None else []

    def audience_of(lock: int) -> Audience:
        if lock == FRAME_LOCK:
            readers = [*summary.groups, coordination, *released]
        else:
            part = summary.parts[lock - FRAME_LOCK - 1]
            readers = [part.composed_by.institution, part.author_institution, *released]
        groups = [summary.groups.get(one, one) for one in dict.fromkeys(readers)]
        holders = [key for group in groups for key in network.keys_of(group)]
        return Audience(
            holders=tuple(dict.fromkeys(holders)),
            institutions=tuple(dict.fromkeys(readers)),
            persons=frozenset().union(*(network.members(group) for group in groups)),
            articles=("14.2",),
            opens_past=frozenset(groups),
        )

    return audience_of


def my_summaries(services: Services, session: Session) -> list[SummaryRow]:
    """The summaries whose frame this session reads, newest first: one ledger entry."""
    network = services.directory.current()
    services.entrance.read_epochs(session, None)
    cards = services.shelf.cards(session, (SUMMARY_FACE,), signing_keys(network))
    rows = [
        SummaryRow(card.originator, card.content)
        for card in cards
        if isinstance(card.content, SummaryCard)
    ]
    services.ledger.note(
        session,
        Access("list_summaries", services.clock(), details={"count": str(len(rows))}),
    )
    services.entrance.save_epochs(session, [row.summary for row in rows])
    return sorted(rows, key=lambda row: row.card.drafted_at, reverse=True)


def candidates(entered: Entered, requisition: Requisition | None) -> list[Candidate]:
    """The entries of a journey that its reader could join, each with what the charter says of it."""
    found = []
    for entry in entered.journey.entries.values():
        if not isinstance(entry, Entry) or entry.withdrawn_for is not None:
            continue
        ground = entry.ground if requisition is None else "requisition"
        within = None if requisition is None else entry.compartment in requisition.scope
        decision = entered.ask(
            Act.INCLUDE_IN_SUMMARY, entry.compartment, ground, within_requisition=within
        )
        found.append(Candidate(entry, ground, decision))
    return found


def enter_to_compose(services: Services, session: Session, journey: UUID) -> Entered:
    """The door to composing: the journey is read, so the ledger has it first."""

    def act() -> Entered:
        entered = enter(services, session, journey, Act.COMPOSE_SUMMARY)
        entered.record()
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
        _refuse_recipient(entered.network, recipient)
        summary = Summary.draft(
            network=services.network,
            journey=journey,
            number=_number(entered.at),
            author=entered.author,
            recipient=recipient,
            requisition=requisition,
            at=entered.at,
            groups=_groups(entered),
        )
        _add_parts(entered, summary, requisition, chosen)
        _name_missing(entered, summary, requisition)
        loaded = services.summaries.begin(summary, entered.network.counter)
        EnteredSummary(services, session, entered.network, loaded, entered.at).record(
            Act.COMPOSE_SUMMARY, entered.decision
        )
        return summary.id

    return decided_again(act)


def add_entries(
    services: Services, session: Session, summary: UUID, versions: Iterable[int]
) -> None:
    """Join entries that the composer could not read: each part is composed by who may read it (article 14.2)."""
    chosen = frozenset(versions)

    def act() -> None:
        found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
        entered = enter(services, session, found.summary.journey, Act.COMPOSE_SUMMARY)
        _add_parts(entered, found.summary, found.summary.requisition, chosen)
        _name_missing(entered, found.summary, found.summary.requisition)
        found.record(Act.COMPOSE_SUMMARY, entered.decision)

    decided_again(act)


def read_summary(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read a summary's state, as a partner or as the coordination: in the ledger first."""

    def act() -> EnteredSummary:
        found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
        found.record("read_summary", Decision(True, ("14.2",), ()))
        return found

    return decided_again(act)


def judge_part(
    services: Services, session: Session, summary: UUID, part: int, refused_for: str | None
) -> None:
    """Approve, or refuse for a coded reason, one's own institution's part, having read it."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.APPROVE_PART)
        known = found.summary.parts.get(part)
        if known is None:
            raise Refused(Act.APPROVE_PART, (CONSTANT_ANSWER,))
        entered = enter(
            services,
            session,
            found.summary.journey,
            Act.APPROVE_PART,
            is_author_institution=known.author_institution == session.institution,
            is_composer=known.composed_by.referent == session.referent,
        )
        if refused_for is None:
            found.summary.approve_part(found.author, part, found.at)
        else:
            found.summary.refuse_part(found.author, part, refused_for, found.at)
        found.record(Act.APPROVE_PART, entered.decision)

    decided_again(act)


def judge_frame(
    services: Services, session: Session, summary: UUID, refused_for: str | None
) -> None:
    """Approve or refuse the frame, for the coordination, which sees no word."""

    def act() -> None:
        decision = permit(services, session, Act.APPROVE_FRAME)
        found = enter_summary(services, session, summary, Act.APPROVE_FRAME)
        coordination = found.network.institution_of_kind(COORDINATION).id
        if refused_for is None:
            found.summary.approve_frame(found.author, coordination, found.at)
        else:
            found.summary.refuse_frame(found.author, coordination, refused_for, found.at)
        found.record(Act.APPROVE_FRAME, decision)

    decided_again(act)


def release(services: Services, session: Session, summary: UUID) -> None:
    """Release the numbered copy to its recipient, who gets the keys now and not before."""

    def act() -> None:
        found = enter_summary(services, session, summary, Act.RELEASE_SUMMARY)
        approved = found.summary.standing is Standing.READY
        entered = enter(
            services,
            session,
            found.summary.journey,
            Act.RELEASE_SUMMARY,
            is_approved=approved,
        )
        found.summary.release(found.author, 1, found.at)
        found.record(Act.RELEASE_SUMMARY, entered.decision)

    decided_again(act)


def enter_summary(services: Services, session: Session, summary: UUID, act: Act) -> EnteredSummary:
    """Load a summary. To who reads none of it, the answer is the one for what does not exist; recorded."""
    at = services.clock()
    network = services.directory.current()
    services.entrance.read_epochs(session, summary)
    loaded = services.summaries.load(session, summary, signing_keys(network))
    if loaded is None:
        services.ledger.note(
            session,
            Access(act.value, at, subject=summary, articles=(CONSTANT_ANSWER,), allowed=False),
        )
        raise Refused(act, (CONSTANT_ANSWER,))
    network = services.directory.at_least(loaded.counter)
    loaded.counter = network.counter
    return EnteredSummary(services, session, network, loaded, at)


def recipients(network: Network) -> list[UUID]:
    """Who a summary can be addressed to: bench and prosecution, each its own institution."""
    return [one.id for one in network.institutions.values() if one.kind == "justice"]


def _add_parts(
    entered: Entered, summary: Summary, requisition: Requisition | None, chosen: frozenset[int]
) -> None:
    grouped: dict[tuple[UUID, Compartment, str], list[Entry]] = {}
    for candidate in candidates(entered, requisition):
        entry = candidate.entry
        if entry.version not in chosen:
            continue
        if not candidate.decision.allowed:
            raise Refused(Act.INCLUDE_IN_SUMMARY, candidate.decision.articles)
        key = (entry.author.institution, entry.compartment, candidate.ground)
        grouped.setdefault(key, []).append(entry)
    if sum(map(len, grouped.values())) != len(chosen) or not chosen:
        raise InvalidValue("inscriptions", "Choisissez au moins une inscription de la liste.")
    shut_out: frozenset[UUID] = frozenset().union(
        *(one.shut_out for one in entered.journey.restrictions.values())
    )
    for (institution, compartment, ground), entries in grouped.items():
        summary.add_part(
            entered.author,
            institution,
            compartment,
            ground,
            [_item(entered.network, entry) for entry in entries],
            entered.network.members(institution) - shut_out,
            entered.at,
        )


def _name_missing(entered: Entered, summary: Summary, requisition: Requisition | None) -> None:
    sealed: dict[Compartment, int] = {}
    for entry in entered.journey.entries.values():
        if isinstance(entry, SealedEntry) and entry.compartment is not None:
            sealed[entry.compartment] = sealed.get(entry.compartment, 0) + 1
    said = {one.compartment: one.count for one in summary.missing if not one.author_institution}
    wanted = requisition.scope if requisition else frozenset(Compartment)
    for compartment, count in sealed.items():
        joined = sum(
            part.count for part in summary.standing_parts if part.compartment is compartment
        )
        left = max(0, count - joined)
        named = compartment in wanted and compartment not in NEVER_IN_A_SUMMARY
        if named and said.get(compartment, 0) != left:
            summary.name_missing(entered.author, None, compartment, left, entered.at)


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


def _groups(entered: Entered) -> Mapping[UUID, UUID]:
    journey = entered.journey
    return {
        partner.institution: journey.restrictions[partner.institution].small_group
        if partner.institution in journey.restrictions
        else partner.institution
        for partner in journey.partners.values()
        if partner.participation is Participation.JOINED
        and partner.institution in entered.audience(Compartment.FRAME).institutions
    }


def _refuse_recipient(network: Network, recipient: UUID) -> None:
    if recipient not in recipients(network):
        raise InvalidValue("destinataire", "Choisissez le siège ou le parquet.")


def _number(at: datetime) -> str:
    """A number that says the year and nothing else: one after the other would tell how many there are."""
    return f"S-{at.year}-{secrets.randbelow(900_000) + 100_000}"


def refuse_reason(reason: str) -> str:
    """A coded reason of a refusal. Raises ``InvalidValue``."""
    if reason not in REFUSAL_REASONS:
        raise InvalidValue("raison", "Choisissez une raison dans la liste.")
    return reason


REFUSAL_REASONS: Mapping[str, str] = {
    "out_of_scope": "Hors de ce qui est demandé",
    "not_ours": "Ces inscriptions ne sont pas les nôtres",
    "person_disagrees": "La personne s'y oppose",
    "inaccurate": "À corriger d'abord dans le suivi",
}
