"""The door to a summary: every act on one passes here, and where a partner acts, through the journey's own door.

So nobody reads a summary by its keys alone: who is excluded, suspended, shut out of the journey or has not signed is
refused here, whatever their session could open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from application.door.audience import asker_of
from application.door.journey import Entered, enter, keys_by_counter, permit
from application.door.refusing import CONSTANT_REFUSAL, Refused, decided, decided_again
from application.door.services import Services
from application.ports import Loaded, Session
from domain.access import Access
from domain.author import Author
from domain.cards import SUMMARY_FACE, CardDraft
from domain.compartments import Compartment
from domain.holders import Audience
from domain.journey.partners import Participation
from domain.network.network import Network
from domain.refusals import InvalidValue
from domain.summary.card import summary_card
from domain.summary.groups import regroup
from domain.summary.locks import FRAME_LOCK
from domain.summary.summary import Standing, Summary
from policies.charter import NO_PART, Act, Decision

COORDINATION = "coordination"


@dataclass(slots=True)
class EnteredSummary:
    """A summary that a session may act on, with the charter's decision to record. ``entered`` is the journey, where the
    door was passed as its partner."""

    services: Services
    session: Session
    network: Network
    loaded: Loaded[Summary]
    decision: Decision
    at: datetime
    entered: Entered | None = None

    @property
    def summary(self) -> Summary:
        """The summary, as this session can read it."""
        return self.loaded.aggregate

    @property
    def author(self) -> Author:
        """Who acts."""
        return Author(self.session.referent, self.session.institution)

    def record(self, act: str) -> None:
        """Store what the summary has pending with the ledger's entry of this act, in one transaction."""
        shut_out: frozenset[UUID] = frozenset()
        if self.entered is not None:
            regroup(self.summary, self.author, groups_of(self.entered), self.at)
            restrictions = self.entered.journey.restrictions.values()
            shut_out = shut_out.union(*(one.shut_out for one in restrictions))
        coordination = self.network.institution_of_kind(COORDINATION).id
        access = _access(act, self.decision, self.at, self.summary.id)
        card = CardDraft(SUMMARY_FACE, FRAME_LOCK, summary_card(self.summary, coordination))
        self.services.summaries.record(
            self.session,
            self.loaded,
            access,
            summary_audience(self.summary, self.network, shut_out),
            [card] if self.summary.pending_events else [],
        )
        self.services.entrance.save_epochs(self.session, [self.summary.id])


def enter_summary(
    services: Services, session: Session, summary: UUID, act: Act, part: int | None = None
) -> EnteredSummary:
    """Open the door to a summary for one act; ``part`` is the part that the act is done to.

    A partner passes the journey's door, the coordination asks to approve a frame, who received it to open it. Raises
    ``Refused``, recorded; to who reads none of it, with the answer for what does not exist.
    """
    at = services.clock()
    # Who may approve no frame at all is told so before it shows whether there is one.
    framing = permit(services, session, act) if act is Act.APPROVE_FRAME else None
    services.entrance.read_epochs(session, summary)
    loaded = services.summaries.load(session, summary, keys_by_counter(services))
    if loaded is None:
        _refuse(services, session, summary, act, CONSTANT_REFUSAL)
    network = services.directory.at_least(loaded.counter)
    loaded.counter = network.counter
    entered = None
    if framing is not None:
        decision = framing
    elif act is Act.OPEN_SUMMARY:
        decision = _decide_opening(services, session, network, loaded.aggregate)
    else:
        found = loaded.aggregate
        if part is not None and part not in found.parts:
            _refuse(services, session, summary, act, CONSTANT_REFUSAL)
        ours = [
            one
            for one in ([found.parts[part]] if part is not None else found.parts.values())
            if one.author_institution == session.institution
        ]
        entered = enter(
            services,
            session,
            found.journey,
            act,
            is_author_institution=bool(ours),
            is_composer=all(one.composed_by.referent == session.referent for one in ours),
            is_approved=found.standing is Standing.READY,
        )
        decision = entered.decision
    return EnteredSummary(services, session, network, loaded, decision, at, entered)


def summary_audience(
    summary: Summary, network: Network, shut_out: frozenset[UUID] = frozenset()
) -> Callable[[int], Audience]:
    """Who reads what of a summary.

    Its frame: the journey's partners as they take part, the coordination. A part's words: who composed it and whose
    entries they are. Both: the recipient, from the release on, and nobody of justice before. ``shut_out`` are persons
    who are shut out of the journey: what their own pairs were given is destroyed.
    """
    coordination = network.institution_of_kind(COORDINATION).id
    released = [summary.recipient] if summary.released_at is not None else []
    replaces = {
        small: frozenset({group}) for group, small in summary.groups.items() if small != group
    }

    def audience_of(lock: int) -> Audience:
        if lock == FRAME_LOCK:
            readers = [*summary.groups, coordination, *released]
        else:
            part = summary.parts[lock - FRAME_LOCK - 1]
            readers = [part.composed_by.institution, part.author_institution, *released]
        groups = [summary.groups.get(one, one) for one in dict.fromkeys(readers)]
        keys = [key for group in groups for key in network.keys_of(group)]
        return Audience(
            holders=tuple(dict.fromkeys(key for key in keys if key.holder not in shut_out)),
            institutions=tuple(dict.fromkeys(readers)),
            persons=frozenset().union(*(network.members(group) for group in groups)) - shut_out,
            articles=("14.2",),
            opens_past=frozenset(groups),
            replaces=replaces,
            shut=shut_out.union(*replaces.values()),
        )

    return audience_of


def groups_of(entered: Entered) -> Mapping[UUID, UUID]:
    """The group through which each partner takes part in a journey today: its own, or a small one (article 11.1)."""
    journey = entered.journey
    reading = entered.audience(Compartment.FRAME).institutions
    return {
        partner.institution: journey.restrictions[partner.institution].small_group
        if partner.institution in journey.restrictions
        else partner.institution
        for partner in journey.partners.values()
        if partner.participation is Participation.JOINED and partner.institution in reading
    }


def _decide_opening(
    services: Services, session: Session, network: Network, summary: Summary
) -> Decision:
    asker = asker_of(network, network.institutions[session.institution], session.referent)
    addressed = summary.recipient == session.institution and summary.released_at is not None
    situation = replace(NO_PART, is_addressee=addressed, is_approved=True)
    decision = services.charter.decide(Act.OPEN_SUMMARY, asker, situation)
    if not decision.allowed:
        _refuse(services, session, summary.id, Act.OPEN_SUMMARY, decision)
    return decision


def _refuse(
    services: Services, session: Session, summary: UUID, act: Act, decision: Decision
) -> NoReturn:
    """Record a refusal, then refuse."""
    services.ledger.note(session, _access(act, decision, services.clock(), summary))
    raise Refused(act, decision.articles)


def _access(act: str, decision: Decision, at: datetime, summary: UUID) -> Access:
    return decided(act, decision, at, summary, details={"summary": str(summary)})


def read_frame(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read the frame, for the coordination, whose keys open no word."""
    return _read(services, session, summary, Act.APPROVE_FRAME, None)


def _read(
    services: Services, session: Session, summary: UUID, act: Act, part: int | None
) -> EnteredSummary:
    def once() -> EnteredSummary:
        found = enter_summary(services, session, summary, act, part)
        found.record("read_summary")
        return found

    return decided_again(once)


def _known_reason(services: Services, reason: str) -> str:
    if reason not in services.catalogue.refusal_reasons:
        raise InvalidValue("raison", "Choisissez une raison dans la liste.")
    return reason
