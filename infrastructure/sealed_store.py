"""The sealed store: loads an aggregate with the keys that a session holds, and records what it did.

Journeys and summaries are kept by the same few rules: every writing is under an epoch that exactly
today's audience holds, keys that somebody lacks are passed on by whoever has them, and the
act's ledger entry is in the same transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.access import Access
from domain.cards import CardDraft
from domain.holders import Audience, HolderKey
from domain.network import SigningKeys
from domain.refusals import Refusal
from infrastructure import row_digests
from infrastructure.card_codec import open_card, seal_card
from infrastructure.envelopes import Tampered, new_key
from infrastructure.epochs import Epoch, GrantRow, GrantSet, grant, new_epoch, open_grant
from infrastructure.event_codec import EventCodec
from infrastructure.house import House
from infrastructure.ledger import Pen, write_entry
from infrastructure.ledger_format import RowDigest
from infrastructure.recorder import CardRow, Recorder, Recording, Stored
from infrastructure.sealing import EpochKeys, SealedEvent, SealingMapper, epochs_of
from infrastructure.sessions import OpenSession

A = TypeVar("A", bound=Aggregate)

_NO_READER = "Personne ne pourrait jamais lire cette inscription, pas même l'astreinte : rien n'a été inscrit."


@dataclass(frozen=True, slots=True)
class Kind(Generic[A]):
    """What the store must know of an aggregate class: its events, their locks, and the lock of its frame."""

    aggregate: type[A]
    codec: EventCodec
    lock_of: Callable[[object], int]
    frame_lock: int


@dataclass(slots=True)
class Loaded(Generic[A]):
    """An aggregate as one session sees it, and what the session holds of its keys. ``sets`` are the sets of grants of
    each epoch, one for each act that granted it."""

    aggregate: A
    counter: int
    epochs: dict[bytes, Epoch]
    keys: dict[bytes, EpochKeys]
    sets: dict[bytes, list[GrantSet]]
    destroyed: frozenset[tuple[bytes, UUID]]
    cards: dict[int, CardRow]
    shred_secret: bytes = field(repr=False)
    version: int
    body_epochs: list[bytes] = field(default_factory=list)
    settled: dict[bytes, Audience] = field(default_factory=dict)
    _granted: dict[bytes, frozenset[tuple[UUID, int]]] = field(default_factory=dict)

    def granted_at(self, version: int) -> frozenset[UUID]:
        """The holders that were ever granted the key of one stored entry."""
        return frozenset(holder for holder, _ in self.granted(self.body_epochs[version - 1]))

    def granted(self, epoch: bytes) -> frozenset[tuple[UUID, int]]:
        """Every holder's generation to which an epoch was ever granted."""
        known = self._granted.get(epoch)
        if known is None:
            known = self._granted[epoch] = frozenset(
                member for one in self.sets[epoch] for member in one.members
            )
        return known

    def granted_at_once(self, epoch: bytes) -> frozenset[tuple[UUID, int]] | None:
        """To whom an epoch was granted at its birth, or ``None`` where it was granted again later."""
        return self.granted(epoch) if len(self.sets[epoch]) == 1 else None

    def take_in(self, sets: Sequence[GrantSet]) -> None:
        """Take in the sets of grants that were just stored."""
        for one in sets:
            self.sets.setdefault(one.epoch, []).append(one)
            self._granted.pop(one.epoch, None)

    def makers(self, institution_of: Callable[[UUID], UUID]) -> list[UUID | None]:
        """For which institution the key of each entry was made, in order; ``None`` where this session has no key to
        it. ``institution_of`` gives a referent's: it is asked once for each key."""
        made = {epoch.id: institution_of(epoch.maker) for epoch in self.epochs.values()}
        return [made.get(one) for one in self.body_epochs]

    def born(self, epoch: bytes) -> tuple[int, int]:
        """The journey's version and the directory's counter at which an epoch was made."""
        return min((one.version, one.counter) for one in self.sets[epoch])


