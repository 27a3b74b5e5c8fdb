"""Events as JSON and back, for a closed list of aggregates.

A topic is an event's short name in its aggregate; what is not in the list is refused, so that no stored row can name a
module to import. Older versions are upcast, as ``eventsourcing`` does, before their fields are checked.
"""

import json
import re
from base64 import urlsafe_b64encode
from typing import Annotated, Any, get_type_hints

from eventsourcing.domain import Aggregate, CanInitAggregate
from eventsourcing.utils import get_topic
from pydantic import ConfigDict, PlainSerializer, TypeAdapter, ValidationError
from typing_extensions import TypedDict

_HEAD = re.compile(rb'\{"event":"([A-Za-z]+)","version":([1-9][0-9]*),"state":')
# What every aggregate class is given to derive its own events from; neither is ever stored.
_BASES = ("Event", "Created")
_EVENTS = (Aggregate.Event, Aggregate.Created)
_ENVELOPE_FIELDS = ("originator_id", "originator_version", "originator_id_type", "originator_topic")
# The shape's configuration reads base64 everywhere, but writes it in nested fields only.
_Bytes = Annotated[bytes, PlainSerializer(lambda raw: urlsafe_b64encode(raw).decode())]


class UnknownEvent(Exception):
    """The bytes are no event of this aggregate, or of a version that this program does not know."""


class EventCodec:
    """Encodes and decodes the events of one aggregate class.

    ``decode(encode(event))`` gives an equal event; the originator's id and version are not in the
    bytes, since they are the row's.
    """

    def __init__(self, aggregate: type[Aggregate]) -> None:
        """Take every event class that the aggregate defines."""
        self._topic = get_topic(aggregate)
        self._classes: dict[str, type[Any]] = {}
        self._adapters: dict[str, TypeAdapter[dict[str, Any]]] = {}
        for name, member in vars(aggregate).items():
            if name not in _BASES and isinstance(member, type) and issubclass(member, _EVENTS):
                self._classes[name] = member
                self._adapters[name] = _adapter(member)

    @property
    def topics(self) -> tuple[str, ...]:
        """The names of all events that can be stored."""
        return tuple(self._classes)

    def encode(self, event: object) -> bytes:
        """The event as JSON: ``{"event": …, "version": …, "state": {…}}``."""
        name = type(event).__name__
        if self._classes.get(name) is not type(event):
            raise UnknownEvent(name)
        state = {key: value for key, value in vars(event).items() if key not in _ENVELOPE_FIELDS}
        version = getattr(type(event), "class_version", 1)
        body = self._adapters[name].dump_json(state)
        return b'{"event":"%s","version":%d,"state":%s}' % (name.encode(), version, body)

    def decode(self, originator: Any, version: int, encoded: bytes) -> Any:
        """The event that stands at a version of an originator. Raises ``UnknownEvent``."""
        try:
            name, written_as, body = _split(encoded)
            event_class = self._classes[name]
            current = getattr(event_class, "class_version", 1)
            if written_as > current:
                raise UnknownEvent(name)
            if written_as < current:
                body = _upcast(event_class, written_as, current, body)
            state = self._adapters[name].validate_json(body)
        except (KeyError, ValueError, ValidationError):
            raise UnknownEvent("not an event of this aggregate") from None
        state["originator_id"] = originator
        state["originator_version"] = version
        if issubclass(event_class, CanInitAggregate):
            state["originator_topic"] = self._topic
        event = object.__new__(event_class)
        object.__setattr__(event, "__dict__", state)
        return event


def _split(encoded: bytes) -> tuple[str, int, bytes]:
    """Name, version and body, without parsing the body twice."""
    head = _HEAD.match(encoded)
    if head is None or not encoded.endswith(b"}"):
        raise ValueError
    return head[1].decode(), int(head[2]), encoded[head.end() : -1]


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
