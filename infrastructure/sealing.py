"""Entries: how an event is sealed in two parts, and opened again (docs/formats/entry.md).

A small header under the frame's epoch says which lock the entry is under and on which day it was
written; the body is under its own lock's epoch. Who lacks the body's key folds the entry in as sealed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from infrastructure.envelopes import Tampered, context, padded, seal_under, unpadded, unseal_under
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
        self._places: dict[tuple[bytes, UUID], bytes] = {}

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Seal an event: header under the frame's current epoch, body under its own lock's."""
        lock = self._lock_of(domain_event)
        frame, own = self._writing[self._frame_lock], self._writing[lock]
        originator, version = domain_event.originator_id, domain_event.originator_version
        place = (originator, version, frame.id, own.id)
        header = bytes([lock]) + domain_event.timestamp.date().toordinal().to_bytes(4, "big")
        body = padded(self._codec.encode(domain_event))
        state = b"".join(
            (
                _FORMAT,
                frame.id,
                own.id,
                seal_under(frame[HEADER], header, self._bound_to(HEADER, *place)),
                seal_under(own[BODY], body, self._bound_to(BODY, *place)),
            )
        )
        return StoredEvent(originator, version, "", state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Open a stored event, as ``open`` does. Raises ``Tampered``."""
        originator = stored_event.originator_id
        if not isinstance(originator, UUID):
            raise Tampered
        return self.open(originator, stored_event.originator_version, stored_event.state)

    def open(self, originator: UUID, version: int, state: bytes) -> Any:
        """The event that stands at a version of an originator, or its place where it is sealed to this session.

        Raises ``Tampered`` where a key is held and does not fit.
        """
        if len(state) <= _BODY_AT or state[:1] != _FORMAT:
            raise Tampered
        frame_epoch, own_epoch = state[1:33], state[33:65]
        place = (originator, version, frame_epoch, own_epoch)
        own = self._keys.get(own_epoch)
        if own is not None:
            body = unseal_under(own[BODY], state[_BODY_AT:], self._bound_to(BODY, *place))
            event = self._codec.decode(originator, version, unpadded(body))
            if self._lock_of(event) != own.lock:
                raise Tampered
            return event
        frame = self._keys.get(frame_epoch)
        if frame is None:
            return SealedEvent(originator, version, None, None)
        bound_to = self._bound_to(HEADER, *place)
        header = unseal_under(frame[HEADER], state[65:_BODY_AT], bound_to)
        day = date.fromordinal(int.from_bytes(header[1:], "big"))
        return SealedEvent(originator, version, header[0], day)

    def _bound_to(
        self, use: bytes, originator: UUID, version: int, frame: bytes, own: bytes
    ) -> bytes:
        """The context of one entry; what is the same for a whole journey is made once."""
        place = self._places.get((use, originator))
        if place is None:
            place = use + context(b"relais/v1/entry", self._network.bytes, originator.bytes)
            self._places[use, originator] = place
        number = version.to_bytes(4, "big")
        return b"".join((place, b"\x00\x04", number, b"\x00\x20", frame, b"\x00\x20", own))


def epochs_of(state: bytes) -> tuple[bytes, bytes]:
    """The ids of the frame's and of the body's epoch that a stored event names."""
    return state[1:33], state[33:65]
