"""The sealed store: loads an aggregate with the keys that a session holds, and records acts on it.

Journeys and summaries are kept by the same few rules: every writing is under an epoch that exactly
today's audience holds, keys that a reader lacks are passed on by a session that has them, and the
act's ledger entry is in the same transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic
from uuid import UUID

from domain.access import Access
from domain.cards import CardDraft
from domain.holders import Audience
from domain.network.members import SigningKeys
from infrastructure.formats.card import CardRow, open_card, seal_card
from infrastructure.formats.entry import EntrySealer, EpochKeys, SealedEvent, epochs_of
from infrastructure.formats.envelope import Tampered, new_key
from infrastructure.formats.grant import Epoch, GrantSet, open_grant
from infrastructure.formats.ledger import row_digests
from infrastructure.formats.ledger.entry import LedgerAuthor, write_entry
from infrastructure.formats.ledger.header import RowDigest
from infrastructure.formats.session import OpenSession
from infrastructure.house.house import HouseSecrets
from infrastructure.store.giving import KeyGiving
from infrastructure.store.loaded import A, AggregateKind, Loaded
from infrastructure.store.recorder import Recorder, Recording, Stored


class SealedStore(Generic[A]):
    """Loads and records aggregates of one kind in one network."""

    def __init__(
        self, network: UUID, kind: AggregateKind[A], recorder: Recorder, house: HouseSecrets
    ) -> None:
        self._network = network
        self._kind = kind
        self._recorder = recorder
        self._house = house

    # -- reading --------------------------------------------------------------------------------

    def load(
        self, session: OpenSession, originator: UUID, signing_keys_at: SigningKeys
    ) -> Loaded[A] | None:
        """Load the aggregate as far as this session can open it, or ``None`` if it can open nothing.

        ``signing_keys_at`` gives each referent's public key as the directory has it, by the directory's counter.

        Raises ``Tampered`` if a stored row does not fit its key or its place.
        """
        known = session.known_epochs(originator)
        stored = self._recorder.load(originator, session.holders, list(known))
        if not stored.states or stored.shred is None:
            return None
        sets: dict[bytes, list[GrantSet]] = {}
        for given in stored.sets:
            sets.setdefault(given.epoch, []).append(given)
        under = [epochs_of(state) for state in stored.states]
        if any(frame not in sets or own not in sets for frame, own in set(under)):
            # No act seals under an epoch that it grants to nobody: this entry is from elsewhere.
            raise Tampered
        shred_secret = self._house.unwrap(self._network, originator, stored.shred)
        epochs = {**known, **self._open_grants(session, originator, stored, signing_keys_at)}
        if any(identifier not in sets for identifier in epochs):
            raise Tampered
        known.update(epochs)
        keys = {epoch.id: EpochKeys(epoch, shred_secret) for epoch in epochs.values()}
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
        """Fold the entries, or return ``None`` if one of the frame is sealed: no rule may be computed then."""
        sealer = self._sealer(keys)
        aggregate: Any = None
        for version, state in enumerate(states, start=1):
            event = sealer.open(originator, version, state)
            if isinstance(event, SealedEvent) and (event.lock is None or version == 1):
                return None
            aggregate = self._kind.codec.fold(event, aggregate)
        found: A | None = aggregate
        return found

    def card_of(self, loaded: Loaded[A], face: int) -> object | None:
        """Open a card as it stood before, if this session holds its key."""
        row = loaded.cards.get(face)
        if row is None or row.epoch not in loaded.keys:
            return None
        return open_card(self._network, loaded.aggregate.id, row, loaded.keys[row.epoch])

    # -- writing --------------------------------------------------------------------------------

    def begin(self, aggregate: A, counter: int) -> Loaded[A]:
        """A new aggregate, not yet stored, with a shred secret of its own."""
        return Loaded(aggregate, counter, {}, {}, {}, frozenset(), {}, new_key(), 0)

    def store(
        self,
        session: OpenSession,
        loaded: Loaded[A],
        access: Access,
        audience_of: Callable[[int], Audience],
        cards: Sequence[CardDraft] = (),
    ) -> int:
        """Seal and store the pending events of the aggregate, with the act's ledger entry: one transaction.

        With nothing pending it is a consult: the entry alone, and the keys that others lack. ``audience_of`` gives the
        audience of a lock as the aggregate now stands. Returns the ledger entry's number. Raises
        ``VersionMoved``, ``DirectoryMoved``, ``StoreUnavailable``; ``ValueError`` if the entry is about another.
        """
        originator = loaded.aggregate.id
        if access.subject != originator:
            raise ValueError(access.act)
        events = list(loaded.aggregate.collect_events())
        after = loaded.version + len(events)
        locks = {self._kind.frame_lock, *map(self._kind.lock_of, events), *(c.lock for c in cards)}
        giving = KeyGiving(session, self._network, originator, loaded, after)
        writing = {lock: giving.epoch_for(lock, audience_of(lock)) for lock in sorted(locks)}
        giving.pass_on(audience_of)
        states = self._seal(events, loaded, writing)
        card_rows = [self._seal_card(loaded, card, writing[card.lock], after) for card in cards]
        shred = None
        if loaded.version == 0:
            shred = self._house.wrap(self._network, originator, loaded.shred_secret)
        rows = self._digests(loaded, states, giving, card_rows)
        ledger = write_entry(LedgerAuthor.of(session), access, rows, writing[self._kind.frame_lock])
        number = self._recorder.insert(
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
        sealer = self._sealer(loaded.keys, writing)
        return [sealer.seal(event) for event in events]

    def _sealer(
        self, keys: Mapping[bytes, EpochKeys], writing: Mapping[int, EpochKeys] | None = None
    ) -> EntrySealer:
        kind = self._kind
        return EntrySealer(self._network, kind.codec, kind.lock_of, kind.frame_lock, keys, writing)

    def _seal_card(
        self, loaded: Loaded[A], card: CardDraft, keys: EpochKeys, version: int
    ) -> CardRow:
        return seal_card(self._network, loaded.aggregate.id, card, version, keys)

    def _digests(
        self,
        loaded: Loaded[A],
        states: Sequence[bytes],
        giving: KeyGiving,
        cards: Sequence[CardRow],
    ) -> list[RowDigest]:
        network, originator = self._network, loaded.aggregate.id
        rows = [
            row_digests.event(network, originator, version, state)
            for version, state in enumerate(states, start=loaded.version + 1)
        ]
        rows += [
            row_digests.grant(network, originator, given.epoch, holder, generation, digest)
            for given in giving.sets
            for (holder, generation), digest in given.members.items()
        ]
        rows += [
            row_digests.grant_set(
                network, originator, given.epoch, given.ordinal, given.payload, given.signature
            )
            for given in giving.sets
        ]
        rows += [
            row_digests.grant(
                network, originator, epoch, holder, generation, digest, destroyed=True
            )
            for epoch, holder, generation, digest in giving.destroyed
        ]
        rows += [
            row_digests.card(
                network, originator, card.face, card.version, card.epoch, card.envelope
            )
            for card in cards
        ]
        if loaded.version == 0:
            rows.append(row_digests.shred_secret(network, originator))
        return rows
