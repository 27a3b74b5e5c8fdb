"""Entries: how an event is sealed in two parts, and opened again (docs/formats/entry.md).

A small header under the frame's epoch says which lock the entry is under and on which day it was
written; the body is under its own lock's epoch. A reader without the body's key folds the entry in as sealed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.territory import day_of
from infrastructure.formats.envelope import (
    Tampered,
    context,
    padded,
    seal_under,
    unpadded,
    unseal_under,
)
from infrastructure.formats.event import EventCodec
from infrastructure.formats.grant import Epoch

HEADER = b"relais/v1/entry-header"
BODY = b"relais/v1/entry-body"
_FORMAT = b"\x01"
_HEADER_SIZE = 1 + 12 + 5 + 16
_BODY_AT = 1 + 32 + 32 + _HEADER_SIZE


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event that this reader has no key to. It stands for itself in the aggregate's sequence."""

    originator_id: UUID
    originator_version: int
    lock: int | None
    day: date | None

    def mutate(self, aggregate: Any) -> Any:
        """Fold in as sealed. Raises ``Tampered`` if it is not the next of this aggregate."""
        if aggregate is None or aggregate.id != self.originator_id:
            raise Tampered
        if aggregate.version + 1 != self.originator_version:
            raise Tampered
        aggregate.seal(self.originator_version, self.lock, self.day)
        aggregate.version = self.originator_version
        return aggregate


class EpochKeys:
    """One epoch's keys for one journey, each for one use: they need the journey's shred secret as well."""

    __slots__ = ("_epoch", "_ready", "_shred_secret", "id", "lock")

    def __init__(self, epoch: Epoch, shred_secret: bytes) -> None:
        self.id = epoch.id
        self.lock = epoch.lock
        self._epoch = epoch
        self._shred_secret = shred_secret
        self._ready: dict[bytes, AESGCM] = {}

    def __getitem__(self, use: bytes) -> AESGCM:
        """The key of one use, such as ``relais/v1/entry-body``, ready to seal and open."""
        cipher = self._ready.get(use)
        if cipher is None:
            cipher = self._ready[use] = AESGCM(self._epoch.key_for(use, self._shred_secret))
        return cipher


class EntrySealer:
    """Seals the events of one aggregate as entries, and opens them again.

    ``keys`` are the epochs that the session holds, by id; ``writing`` the epoch of each lock to write under;
    ``frame_lock`` the lock that headers are sealed under.
    """

    def __init__(
        self,
        network: UUID,
        codec: EventCodec,
        lock_of: Callable[[object], int],
        frame_lock: int,
        keys: Mapping[bytes, EpochKeys],
        writing: Mapping[int, EpochKeys] | None = None,
    ) -> None:
        self._network = network
        self._codec = codec
        self._lock_of = lock_of
        self._frame_lock = frame_lock
        self._keys = keys
        self._writing = writing or {}
        self._ways: dict[bytes, _Way] = {}

    def seal(self, event: Any) -> bytes:
        """Seal an event: header under the frame's current epoch, body under its own lock's."""
        lock = self._lock_of(event)
        frame, own = self._writing[self._frame_lock], self._writing[lock]
        before, after = _around(self._network, event.originator_id, frame.id + own.id)
        place = before + event.originator_version.to_bytes(4, "big") + after
        header = bytes([lock]) + day_of(event.timestamp).toordinal().to_bytes(4, "big")
        body = padded(self._codec.encode(event))
        return b"".join(
            (
                _FORMAT,
                frame.id,
                own.id,
                seal_under(frame[HEADER], header, HEADER + place),
                seal_under(own[BODY], body, BODY + place),
            )
        )

    def open(self, originator: UUID, version: int, state: bytes) -> Any:
        """Open the entry at a version of an originator: its event, or its place if this session has no key to it.

        Raises ``Tampered`` if a key is held and does not fit.
        """
        if len(state) <= _BODY_AT or state[:1] != _FORMAT:
            raise Tampered
        pair = state[1:65]
        way = self._ways.get(pair)
        if way is None or way.originator is not originator:
            # A journey's entries are under few pairs of epochs: their ciphers and contexts are made ready once.
            way = self._ways[pair] = self._way(originator, pair)
        if way.cipher is None:
            return SealedEvent(originator, version, None, None)
        number = version.to_bytes(4, "big")
        bound_to = b"".join((way.before, number, way.after))
        if way.lock is None:
            header = unseal_under(way.cipher, state[65:_BODY_AT], bound_to)
            day = date.fromordinal(int.from_bytes(header[1:], "big"))
            return SealedEvent(originator, version, header[0], day)
        body = unseal_under(way.cipher, state[_BODY_AT:], bound_to)
        event = self._codec.decode(originator, version, unpadded(body))
        if self._lock_of(event) != way.lock:
            raise Tampered
        return event

    def _way(self, originator: UUID, pair: bytes) -> "_Way":
        own, frame = self._keys.get(pair[32:]), self._keys.get(pair[:32])
        before, after = _around(self._network, originator, pair)
        if own is not None:
            return _Way(originator, own[BODY], own.lock, BODY + before, after)
        header = None if frame is None else frame[HEADER]
        return _Way(originator, header, None, HEADER + before, after)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a session opens an originator's entries under one pair of epochs: their bodies, which are under ``lock``; or
    their headers, where ``lock`` is ``None``; or, without a cipher, nothing. ``before`` and ``after`` enclose the
    version in the envelope's context."""

    originator: UUID
    cipher: AESGCM | None
    lock: int | None
    before: bytes
    after: bytes


def _around(network: UUID, originator: UUID, pair: bytes) -> tuple[bytes, bytes]:
    """The bytes before and after the version in an entry's context, the use left out."""
    place = context(b"relais/v1/entry", network.bytes, originator.bytes)
    return place + b"\x00\x04", b"\x00\x20" + pair[:32] + b"\x00\x20" + pair[32:]


def epochs_of(state: bytes) -> tuple[bytes, bytes]:
    """The ids of the frame's and of the body's epoch that a stored event names."""
    return state[1:33], state[33:65]
