"""Events as JSON and back, for a closed list of aggregates.

A topic is an event's short name in its aggregate; what is not in the list is refused, so that no stored row can name a
module to import. Older versions are upcast, as ``eventsourcing`` does, before their fields are checked.
"""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Annotated, Any, get_type_hints

from eventsourcing.domain import (
    Aggregate,
    CanInitAggregate,
    OriginatorVersionError,
    decorated_funcs,
)
from eventsourcing.utils import get_topic
from pydantic import ConfigDict, PlainSerializer, TypeAdapter, ValidationError
from typing_extensions import TypedDict

_STATE = b',"state":'
_HEAD = re.compile(rb'\{"event":"([A-Za-z]+)","version":([1-9][0-9]*),"state":')
# What every aggregate class is given to derive its own events from; neither is ever stored.
_BASES = ("Event", "Created")
_EVENTS = (Aggregate.Event, Aggregate.Created)
_ENVELOPE_FIELDS = ("originator_id", "originator_version", "originator_id_type", "originator_topic")
# The shape's configuration reads base64 everywhere, but writes it in nested fields only.
_Bytes = Annotated[bytes, PlainSerializer(lambda raw: urlsafe_b64encode(raw).decode())]


class UnknownEvent(Exception):
    """The bytes are no event of this aggregate, or of a version that this program does not know."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """One kind of event: how it is written, and what applies it. ``method`` and the names of what it takes are those of
    the aggregate's own decorated method."""

    event_class: type[Any]
    version: int
    head: bytes
    begins: bool
    fields: TypeAdapter[dict[str, Any]]
    method: Callable[..., None] | None
    takes: tuple[str, ...]


class EventCodec:
    """Encodes and decodes the events of one aggregate class.

    ``decode(encode(event))`` gives an equal event; the originator's id and version are not in the
    bytes, since they are the row's.
    """

    def __init__(self, aggregate: type[Aggregate]) -> None:
        """Take every event class that the aggregate defines."""
        self._topic = get_topic(aggregate)
        shapes = {
            name: _shape(member)
            for name, member in vars(aggregate).items()
            if name not in _BASES and isinstance(member, type) and issubclass(member, _EVENTS)
        }
        self._by_name = shapes
        self._by_head = {shape.head: shape for shape in shapes.values()}
        self._by_class = {shape.event_class: shape for shape in shapes.values()}

    @property
    def topics(self) -> tuple[str, ...]:
        """The names of all events that can be stored."""
        return tuple(self._by_name)

    def encode(self, event: object) -> bytes:
        """The event as JSON: ``{"event": …, "version": …, "state": {…}}``."""
        shape = self._by_class.get(type(event))
        if shape is None:
            raise UnknownEvent(type(event).__name__)
        state = {key: value for key, value in vars(event).items() if key not in _ENVELOPE_FIELDS}
        return b"%s%s}" % (shape.head, shape.fields.dump_json(state))

    def decode(self, originator: Any, version: int, encoded: bytes) -> Any:
        """The event that stands at a version of an originator. Raises ``UnknownEvent``."""
        try:
            shape, body = self._split(encoded)
            state = shape.fields.validate_json(body)
        except (KeyError, ValueError, ValidationError):
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
        """An event's shape and its body, upcast to the version that this program knows."""
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
        """Apply an opened event to its aggregate: as ``event.mutate`` does, which looks up anew what a method takes.

        Raises ``OriginatorVersionError`` where it is not the next.
        """
        shape = self._by_class.get(type(event))
        if shape is None or shape.method is None or aggregate is None:
            return event.mutate(aggregate)
        if event.originator_version != aggregate.version + 1:
            raise OriginatorVersionError(event.originator_version, aggregate.version + 1)
        state = vars(event)
        shape.method(aggregate, *[state[name] for name in shape.takes])
        aggregate.version = event.originator_version
        aggregate.modified_on = event.timestamp
        return aggregate


def _shape(event_class: type[Any]) -> _Shape:
    version = getattr(event_class, "class_version", 1)
    begins = issubclass(event_class, CanInitAggregate)
    method = None if begins else decorated_funcs.get(event_class)
    return _Shape(
        event_class=event_class,
        version=version,
        head=b'{"event":"%s","version":%d%s' % (event_class.__name__.encode(), version, _STATE),
        begins=begins,
        fields=_adapter(event_class),
        method=method,
        takes=tuple(signature(method).parameters)[1:] if method else (),
    )


def _upcast(event_class: type[Any], written_as: int, current: int, body: bytes) -> bytes:
    state = json.loads(body)
    for version in range(written_as, current):
        getattr(event_class, f"upcast_v{version}_v{version + 1}")(state)
    return json.dumps(state).encode()


def _adapter(event_class: type[Any]) -> TypeAdapter[dict[str, Any]]:
    hints = {
        name: _Bytes if hint is bytes else hint
        for name, hint in get_type_hints(event_class).items()
        if name not in _ENVELOPE_FIELDS
    }
    make_shape: Any = TypedDict
    shape = make_shape(event_class.__name__, hints)
    shape.__pydantic_config__ = ConfigDict(
        ser_json_bytes="base64", val_json_bytes="base64", extra="forbid"
    )
    return TypeAdapter(shape)