class SealedStore(Generic[A]):
    """Loads and records aggregates of one kind in one network."""

    def __init__(self, network: UUID, kind: Kind[A], recorder: Recorder, house: House) -> None:
        self._network = network
        self._kind = kind
        self._recorder = recorder
        self._house = house

    # -- reading --------------------------------------------------------------------------------

    def load(
        self, session: OpenSession, originator: UUID, signing_keys_at: SigningKeys
    ) -> Loaded[A] | None:
        """The aggregate with what this session can open, or ``None`` where it can open nothing.

        ``signing_keys_at`` gives each referent's public key as the directory has it, by the directory's counter.

        Raises ``Tampered`` where something stored does not fit its key or its place.
        """
        known = session.known_epochs(originator)
        stored = self._recorder.load(originator, session.holders, list(known))
        if not stored.states or stored.shred is None:
            return None
        sets: dict[bytes, list[GrantSet]] = {}
        for one in stored.sets:
            sets.setdefault(one.epoch, []).append(one)
        under = [epochs_of(state) for state in stored.states]
        if any(frame not in sets or own not in sets for frame, own in set(under)):
            # No act seals under an epoch that it grants to nobody: this entry is from elsewhere.
            raise Tampered
        shred_secret = self._house.unwrap(self._network, originator, stored.shred)
        epochs = {**known, **self._open_grants(session, originator, stored, signing_keys_at)}
        if any(identifier not in sets for identifier in epochs):
            raise Tampered
        known.update(epochs)
        keys = {one.id: EpochKeys(one, shred_secret) for one in epochs.values()}
        aggregate = self._replay(originator, stored.states, keys)
        if aggregate is None:
            return None
        return Loaded(
            aggregate=aggregate,
            counter=stored.counter,
            epochs=epochs,
            keys=keys,
            sets=sets,
            destroyed=stored.destroyed,
            cards=stored.cards,
            shred_secret=shred_secret,
            version=len(stored.states),
            body_epochs=[own for _, own in under],
        )

    def _open_grants(
        self,
        session: OpenSession,
        originator: UUID,
        stored: Stored,
        signing_keys_at: SigningKeys,
    ) -> dict[bytes, Epoch]:
        opened: dict[bytes, Epoch] = {}
        if not stored.grants:
            return opened
        signing_key_of = signing_keys_at(stored.counter)
        for row in stored.grants:
            private = session.private_half(row.holder, row.generation)
            if private is not None and row.epoch not in opened:
                opened[row.epoch] = open_grant(
                    self._network,
                    originator,
                    row,
                    stored.sets,
                    private,
                    signing_key_of,
                    session.checked,
                )
        return opened

    def _replay(
        self, originator: UUID, states: Sequence[bytes], keys: Mapping[bytes, EpochKeys]
    ) -> A | None:
        """The aggregate, or ``None`` where an entry of its frame is sealed: no rule may be computed then."""
        mapper = self._mapper(keys)
        aggregate: Any = None
        for version, state in enumerate(states, start=1):
            event = mapper.open(originator, version, state)
            if isinstance(event, SealedEvent) and (event.lock is None or version == 1):
                return None
            aggregate = self._kind.codec.fold(event, aggregate)
        found: A | None = aggregate
        return found

    def card_of(self, loaded: Loaded[A], face: int) -> object | None:
        """A card that this session holds the key of, as it stood before."""
        row = loaded.cards.get(face)
        if row is None or row.epoch not in loaded.keys:
            return None
        return open_card(self._network, loaded.aggregate.id, row, loaded.keys[row.epoch])

    # -- writing --------------------------------------------------------------------------------

    def begin(self, aggregate: A, counter: int) -> Loaded[A]:
        """A new aggregate, not yet stored, with a shred secret of its own."""
        return Loaded(aggregate, counter, {}, {}, {}, frozenset(), {}, new_key(), 0)

    def record(
        self,
        session: OpenSession,
        loaded: Loaded[A],
        access: Access,
        audience_of: Callable[[int], Audience],
        cards: Sequence[CardDraft] = (),
    ) -> int:
        """Seal and store what the aggregate has pending, with its ledger entry: one transaction.

        With nothing pending it is a consult: the entry alone, and the keys that others lack. ``audience_of`` gives the
        audience of a lock as the aggregate now stands. Returns the ledger entry's number. Raises
        ``VersionMoved``, ``DirectoryMoved``, ``StoreUnavailable``; ``ValueError`` where the entry is about another.
        """
        originator = loaded.aggregate.id
        if access.subject != originator:
            raise ValueError(access.act)
        events = list(loaded.aggregate.collect_events())
        after = loaded.version + len(events)
        locks = {self._kind.frame_lock, *map(self._kind.lock_of, events), *(c.lock for c in cards)}
        giving = _Giving(session, self._network, originator, loaded, after)
        writing = {lock: giving.epoch_for(lock, audience_of(lock)) for lock in sorted(locks)}
        giving.pass_on(audience_of)
        states = self._seal(events, loaded, writing)
        card_rows = [self._seal_card(loaded, card, writing[card.lock], after) for card in cards]
        shred = None
        if loaded.version == 0:
            shred = self._house.wrap(self._network, originator, loaded.shred_secret)
        rows = self._digests(loaded, states, giving, card_rows)
        ledger = write_entry(Pen.of(session), access, rows, writing[self._kind.frame_lock])
        number = self._recorder.record(
            Recording(
                network=self._network,
                originator=originator,
                ledger=ledger,
                expected=loaded.version,
                counter=loaded.counter,
                states=states,
                sets=giving.sets,
                grants=giving.rows,
                destroyed=[(epoch, holder) for epoch, holder, _, _ in giving.destroyed],
                cards=card_rows,
                shred=shred,
            )
        )
        giving.keep()
        loaded.version = after
        loaded.body_epochs += [epochs_of(state)[1] for state in states]
        return number

    def _seal(
        self, events: Iterable[Any], loaded: Loaded[A], writing: Mapping[int, EpochKeys]
    ) -> list[bytes]:
        mapper = self._mapper(loaded.keys, writing)
        return [mapper.to_stored_event(event).state for event in events]

    def _mapper(
        self, keys: Mapping[bytes, EpochKeys], writing: Mapping[int, EpochKeys] | None = None
    ) -> SealingMapper:
        kind = self._kind
        return SealingMapper(
            self._network, kind.codec, kind.lock_of, kind.frame_lock, keys, writing
        )

    def _seal_card(
        self, loaded: Loaded[A], card: CardDraft, keys: EpochKeys, version: int
    ) -> CardRow:
        return seal_card(self._network, loaded.aggregate.id, card, version, keys)

    def _digests(
        self,
        loaded: Loaded[A],
        states: Sequence[bytes],
        giving: "_Giving",
        cards: Sequence[CardRow],
    ) -> list[RowDigest]:
        network, originator = self._network, loaded.aggregate.id
        rows = [
            row_digests.event(network, originator, version, state)
            for version, state in enumerate(states, start=loaded.version + 1)
        ]
        rows += [
            row_digests.grant(network, originator, one.epoch, holder, generation, digest)
            for one in giving.sets
            for (holder, generation), digest in one.members.items()
        ]
        rows += [
            row_digests.grant_set(
                network, originator, one.epoch, one.ordinal, one.payload, one.signature
            )
            for one in giving.sets
        ]
        rows += [
            row_digests.grant(
                network, originator, epoch, holder, generation, digest, destroyed=True
            )
            for epoch, holder, generation, digest in giving.destroyed
        ]
        rows += [
            row_digests.card(network, originator, one.face, one.version, one.epoch, one.envelope)
            for one in cards
        ]
        if loaded.version == 0:
            rows.append(row_digests.shred_secret(network, originator))
        return rows


