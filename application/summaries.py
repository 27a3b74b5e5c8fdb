"""Judicial summaries up to their release: composed by partners, approved in parts and in their frame (article 14)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from application.door import decided_again, permit, signing_keys
from application.ports import Session
from application.services import Services
from application.summary_door import COORDINATION, EnteredSummary, enter_summary
from domain.access import Access
from domain.cards import FRAME_FACE, SUMMARY_FACE, FrameCard, SummaryCard
from domain.partners import Participation
from domain.refusals import InvalidValue
from policies.charter import Act, Decision

AVAILABLE_FOR = timedelta(days=365)
"""For how long a recipient can open what was released: a value for the network's data-protection officer to settle."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of a list of summaries."""

    summary: UUID
    card: SummaryCard


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


def _read(
    services: Services, session: Session, summary: UUID, act: Act, part: int | None
) -> EnteredSummary:
    def once() -> EnteredSummary:
        found = enter_summary(services, session, summary, act, part)
        found.record("read_summary")
        return found

    return decided_again(once)


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


def _known_reason(services: Services, reason: str) -> str:
    if reason not in services.catalogue.refusal_reasons:
        raise InvalidValue("raison", "Choisissez une raison dans la liste.")
    return reason
