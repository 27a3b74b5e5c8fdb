"""The keys that an act makes and grants: which epoch it writes under, and which holders are granted it."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from domain.holders import Audience, HolderKey
from domain.refusals import Refusal
from infrastructure.formats.entry import EpochKeys
from infrastructure.formats.grant import Epoch, GrantRow, GrantSet, grant, new_epoch
from infrastructure.formats.session import OpenSession
from infrastructure.store.loaded import Loaded

NO_READER = "Personne ne pourrait jamais lire cette inscription, pas même l'astreinte : rien n'a été inscrit."


class KeyGiving:
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
        """Return the epoch to write under: one made by a reader of today for exactly today's audience, else a new one.

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
            raise Refusal(NO_READER)
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
        """Grant the epochs that this session holds to today's readers who lack them, and take away the grants that a
        restriction replaced."""
        for epoch in self._loaded.epochs.values():
            audience = audience_of(epoch.lock)
            if self._loaded.settled.get(epoch.id) is audience:
                continue
            granted = self._loaded.granted_holders(epoch.id)
            lacking = [
                holder
                for holder in audience.holders
                if holder.holder not in granted
                and holder.covers not in granted
                and self._is_due(holder, granted, epoch, audience)
            ]
            if lacking:
                ordinal = 1 + max(given.ordinal for given in self._loaded.sets[epoch.id])
                self._give(epoch, lacking, ordinal)
            self._destroy(epoch, audience)
            self._settled[epoch.id] = audience

    def keep(self) -> None:
        """Keep with the session, once the act is stored, the new epochs whose audience it belongs to, and no other."""
        self._loaded.take_in(self.sets)
        self._loaded.settled.update(self._settled)
        if self.destroyed:
            self._loaded.destroyed |= {(epoch, holder) for epoch, holder, _, _ in self.destroyed}
        for identifier in self._kept:
            epoch = self._made[identifier]
            self._loaded.epochs[identifier] = epoch
            self._loaded.keys[identifier] = EpochKeys(epoch, self._loaded.shred_secret)
            self._session.known_epochs(self._originator)[identifier] = epoch

    def _is_due(
        self, holder: HolderKey, granted: frozenset[UUID], epoch: Epoch, audience: Audience
    ) -> bool:
        """Whether a reader who was never granted an epoch is to be granted it now."""
        if audience.replaces.get(holder.covers, frozenset()) & granted:
            return True
        waits = granted <= audience.keepers
        if holder.covers in audience.keepers and holder.covers not in audience.since:
            # The desk keeps the keys that nobody could be given yet, not those that lost their readers.
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
        holders = set(self._loaded.granted_holders(epoch.id))
        holders |= {row.holder for row in self.rows if row.epoch == epoch.id}
        if all(
            holder in audience.shut or (epoch.id, holder) in self._loaded.destroyed
            for holder in holders
        ):
            # The last that opens it stays, for whoever recovers the group's key.
            return
        for given in self._loaded.sets[epoch.id]:
            for (holder, generation), digest in given.members.items():
                if holder not in audience.shut or (epoch.id, holder) in self._loaded.destroyed:
                    continue
                heirs = {small for small, groups in audience.replaces.items() if holder in groups}
                if heirs <= holders:
                    self.destroyed.append((epoch.id, holder, generation, digest))

    def _give(self, epoch: Epoch, holders: Iterable[HolderKey], ordinal: int) -> None:
        # One person's own pair may stand in for two groups at once: it is given the key once.
        once = {(holder.holder, holder.generation): holder for holder in holders}
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