class _Giving:
    """The keys that one act makes and passes on."""

    def __init__(
        self,
        session: OpenSession,
        network: UUID,
        originator: UUID,
        loaded: Loaded[Any],
        version: int,
    ) -> None:
        self._session = session
        self._network = network
        self._originator = originator
        self._loaded = loaded
        self._version = version
        self._made: dict[bytes, Epoch] = {}
        self._kept: set[bytes] = set()
        self.sets: list[GrantSet] = []
        self.rows: list[GrantRow] = []
        self.destroyed: list[tuple[bytes, UUID, int, bytes]] = []
        self._settled: dict[bytes, Audience] = {}

    def epoch_for(self, lock: int, audience: Audience) -> EpochKeys:
        """The epoch to write under: one made by a reader of today for exactly today's audience, else a new one.

        A later grant ends an epoch for writing; so does one put in by somebody who takes no part here.
        """
        for epoch in self._loaded.epochs.values():
            if (
                epoch.lock == lock
                and epoch.maker in audience.persons
                and self._loaded.granted_at_once(epoch.id) == audience.generations
            ):
                return self._loaded.keys[epoch.id]
        if not audience.holders:
            raise Refusal(_NO_READER)
        epoch = new_epoch(lock, self._session.certificate)
        self._give(epoch, audience.holders, ordinal=0)
        self._made[epoch.id] = epoch
        if any(
            self._session.private_half(holder.holder, holder.generation)
            for holder in audience.holders
        ):
            self._kept.add(epoch.id)
        return EpochKeys(epoch, self._loaded.shred_secret)

    def pass_on(self, audience_of: Callable[[int], Audience]) -> None:
        """Grant what today's readers lack of the epochs that this session holds, and take away what a restriction
        replaced."""
        for epoch in self._loaded.epochs.values():
            audience = audience_of(epoch.lock)
            if self._loaded.settled.get(epoch.id) is audience:
                continue
            granted = {one for one, _ in self._loaded.granted(epoch.id)}
            lacking = [
                one for one in audience.holders if self._lacks(one, granted, epoch, audience)
            ]
            if lacking:
                ordinal = 1 + max(one.ordinal for one in self._loaded.sets[epoch.id])
                self._give(epoch, lacking, ordinal)
            self._destroy(epoch, audience)
            self._settled[epoch.id] = audience

    def keep(self) -> None:
        """Once stored: the session keeps the new epochs whose audience it belongs to, and no other."""
        self._loaded.take_in(self.sets)
        self._loaded.settled.update(self._settled)
        self._loaded.destroyed |= {(epoch, holder) for epoch, holder, _, _ in self.destroyed}
        for identifier in self._kept:
            epoch = self._made[identifier]
            self._loaded.epochs[identifier] = epoch
            self._loaded.keys[identifier] = EpochKeys(epoch, self._loaded.shred_secret)
            self._session.known_epochs(self._originator)[identifier] = epoch

    def _lacks(
        self, holder: HolderKey, granted: set[UUID], epoch: Epoch, audience: Audience
    ) -> bool:
        if holder.holder in granted or holder.covers in granted:
            return False
        if audience.replaces.get(holder.covers, frozenset()) & granted:
            return True
        waits = granted <= audience.keepers
        if holder.covers in audience.keepers and holder.covers not in audience.since:
            # The desk keeps what nobody could read yet, and not what lost its readers.
            return waits
        since = audience.since.get(holder.covers, 0)
        if waits and since == min(audience.since.values(), default=0):
            return True
        version, counter = self._loaded.born(epoch.id)
        shared = version >= since and counter >= audience.returned.get(holder.covers, 0)
        return shared or holder.covers in audience.opens_past

    def _destroy(self, epoch: Epoch, audience: Audience) -> None:
        if not audience.shut:
            return
        given = {one for one, _ in self._loaded.granted(epoch.id)}
        given |= {row.holder for row in self.rows if row.epoch == epoch.id}
        if all(one in audience.shut or (epoch.id, one) in self._loaded.destroyed for one in given):
            # The last that opens it stays, for who recovers the group's key.
            return
        for one in self._loaded.sets[epoch.id]:
            for (holder, generation), digest in one.members.items():
                if holder not in audience.shut or (epoch.id, holder) in self._loaded.destroyed:
                    continue
                heirs = {small for small, groups in audience.replaces.items() if holder in groups}
                if heirs <= given:
                    self.destroyed.append((epoch.id, holder, generation, digest))

    def _give(self, epoch: Epoch, holders: Iterable[HolderKey], ordinal: int) -> None:
        # One person's own pair may stand in for two groups at once: it is given the key once.
        once = {(one.holder, one.generation): one for one in holders}
        made, rows = grant(
            self._network,
            self._originator,
            epoch,
            once.values(),
            ordinal=ordinal,
            version=self._version,
            counter=self._loaded.counter,
            certificate=self._session.certificate,
            key=self._session.signing,
        )
        self.sets.append(made)
        self.rows.extend(rows)
