"""The door to a journey: every act on one passes here. It loads the journey, asks the charter, and records a refusal.

An act that is allowed is recorded with the entries that it stores, in the same transaction (``Entered.record``). So no
use case can forget the charter or the ledger: without an ``Entered`` there is no journey to show or to change.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NoReturn
from uuid import UUID

from application.door.facts import session_asker, session_situation
from application.door.network import EnteredNetwork
from application.door.refusing import (
    CONSTANT_REFUSAL,
    PURPOSE_ARTICLE,
    PurposeNeeded,
    Refused,
    Stale,
    decided,
    refuse,
)
from application.door.services import Services
from application.ports import Loaded, Session
from domain.author import Author
from domain.cards import CardDraft, Face
from domain.compartments import Compartment
from domain.holders import Audience
from domain.journey.card import FrameCard, frame_card, identity_card
from domain.journey.entries import Entry
from domain.journey.journey import Journey
from domain.journey.vouching import vouched_for
from domain.network.members import SigningKeys
from domain.network.network import Network
from domain.refusals import Refusal
from domain.storing import Forged
from policies.charter import Act, Decision


@dataclass(frozen=True, slots=True)
class Entered:
    """A journey that a referent may act on, with the charter's decision to record."""

    services: Services
    session: Session
    network: Network
    loaded: Loaded[Journey]
    decision: Decision
    act: Act
    at: datetime
    audience_of: Callable[[int], Audience]
    _answers: dict[object, Decision] = field(default_factory=dict)

    @property
    def journey(self) -> Journey:
        """The journey, as this session can read it."""
        return self.loaded.aggregate

    @property
    def author(self) -> Author:
        """The referent who acts, and for which institution."""
        return Author(self.session.referent, self.session.institution)

    @property
    def today(self) -> date:
        """The network's day on which this is done."""
        return self.network.day(self.at)

    def renewed(self) -> "Entered":
        """The same act on the journey, with the audiences of the directory as it stands now."""
        network = self.services.directory.current()
        self.loaded.counter = network.counter
        audience_of = self.services.audiences.of(self.journey, network, network.day(self.at))
        return replace(self, network=network, audience_of=audience_of)

    def as_consult(self) -> "Entered":
        """The same door, passed to read: its ledger entry is a consult."""
        return replace(self, act=Act.CONSULT)

    def audience(self, compartment: Compartment) -> Audience:
        """The audience of an entry written into a compartment today."""
        return self.audience_of(compartment.code)

    def ask(
        self,
        act: Act,
        compartment: Compartment | None = None,
        ground: str | None = None,
        **facts: object,
    ) -> Decision:
        """The charter's decision on another act of this referent here; nothing is recorded."""
        if compartment is None or facts:
            return self._decide(act, compartment, ground, facts)
        # An act on a compartment depends on the frame and the directory, and not on the other entries.
        asked = (act, compartment, ground, len(self.journey.frame_notes), self.network.counter)
        decision = self._answers.get(asked)
        if decision is None:
            decision = self._answers[asked] = self._decide(act, compartment, ground, {})
        return decision

    def _decide(
        self,
        act: Act,
        compartment: Compartment | None,
        ground: str | None,
        facts: Mapping[str, object],
    ) -> Decision:
        asker = session_asker(self.network, self.session)
        situation = session_situation(self.network, self.session, self.journey, self.at, **facts)
        return self.services.charter.decide(act, asker, situation, compartment, ground)

    def refuse(
        self,
        act: Act,
        decision: Decision,
        compartment: Compartment | None = None,
        purpose: str | None = None,
        ground: str | None = None,
    ) -> NoReturn:
        """Record a refusal, for the journey's partners too, then refuse: raises ``Refused``.

        A refusal by the constant answer is recorded for the coordination alone
        (docs/decisions/0019-refusals-leave-a-trace.md).
        """
        access = decided(
            act, decision, self.at, self.journey.id, _only(compartment), purpose, ground
        )
        refused = Refused(act, decision.articles)
        if refused.is_constant:
            refuse(self.services.ledger, self.session, act, access)
        self.services.journeys.store(self.session, self.loaded, access, self.audience_of)
        raise refused

    def record(
        self,
        *,
        compartments: Iterable[Compartment] | None = None,
        purpose: str | None = None,
        ground: str | None = None,
        details: dict[str, str] | None = None,
    ) -> None:
        """Store the journey's pending entries with the ledger's entry of this act, in one transaction.

        Raises ``Refusal`` if there are pending entries and the stored ones do not verify: until they do, such a journey
        can be read and takes no entry.
        """
        if self.journey.pending_events and self.journey.id in self.services.ledger_watch.damaged:
            raise Refusal(
                "Ce qui est enregistré de ce suivi ne se vérifie plus : il se lit, mais ne reçoit rien"
                " jusqu'à l'examen. La coordination en est prévenue."
            )
        access = decided(
            self.act,
            self.decision,
            self.at,
            self.journey.id,
            self._written() if compartments is None else compartments,
            purpose,
            ground,
            details,
        )
        self.services.journeys.store(
            self.session, self.loaded, access, self.audience_of, self._cards()
        )
        self.services.entrance.save_epochs(self.session, [self.journey.id])

    def _written(self) -> list[Compartment]:
        """The compartments that this act writes into, in their order. The frame is not named."""
        written = {event.compartment for event in self.journey.pending_events}  # type: ignore[attr-defined]
        return sorted(written - {Compartment.FRAME}, key=list(Compartment).index)

    def _cards(self) -> list[CardDraft]:
        if not self.journey.pending_events:
            return []
        before = None
        if not self.ask(Act.READ, Compartment.FOLLOW_UP).allowed:
            before = self.services.journeys.card_of(self.loaded, Face.FRAME)
        kept = before.awaited if isinstance(before, FrameCard) else None
        frame = frame_card(self.journey, kept, self.author, self.at)
        cards = [CardDraft(Face.FRAME, Compartment.FRAME.code, frame)]
        name = identity_card(self.journey)
        if name is not None and self.ask(Act.READ, Compartment.IDENTITY).allowed:
            cards.append(CardDraft(Face.IDENTITY, Compartment.IDENTITY.code, name))
        return cards


