"""The door to a summary: every act on one passes here; a partner's act passes the journey's own door too.

So nobody reads a summary by its keys alone: somebody who is excluded, suspended, shut out of the journey or has not
signed is refused here, whatever their session could open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from application.door.facts import session_asker
from application.door.journey import Entered, enter, keys_by_counter
from application.door.network import enter_network
from application.door.refusing import CONSTANT_REFUSAL, decided, decided_again, refuse
from application.door.services import Services
from application.ports import Loaded, Session
from domain.access import Access, LedgerAct
from domain.author import Author
from domain.cards import CardDraft, Face
from domain.compartments import Compartment
from domain.holders import Audience
from domain.journey.partners import Participation
from domain.network.members import InstitutionKind
from domain.network.network import Network
from domain.summary.card import summary_card
from domain.summary.groups import regroup
from domain.summary.locks import FRAME_LOCK
from domain.summary.summary import Standing, Summary
from policies.charter import NO_PART, Act, Decision


@dataclass(frozen=True, slots=True)
class EnteredSummary:
    """A summary that a session may act on, with the charter's decision to record. ``entered`` is the journey, if the
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
        """The referent who acts, and for which institution."""
        return Author(self.session.referent, self.session.institution)

    def record(self, act: str) -> None:
        """Store the summary's pending changes with the ledger's entry of this act, in one transaction."""
        shut_out: frozenset[UUID] = frozenset()
        if self.entered is not None:
            regroup(self.summary, self.author, groups_of(self.entered), self.at)
            restrictions = self.entered.journey.restrictions.values()
            shut_out = shut_out.union(*(restriction.shut_out for restriction in restrictions))
        coordination = self.network.institution_of_kind(InstitutionKind.COORDINATION).id
        access = _access(act, self.decision, self.at, self.summary.id)
        card = CardDraft(Face.SUMMARY, FRAME_LOCK, summary_card(self.summary, coordination))
        self.services.summaries.store(
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

    A partner passes the journey's door, the coordination asks to approve a frame, the recipient to open it. Raises
    ``Refused``, recorded; somebody who reads none of it gets the answer for what does not exist.
    """
    at = services.clock()
    # Somebody who may approve no frame at all is told so before anything shows whether the summary exists.
    framing = enter_network(services, session, act) if act is Act.APPROVE_FRAME else None
    services.entrance.read_epochs(session, summary)
    unknown = _access(act, CONSTANT_REFUSAL, at, summary)
    loaded = services.summaries.load(session, summary, keys_by_counter(services))
    if loaded is None:
        refuse(services.ledger, session, act, unknown)
    network = services.directory.at_least(loaded.counter)
    loaded.counter = network.counter
    entered = None
    if framing is not None:
        decision = framing.decision
    elif act is Act.OPEN_SUMMARY:
        decision = _decide_opening(services, session, network, loaded.aggregate, at)
    else:
        if part is not None and part not in loaded.aggregate.parts:
            refuse(services.ledger, session, act, unknown)
        entered = _enter_journey(services, session, loaded.aggregate, act, part)
        decision = entered.decision
    return EnteredSummary(services, session, network, loaded, decision, at, entered)


def _enter_journey(
    services: Services, session: Session, summary: Summary, act: Act, part: int | None
) -> Entered:
    """Pass the door to a summary's journey, as a partner."""
    concerned = summary.parts.values() if part is None else [summary.parts[part]]
    ours = [known for known in concerned if known.author_institution == session.institution]
    return enter(
        services,
        session,
        summary.journey,
        act,
        is_author_institution=bool(ours),
        is_composer=all(known.composed_by.referent == session.referent for known in ours),
        is_approved=summary.standing is Standing.READY,
    )


@decided_again
def read_as(
    services: Services, session: Session, summary: UUID, act: Act, part: int | None = None
) -> EnteredSummary:
    """Read a summary as somebody who may do an act to it: in the ledger first."""
    found = enter_summary(services, session, summary, act, part)
    found.record(LedgerAct.READ_SUMMARY)
    return found


def read_frame(services: Services, session: Session, summary: UUID) -> EnteredSummary:
    """Read the frame, for the coordination, whose keys open no word."""
    return read_as(services, session, summary, Act.APPROVE_FRAME)


def summary_audience(
    summary: Summary, network: Network, shut_out: frozenset[UUID] = frozenset()
) -> Callable[[int], Audience]:
    """The audience of each lock of a summary.

    Its frame is read by the journey's partners as they take part, and by the coordination; the words of a part by the
    institution that composed it and the one that wrote the entries; both by the recipient from the release on, and
    before that by nobody of justice. ``shut_out`` are persons who are shut out of the journey: the keys that their own
    pairs were given are destroyed.
    """
    coordination = network.institution_of_kind(InstitutionKind.COORDINATION).id
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
        groups = [summary.groups.get(reader, reader) for reader in dict.fromkeys(readers)]
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
    services: Services, session: Session, network: Network, summary: Summary, at: datetime
) -> Decision:
    addressed = summary.recipient == session.institution and summary.released_at is not None
    situation = replace(NO_PART, is_addressee=addressed, is_approved=True)
    asker = session_asker(network, session)
    decision = services.charter.decide(Act.OPEN_SUMMARY, asker, situation)
    if not decision.allowed:
        access = _access(Act.OPEN_SUMMARY, decision, at, summary.id)
        refuse(services.ledger, session, Act.OPEN_SUMMARY, access)
    return decision


def _access(act: str, decision: Decision, at: datetime, summary: UUID) -> Access:
    return decided(act, decision, at, summary, details={"summary": str(summary)})
