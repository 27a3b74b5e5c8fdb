"""Events as JSON and back, for the closed list of events of an aggregate.

A topic is an event's short name. A name that is not in the list is refused, so that no stored row can name a
module to import. Older versions are upcast, as ``eventsourcing`` does, before their fields are checked.
"""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import msgspec
from eventsourcing.domain import CanInitAggregate, OriginatorVersionError
from eventsourcing.utils import get_topic
from pydantic import ConfigDict, PlainSerializer, TypeAdapter
from typing_extensions import TypedDict

_STATE = b',"state":'
_HEAD = re.compile(rb'\{"event":"([A-Za-z]+)","version":([1-9][0-9]*),"state":')
_ENVELOPE_FIELDS = ("originator_id", "originator_version", "originator_id_type", "originator_topic")
_ReadAndWrite = tuple[Callable[[bytes], dict[str, Any]], Callable[[dict[str, Any]], bytes]]
# The shape's configuration reads base64 everywhere, but writes it in nested fields only.
_Bytes = Annotated[bytes, PlainSerializer(lambda raw: urlsafe_b64encode(raw).decode())]


class UnknownEvent(Exception):
    """The bytes are no event of this aggregate, or of a version that this program does not know."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one kind of event is written. ``begins`` is true of the event that an aggregate begins with."""

    event_class: type[Any]
    version: int
    head: bytes
    begins: bool
    read: Callable[[bytes], dict[str, Any]]
    write: Callable[[dict[str, Any]], bytes]


class EventCodec:
    """Encodes and decodes the events of one aggregate class.

    ``decode(encode(event))`` gives an equal event; the originator's id and version are not in the
    bytes: the row has them.
    """

    def __init__(self, aggregate: Any) -> None:
        """Take an aggregate class; its ``events`` are all that can be stored of it."""
        self._topic = get_topic(aggregate)
        shapes = [_shape(event_class) for event_class in aggregate.events]
        self._by_name = {shape.event_class.__name__: shape for shape in shapes}
        self._by_head = {shape.head: shape for shape in shapes}
        self._by_class = {shape.event_class: shape for shape in shapes}

    @property
    def topics(self) -> tuple[str, ...]:
        """Names of all events that can be stored."""
        return tuple(self._by_name)

    def encode(self, event: object) -> bytes:
        """Write an event as JSON: ``{"event": …, "version": …, "state": {…}}``."""
        shape = self._by_class.get(type(event))
        if shape is None:
            raise UnknownEvent(type(event).__name__)
        state = {key: value for key, value in vars(event).items() if key not in _ENVELOPE_FIELDS}
        return b"%s%s}" % (shape.head, shape.write(state))

    def decode(self, originator: Any, version: int, encoded: bytes) -> Any:
        """Read the event at a version of an originator. Raises ``UnknownEvent``."""
        try:
            shape, body = self._split(encoded)
            state = shape.read(body)
        except (KeyError, ValueError, msgspec.MsgspecError):
            raise UnknownEvent("not an event of this aggregate") from None
        event_class = shape.event_class
        state["originator_id"] = originator
        state["originator_version"] = version
        if shape.begins:
            state["originator_topic"] = self._topic
        event = object.__new__(event_class)
        object.__setattr__(event, "__dict__", state)
        return event

    def _split(self, encoded: bytes) -> tuple[_Shape, bytes]:
        """Find an event's shape, and its body upcast to the version that this program knows."""
        at = encoded.index(_STATE) + len(_STATE)
        if encoded[-1:] != b"}":
            raise ValueError
        head, body = encoded[:at], encoded[at:-1]
        shape = self._by_head.get(head)
        if shape is not None:
            return shape, body
        older = _HEAD.fullmatch(head)
        if older is None:
            raise ValueError
        shape, written_as = self._by_name[older[1].decode()], int(older[2])
        if written_as > shape.version:
            raise UnknownEvent(older[1].decode())
        return shape, _upcast(shape.event_class, written_as, shape.version, body)

    def fold(self, event: Any, aggregate: Any) -> Any:
        """Apply an opened event to its aggregate, as the event's own ``mutate`` does, with fewer calls.

        Raises ``OriginatorVersionError`` if it is not the next.
        """
        shape = self._by_class.get(type(event))
        if shape is None or shape.begins or aggregate is None:
            return event.mutate(aggregate)
        version = event.originator_version
        if version != aggregate.version + 1:
            raise OriginatorVersionError(version, aggregate.version + 1)
        event.apply(aggregate)
        aggregate.version = version
        aggregate.modified_on = event.timestamp
        return aggregate


def _shape(event_class: type[Any]) -> _Shape:
    version = getattr(event_class, "class_version", 1)
    hints = {
        name: hint
        for name, hint in get_type_hints(event_class).items()
        if name not in _ENVELOPE_FIELDS
    }
    holds_bytes = any(map(_holds_bytes, msgspec.inspect.multi_type_info(hints.values())))
    read, write = (_with_pydantic if holds_bytes else _with_msgspec)(event_class.__name__, hints)
    return _Shape(
        event_class=event_class,
        version=version,
        head=b'{"event":"%s","version":%d%s' % (event_class.__name__.encode(), version, _STATE),
        begins=issubclass(event_class, CanInitAggregate),
        read=read,
        write=write,
    )


def _upcast(event_class: type[Any], written_as: int, current: int, body: bytes) -> bytes:
    state = json.loads(body)
    for version in range(written_as, current):
        getattr(event_class, f"upcast_v{version}_v{version + 1}")(state)
    return json.dumps(state).encode()


def _holds_bytes(kind: msgspec.inspect.Type) -> bool:
    """Whether a type is bytes, or has a part that is."""
    if isinstance(kind, msgspec.inspect.BytesType):
        return True
    parts = [getattr(kind, name, None) for name in ("item_type", "key_type", "value_type")]
    parts += getattr(kind, "item_types", ()) + getattr(kind, "types", ())
    parts += [field.type for field in getattr(kind, "fields", ())]
    return any(_holds_bytes(part) for part in parts if part is not None)


def _with_msgspec(name: str, hints: Mapping[str, Any]) -> _ReadAndWrite:
    fields = msgspec.defstruct(name, list(hints.items()), forbid_unknown_fields=True)
    decode = msgspec.json.Decoder(fields).decode

    def read(body: bytes) -> dict[str, Any]:
        return msgspec.structs.asdict(decode(body))

    return read, msgspec.json.Encoder().encode


def _with_pydantic(name: str, hints: Mapping[str, Any]) -> _ReadAndWrite:
    """Events with keys and digests, of the directory alone: stored as base64url, which msgspec does not read."""
    make_shape: Any = TypedDict
    shape = make_shape(
        name, {field: _Bytes if hint is bytes else hint for field, hint in hints.items()}
    )
    shape.__pydantic_config__ = ConfigDict(
        ser_json_bytes="base64", val_json_bytes="base64", extra="forbid"
    )
    adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(shape)
    return adapter.validate_json, adapter.dump_json
