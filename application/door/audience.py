"""The audience of an entry: the one function that every page, list, search and export asks.

Audience = partners of the journey ∩ what the charter allows for the class and ground ∩ consent in force ∩ not
excluded. It depends on the journey's frame, the directory, the charter and the day, and on nothing else.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Lock
from uuid import UUID

from application.door.facts import acting, asker_of, situation_of
from domain.compartments import Compartment
from domain.holders import Audience, HolderKey
from domain.journey.journey import Journey
from domain.journey.partners import Participation, Partner
from domain.network.groups import Group, GroupKind
from domain.network.members import Institution
from domain.network.network import Network
from policies.charter import Act, Asker, Charter, Decision, Relation, Situation

REMEMBERED = 512
"""The number of journeys whose audiences are remembered. They hold institutions and keys, no word of a journey."""


@dataclass(frozen=True, slots=True)
class Reader:
    """An institution, or the on-call desk, that may hold a compartment's keys."""

    group: UUID
    institution: Institution
    situation: Situation
    partner: Partner | None = None


class Audiences:
    """Computes audiences from a charter, and remembers the last ones by everything that they depend on."""

    def __init__(self, charter: Charter) -> None:
        self._charter = charter
        self._lock = Lock()
        self._remembered: OrderedDict[object, dict[int, Audience]] = OrderedDict()

    def of(self, journey: Journey, network: Network, day: date) -> Callable[[int], Audience]:
        """The audience of each lock of a journey, its pending entries included."""
        at_frame: dict[int, dict[int, Audience]] = {}

        def audience_of(lock: int) -> Audience:
            # Every change of the frame leaves a note in it.
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
        """The audiences that were computed from the same frame, directory and day."""
        depends_on = (network.id, network.counter, day, _frame_of(journey))
        with self._lock:
            known = self._remembered.setdefault(depends_on, {})
            self._remembered.move_to_end(depends_on)
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
        shut_out = frozenset().union(
            *(restriction.shut_out for restriction in journey.restrictions.values())
        )
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
            restriction.small_group: restriction.former | {restriction.group}
            for restriction in restrictions
            if network.members(restriction.small_group)
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
            shut=shut_out.union(
                *(restriction.former | {restriction.group} for restriction in restrictions)
            ),
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
        """The version from which a reader has been one without a break: since then the journey was shared with them,
        and they acted in a capacity that the charter asks for."""
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
        """The holders that keep what no partner may read yet: the on-call desk (article 5.0)."""
        desk = network.on_call_group()
        if desk is None:
            return ()
        restriction = journey.restrictions.get(desk.id)
        return _keys_of(network, restriction.small_group if restriction else desk.id, shut_out)

    def _ever_keepers(
        self, network: Network, desk: Group, compartment: Compartment
    ) -> frozenset[UUID]:
        """Every holder under which the desk may ever have kept something: an entry that only they were given still
        waits for a reader.

        An agent's own pair stands in for the desk; or for the gateway itself, if that could read the compartment: then
        the pair proves nothing.
        """
        groups = {desk.id} | {group.id for group in network.groups.values() if group.of == desk.id}
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
    """The referents who belong to a group, ever did, or could be named to it."""
    known = network.groups.get(group)
    if known is not None and known.kind is GroupKind.SMALL:
        return known.founders
    of = group if known is None else known.of
    return frozenset(
        referent.id for referent in network.referents.values() if referent.institution == of
    )


def _keys_of(network: Network, group: UUID, shut_out: frozenset[UUID]) -> Sequence[HolderKey]:
    """The keys to seal to for a group. If somebody who is kept apart belongs to it, or could come to belong, these are
    the other members' own pairs (article 11.1)."""
    if not shut_out & _belonging(network, group):
        return network.keys_of(group)
    return [
        HolderKey(member, 1, network.referents[member].encryption_key, group)
        for member in sorted(network.members(group) - shut_out)
    ]


def _frame_of(journey: Journey) -> tuple[object, ...]:
    """The parts of a journey's frame that an audience depends on."""
    return (
        journey.lead,
        journey.closed_for is None,
        tuple(
            (
                partner.institution,
                partner.participation,
                partner.basis,
                partner.since,
                tuple(partner.shared_since.items()),
                None if partner.capacities is None else tuple(partner.capacities.items()),
            )
            for partner in journey.partners.values()
        ),
        tuple(journey.restrictions.values()),
    )
