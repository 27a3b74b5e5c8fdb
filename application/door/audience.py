"""Who may read what is written: the one function that every page, list, search and export asks.

Audience = partners of the journey ∩ what the charter allows for the class and ground ∩ consent in force ∩ not
excluded. It depends on the journey's frame, the directory, the charter and the day alone.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Lock
from typing import Any
from uuid import UUID

from domain.compartments import Compartment
from domain.holders import Audience, HolderKey
from domain.journey.capacities import Capacity
from domain.journey.journey import Journey
from domain.journey.partners import Participation, Partner
from domain.network.groups import Group, GroupKind
from domain.network.members import Institution, Standing
from domain.network.network import Network
from policies.charter import Act, Asker, Charter, Decision, Relation, Situation

REMEMBERED = 512
"""How many journeys' audiences are kept at hand. They hold institutions and keys, no word of a journey."""


def asker_of(network: Network, institution: Institution, referent: UUID | None) -> Asker:
    """What the charter must know of who asks: an institution, and its referent where a person acts."""
    standings = [network.standing_of(institution.id)]
    if referent is not None:
        standings.append(network.standing_of(referent))
    return Asker(
        institution_kind=institution.kind,
        may=institution.may,
        gateway=institution.gateway,
        works_with_author=institution.works_with_author,
        institution_signed=network.has_signed(institution.id),
        referent_signed=referent is None or network.has_signed(referent),
        suspended=Standing.SUSPENDED in standings,
        excluded=any(standing.is_over for standing in standings),
    )


def relation_of(journey: Journey, institution: UUID) -> Relation:
    """How an institution stands towards a journey."""
    partner = journey.partners.get(institution)
    if partner is None:
        return Relation.NONE
    if partner.participation is Participation.LEFT:
        return Relation.LEFT
    if institution == journey.lead:
        return Relation.LEAD
    if partner.participation is Participation.INVITED:
        return Relation.INVITED
    return Relation.PARTNER


def situation_of(
    journey: Journey, institution: Institution, day: date, **facts: object
) -> Situation:
    """How an institution stands towards a journey on a day; ``facts`` are the act's own."""
    basis = journey.consent_of(institution.id, day)
    scope = basis.scope if basis else frozenset()
    by_consent = basis is not None and basis.ground == "person_consent"
    given: dict[str, object] = {
        "relation": relation_of(journey, institution.id),
        "shut_out": False,
        "state": "closed" if journey.is_closed else "open",
        "address_hidden": False,
        "consent": scope if by_consent else frozenset(),
        "ground_scope": frozenset() if by_consent else scope,
        "includes_past": basis is not None and basis.includes_past,
        "person_informed": True,
    }
    partner = journey.partners.get(institution.id)
    if partner is not None:
        given |= _doing(partner.acts_in)
    return Situation(**(given | facts))  # type: ignore[arg-type]


def acting(situation: Situation, acts_in: Callable[[Capacity], bool]) -> Situation:
    """The same situation of an institution that does this for the person, and no more."""
    return replace(situation, **_doing(acts_in))


def _doing(acts_in: Callable[[Capacity], bool]) -> dict[str, Any]:
    """What an institution does for the person, as the charter asks it."""
    return {
        "takes_part_in_care": acts_in(Capacity.CARE),
        "works_with_person": acts_in(Capacity.SOCIAL_ACTION),
        "shelters": acts_in(Capacity.SHELTER),
    }


@dataclass(frozen=True, slots=True)
class Reader:
    """An institution, or the on-call desk, that may hold a compartment's keys."""

    group: UUID
    institution: Institution
    situation: Situation
    partner: Partner | None = None


