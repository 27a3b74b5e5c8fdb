"""Entries: how an event is sealed in two parts, and opened again (docs/formats/entry.md).

A small header under the frame's epoch says which lock the entry is under and on which day it was
written; the body is under its own lock's epoch. Who lacks the body's key folds the entry in as sealed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from infrastructure.envelopes import Tampered, context, padded, seal, unpadded, unseal
from infrastructure.epochs import Epoch
from infrastructure.event_codec import EventCodec

HEADER = b"relais/v1/entry-header"
BODY = b"relais/v1/entry-body"
_FORMAT = b"\x01"
_HEADER_SIZE = 1 + 12 + 5 + 16
_BODY_AT = 1 + 32 + 32 + _HEADER_SIZE


class SealsEntries(Protocol):
    """An aggregate that can fold in an entry without its content."""

    def seal(self, version: int, lock: int | None, day: date | None) -> None:
        """Keep the place of an entry that this reader has no key to."""


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event that this reader has no key to. It stands for itself in the aggregate's sequence."""

    originator_id: UUID
    originator_version: int
    lock: int | None
    day: date | None

    def mutate(self, aggregate: Any) -> Any:
        """Fold in as sealed. Raises ``Tampered`` where it is not the next of this aggregate."""
        if aggregate is None or aggregate.id != self.originator_id:
            raise Tampered
        if aggregate.version + 1 != self.originator_version:
            raise Tampered
        aggregate.seal(self.originator_version, self.lock, self.day)
        aggregate.version = self.originator_version
        return aggregate


class EpochKeys:
    """One epoch's keys for one journey, each for one use: they need the journey's shred secret as well."""

    __slots__ = ("_derived", "_epoch", "_shred_secret", "id", "lock")

    def __init__(self, epoch: Epoch, shred_secret: bytes) -> None:
        self.id = epoch.id
        self.lock = epoch.lock
        self._epoch = epoch
        self._shred_secret = shred_secret
        self._derived: dict[bytes, bytes] = {}

    def __getitem__(self, use: bytes) -> bytes:
        """The key of one use, such as ``relais/v1/entry-body``."""
        key = self._derived.get(use)
        if key is None:
            key = self._derived[use] = self._epoch.key_for(use, self._shred_secret)
        return key


class SealingMapper(Mapper[UUID]):
    """Maps events of one sealed aggregate to stored ones and back.

    ``keys`` are the epochs that the session holds, by id; ``writing`` the epoch of each lock to write
    under; ``frame_lock`` the lock that headers are sealed under.
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
        super().__init__(JSONTranscoder())
        self._network = network
        self._codec = codec
        self._lock_of = lock_of
        self._frame_lock = frame_lock
        self._keys = keys
        self._writing = writing or {}
        self._originator: UUID | None = None
        self._place = b""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Seal an event: header under the frame's current epoch, body under its own lock's."""
        lock = self._lock_of(domain_event)
        frame, own = self._writing[self._frame_lock], self._writing[lock]
        originator, version = domain_event.originator_id, domain_event.originator_version
        bound_to = self._bound_to(originator, version, frame.id, own.id)
        header = bytes([lock]) + domain_event.timestamp.date().toordinal().to_bytes(4, "big")
        body = padded(self._codec.encode(domain_event))
        state = b"".join(
            (
                _FORMAT,
                frame.id,
                own.id,
                seal(frame[HEADER], header, HEADER + bound_to),
                seal(own[BODY], body, BODY + bound_to),
            )
        )
        return StoredEvent(originator, version, "", state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Open a stored event, or the place of one that is sealed to this session.

        Raises ``Tampered`` where a key is held and does not fit.
        """
        state, version = stored_event.state, stored_event.originator_version
        originator = stored_event.originator_id
        if len(state) <= _BODY_AT or state[:1] != _FORMAT or not isinstance(originator, UUID):
            raise Tampered
        frame_epoch, own_epoch = state[1:33], state[33:65]
        bound_to = self._bound_to(originator, version, frame_epoch, own_epoch)
        own = self._keys.get(own_epoch)
        if own is not None:
            body = unpadded(unseal(own[BODY], state[_BODY_AT:], BODY + bound_to))
            event = self._codec.decode(originator, version, body)
            if self._lock_of(event) != own.lock:
                raise Tampered
            return event
        frame = self._keys.get(frame_epoch)
        if frame is None:
            return SealedEvent(originator, version, None, None)
        header = unseal(frame[HEADER], state[65:_BODY_AT], HEADER + bound_to)
        day = date.fromordinal(int.from_bytes(header[1:], "big"))
        return SealedEvent(originator, version, header[0], day)

    def _bound_to(self, originator: UUID, version: int, frame: bytes, own: bytes) -> bytes:
        """The context of one entry; what is the same for a whole journey is made once."""
        if originator != self._originator:
            self._originator = originator
            self._place = context(b"relais/v1/entry", self._network.bytes, originator.bytes)
        number = version.to_bytes(4, "big")
        return b"".join((self._place, b"\x00\x04", number, b"\x00\x20", frame, b"\x00\x20", own))


def epochs_of(state: bytes) -> tuple[bytes, bytes]:
    """The ids of the frame's and of the body's epoch that a stored event names."""
    return state[1:33], state[33:65]
