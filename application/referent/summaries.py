"""Listing and reading summaries."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from application.door.journey import signing_keys
from application.door.network import EnteredNetwork, enter_network
from application.door.refusing import decided_again
from application.door.services import Services
from application.door.summary import (
    EnteredSummary,
    enter_summary,
    groups_of,
    read_as,
    read_frame,
)
from application.ports import Session
from domain.access import LedgerAct
from domain.cards import Face
from domain.journey.card import FrameCard
from domain.journey.partners import Participation
from domain.network.members import InstitutionKind
from domain.summary.card import SummaryCard
from policies.charter import Act


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of a list of summaries."""

    summary: UUID
    card: SummaryCard


def my_summaries(
    services: Services, session: Session, joined: frozenset[UUID] | None = None
) -> list[SummaryRow]:
    """The summaries whose frame this session reads, newest first: one ledger entry.

    The coordination sees them all, a partner those of the journeys that are open to them today. ``joined`` are these
    journeys, if a page has listed them already.
    """
    network = services.directory.current()
    if network.institutions[session.institution].kind == InstitutionKind.COORDINATION:
        return list_cards(enter_network(services, session, Act.APPROVE_FRAME))
    entered = enter_network(services, session, Act.LIST_JOURNEYS)
    open_to_us = _joined(services, session) if joined is None else joined
    rows = list_cards(entered, lambda card: card.journey in open_to_us)
    for row in rows:
        if row.card.released_at is not None and row.card.composer != session.institution:
            _pass_keys_on(services, session, row.summary)
    return rows


def list_cards(
    entered: EnteredNetwork, keeps: Callable[[SummaryCard], bool] = lambda _: True
) -> list[SummaryRow]:
    """The cards of summaries that a session opens, newest first: one ledger entry."""
    services, session = entered.services, entered.session
    services.entrance.read_epochs(session, None)
    cards = services.cards.cards(session, (Face.SUMMARY,), signing_keys(entered.network))
    rows = [
        SummaryRow(card.originator, card.content)
        for card in cards
        if isinstance(card.content, SummaryCard) and keeps(card.content)
    ]
    entered.note(LedgerAct.LIST_SUMMARIES, details={"count": str(len(rows))})
    services.entrance.save_epochs(session, {card.originator for card in cards})
    return sorted(rows, key=lambda row: row.card.drafted_at, reverse=True)


def _joined(services: Services, session: Session) -> frozenset[UUID]:
    """The journeys in which the session's institution takes part today, by their cards."""
    services.entrance.read_epochs(session, None)
    network = services.directory.current()
    cards = services.cards.cards(session, (Face.FRAME,), signing_keys(network))
    services.entrance.save_epochs(session, {card.originator for card in cards})
    return frozenset(
        card.originator
        for card in cards
        if isinstance(card.content, FrameCard)
        and card.content.partners.get(session.institution) == Participation.JOINED
    )


def read_summary(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read a summary's state, as a partner or as the coordination: in the ledger first."""
    network = services.directory.current()
    if network.institutions[session.institution].kind == InstitutionKind.COORDINATION:
        return read_frame(services, session, summary)
    return read_as(services, session, summary, Act.COMPOSE_SUMMARY)


@decided_again
def _pass_keys_on(services: Services, session: Session, summary: UUID) -> None:
    """Give the recipient, after the release, the keys of the parts that only this partner holds."""
    found = enter_summary(services, session, summary, Act.COMPOSE_SUMMARY)
    keys = found.network.keys_of(found.summary.recipient)
    given = {key.holder for key in keys} | {found.summary.recipient}
    group = session.institution
    if found.entered is not None:
        group = groups_of(found.entered).get(group, group)
    ours = found.network.keys_of(group)
    held = {key.holder for key in ours} | {group, session.institution, session.referent}
    loaded = found.loaded
    if any(
        held & loaded.granted_at(version) and not given & loaded.granted_at(version)
        for version in range(1, loaded.version + 1)
    ):
        found.record(Act.PASS_KEY)