def enter(
    services: Services,
    session: Session,
    journey: UUID,
    act: Act,
    *,
    compartment: Compartment | None = None,
    ground: str | None = None,
    purpose: str | None = None,
    entry: int | None = None,
    needs: Iterable[tuple[Act, Compartment, str]] = (),
    seen: int | None = None,
    **facts: object,
) -> Entered:
    """Open the door to one journey for one act.

    An append to a compartment that the referent may not read is a deposit (article 5.0). ``entry`` is the version of
    the entry that the act is done to; ``needs`` are further acts that must be allowed too; ``seen`` is the journey's
    version that the author was shown.

    Raises ``Refused`` if the charter refuses, having recorded the refusal; to somebody who takes no part, is shut out,
    or asks for what does not exist, with the one constant answer. Raises ``PurposeNeeded``, ``Stale``, ``Forged``.
    """
    at = services.clock()
    unknown = decided(act, CONSTANT_REFUSAL, at, journey, _only(compartment), purpose)
    services.entrance.read_epochs(session, journey)
    loaded = services.journeys.load(session, journey, keys_by_counter(services))
    if loaded is None:
        refuse(services.ledger, session, act, unknown)
    network = services.directory.at_least(loaded.counter)
    loaded.counter = network.counter
    _refuse_forged(loaded, network)
    facts["purpose"] = purpose
    if entry is not None:
        target = loaded.aggregate.entries.get(entry)
        if not isinstance(target, Entry):
            refuse(services.ledger, session, act, unknown)
        compartment = target.compartment
        facts["is_author_institution"] = target.author.institution == session.institution
    asker = session_asker(network, session)
    situation = session_situation(network, session, loaded.aggregate, at, **facts)
    if (
        act is Act.APPEND
        and not services.charter.decide(Act.READ, asker, situation, compartment).allowed
    ):
        act = Act.DEPOSIT
    decision = services.charter.decide(act, asker, situation, compartment, ground)
    if act is Act.CONSULT and decision.articles == (PURPOSE_ARTICLE,) and not decision.allowed:
        raise PurposeNeeded(act, decision.articles)
    audience_of = services.audiences.of(loaded.aggregate, network, network.day(at))
    entered = Entered(services, session, network, loaded, decision, act, at, audience_of)
    if not decision.allowed:
        entered.refuse(act, decision, compartment, purpose)
    if seen is not None and loaded.version != seen:
        raise Stale
    for needed, needed_compartment, needed_ground in needs:
        needed_decision = entered.ask(needed, needed_compartment, needed_ground)
        if not needed_decision.allowed:
            entered.refuse(needed, needed_decision, needed_compartment, purpose)
    return entered


def begin(entered: EnteredNetwork, journey: Journey) -> Entered:
    """The door to a journey that is being opened: there is nothing to load yet."""
    services, network, at = entered.services, entered.network, entered.at
    loaded = services.journeys.begin(journey, network.counter)
    audience_of = services.audiences.of(journey, network, network.day(at))
    return Entered(
        services,
        entered.session,
        network,
        loaded,
        entered.decision,
        Act.OPEN_JOURNEY,
        at,
        audience_of,
    )


def keys_by_counter(services: Services) -> SigningKeys:
    """Each referent's public signing key, by the counter that the directory has at least."""
    return lambda counter: signing_keys(services.directory.at_least(counter))


def signing_keys(network: Network) -> dict[UUID, bytes]:
    """Each referent's public signing key, as the directory has it."""
    return {referent.id: referent.signing_key for referent in network.referents.values()}


def _refuse_forged(loaded: Loaded[Journey], network: Network) -> None:
    """Attack case 33: an entry put in by somebody who takes no part here is neither shown nor acted on."""
    makers = loaded.makers(lambda referent: network.referents[referent].institution)
    gateways = frozenset(
        institution.id for institution in network.institutions.values() if institution.gateway
    )
    if not vouched_for(loaded.aggregate, makers, gateways):
        raise Forged


def _only(compartment: Compartment | None) -> tuple[Compartment, ...]:
    return () if compartment is None else (compartment,)