class Audiences:
    """Computes audiences from a charter, and remembers the last ones by all that they depend on."""

    def __init__(self, charter: Charter) -> None:
        self._charter = charter
        self._lock = Lock()
        self._remembered: OrderedDict[object, dict[int, Audience]] = OrderedDict()

    def of(self, journey: Journey, network: Network, day: date) -> Callable[[int], Audience]:
        """The audience of each lock of a journey, as it stands with what is pending."""
        at_frame: dict[int, dict[int, Audience]] = {}

        def audience_of(lock: int) -> Audience:
            # Whatever changes the frame leaves a note in it.
            noted = len(journey.frame_notes)
            known = at_frame.get(noted)
            if known is None:
                known = at_frame[noted] = self._known(journey, network, day)
            if lock not in known:
                compartment = Compartment.from_code(lock)
                known[lock] = self._compute(journey, network, day, compartment)
            return known[lock]

        return audience_of

    def _known(self, journey: Journey, network: Network, day: date) -> dict[int, Audience]:
        """What was computed from the same frame, directory and day."""
        place = (network.id, network.counter, day, _frame_of(journey))
        with self._lock:
            known = self._remembered.setdefault(place, {})
            self._remembered.move_to_end(place)
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return known

    def reads(
        self, journey: Journey, network: Network, day: date, partner: UUID, compartment: Compartment
    ) -> Decision:
        """Whether an institution may hold a compartment of a journey, and which articles say so."""
        institution = network.institutions[partner]
        situation = situation_of(journey, institution, day)
        asker = asker_of(network, institution, None)
        return self._charter.decide(Act.HOLD, asker, situation, compartment)

    def _compute(
        self, journey: Journey, network: Network, day: date, compartment: Compartment
    ) -> Audience:
        holders: list[HolderKey] = []
        institutions: list[UUID] = []
        persons: set[UUID] = set()
        since: dict[UUID, int] = {}
        returned: dict[UUID, int] = {}
        opens_past: set[UUID] = set()
        articles: dict[str, None] = {}
        desk_reads = False
        shut_out = frozenset().union(*(one.shut_out for one in journey.restrictions.values()))
        for reader in self._readers(journey, network, day):
            asker = asker_of(network, reader.institution, None)
            decision = self._charter.decide(Act.HOLD, asker, reader.situation, compartment)
            if not decision.allowed:
                continue
            restriction = journey.restrictions.get(reader.group)
            group = restriction.small_group if restriction else reader.group
            keys = _keys_of(network, group, shut_out)
            holders += [key for key in keys if key not in holders]
            if not keys:
                continue
            persons |= network.members(group) - shut_out
            since[group] = self._since(journey, reader, asker, compartment)
            if reader.situation.relation is not Relation.ON_CALL:
                returned[group] = network.returned.get(reader.institution.id, 0)
            past = self._charter.decide(Act.OPEN_PAST, asker, reader.situation, compartment)
            if past.allowed:
                opens_past.add(group)
            if reader.situation.relation is Relation.ON_CALL:
                desk_reads = True
            else:
                institutions.append(reader.institution.id)
                articles.update(dict.fromkeys(decision.articles))
        restrictions = journey.restrictions.values()
        replaces = {
            one.small_group: one.former | {one.group}
            for one in restrictions
            if network.members(one.small_group)
        }
        desk = network.on_call_group()
        keepers = self._keepers(journey, network, shut_out) if not holders else ()
        return Audience(
            holders=(*holders, *keepers),
            institutions=tuple(institutions),
            persons=frozenset(persons),
            articles=tuple(articles),
            since=since,
            opens_past=frozenset(opens_past),
            returned=returned,
            replaces=replaces,
            shut=shut_out.union(*(one.former | {one.group} for one in restrictions)),
            keepers=frozenset()
            if desk_reads or desk is None
            else self._ever_keepers(network, desk, compartment),
        )

    def _readers(self, journey: Journey, network: Network, day: date) -> list[Reader]:
        readers = [
            self._partner(journey, network, day, partner)
            for partner in journey.partners.values()
            if partner.participation is not Participation.LEFT
        ]
        desk = network.on_call_group()
        if desk is not None:
            gateway = network.institutions[desk.of]
            situation = situation_of(journey, gateway, day, relation=Relation.ON_CALL)
            readers.append(Reader(desk.id, gateway, situation))
        return readers

    @staticmethod
    def _partner(journey: Journey, network: Network, day: date, partner: Partner) -> Reader:
        institution = network.institutions[partner.institution]
        situation = situation_of(journey, institution, day)
        return Reader(institution.id, institution, situation, partner)

    def _since(
        self, journey: Journey, reader: Reader, asker: Asker, compartment: Compartment
    ) -> int:
        """The version from which a reader has been one without a break: from then on it was shared with them, and they
        did for the person what the charter asks of them."""
        partner = reader.partner
        if partner is None or partner.institution == journey.lead:
            return 0
        shared = partner.shared_since.get(compartment, partner.since)
        if not partner.capacities:
            return shared
        return next(
            max(shared, version)
            for version in sorted({0, *partner.capacities.values()})
            if self._charter.decide(
                Act.HOLD,
                asker,
                acting(reader.situation, partial(partner.acts_in, before=version)),
                compartment,
            ).allowed
        )

    @staticmethod
    def _keepers(
        journey: Journey, network: Network, shut_out: frozenset[UUID]
    ) -> Sequence[HolderKey]:
        """Who keeps what nobody in the journey may read yet: the on-call desk (article 5.0)."""
        desk = network.on_call_group()
        if desk is None:
            return ()
        restriction = journey.restrictions.get(desk.id)
        return _keys_of(network, restriction.small_group if restriction else desk.id, shut_out)

    def _ever_keepers(
        self, network: Network, desk: Group, compartment: Compartment
    ) -> frozenset[UUID]:
        """Every holder that the desk may ever have kept something under: what only they were given still waits.

        An agent's own pair stands in for the desk; or for the gateway itself, where that could read the compartment:
        then it says nothing.
        """
        groups = {desk.id} | {one.id for one in network.groups.values() if one.of == desk.id}
        gateway = network.institutions[desk.of]
        agreed = Situation(
            relation=Relation.PARTNER,
            shut_out=False,
            state="open",
            address_hidden=False,
            consent=frozenset({compartment}),
        )
        agreed = acting(agreed, lambda _: True)
        asker = asker_of(network, gateway, None)
        if self._charter.decide(Act.HOLD, asker, agreed, compartment).allowed:
            return frozenset(groups)
        return _belonging(network, desk.id) | groups


def _belonging(network: Network, group: UUID) -> frozenset[UUID]:
    """Who belongs to a group, ever did or could be named to it."""
    known = network.groups.get(group)
    if known is not None and known.kind is GroupKind.SMALL:
        return known.founders
    of = group if known is None else known.of
    return frozenset(one.id for one in network.referents.values() if one.institution == of)


def _keys_of(network: Network, group: UUID, shut_out: frozenset[UUID]) -> Sequence[HolderKey]:
    """What is sealed to for a group; where one of those kept apart belongs to it, or could come to belong, each other
    member's own pair (article 11.1)."""
    if not shut_out & _belonging(network, group):
        return network.keys_of(group)
    return [
        HolderKey(member, 1, network.referents[member].encryption_key, group)
        for member in sorted(network.members(group) - shut_out)
    ]


def _frame_of(journey: Journey) -> tuple[object, ...]:
    """All of a journey's frame that an audience depends on."""
    return (
        journey.lead,
        journey.closed_for is None,
        tuple(
            (
                one.institution,
                one.participation,
                one.basis,
                one.since,
                tuple(one.shared_since.items()),
                None if one.capacities is None else tuple(one.capacities.items()),
            )
            for one in journey.partners.values()
        ),
        tuple(journey.restrictions.values()),
    )
