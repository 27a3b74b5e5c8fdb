"""Three lists: given these events, when this command, then these events or this refusal."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from inspect import isfunction
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Generic, Self, TypeVar, cast
from uuid import UUID, uuid5

from eventsourcing.domain import Aggregate
from eventsourcing.utils import get_topic
from hypothesis import strategies as st

from domain.author import Author
from domain.refusals import InvalidValue, Refusal

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
_NAMES = UUID("6f0a2a8e-7c0b-4a39-9f7e-3d1d5f2c9b11")
_OF_THE_ROW = {"originator_id", "originator_version", "originator_topic"}

A = TypeVar("A", bound=Aggregate)


def named(name: str) -> UUID:
    """The identifier of something that a test calls by name."""
    return uuid5(_NAMES, name)


def author(referent: str, institution: str) -> Author:
    return Author(named(referent), named(institution))


@dataclass(frozen=True)
class Fact:
    """An event, without its place in the row."""

    name: str
    fields: Mapping[str, Any]


def fact(name: str, /, **fields: Any) -> Fact:
    """An event that happened now, unless ``timestamp`` says otherwise."""
    return Fact(name, {"timestamp": NOW, **fields})


Command = Callable[..., object]
"""A decision of a chapter: a function of an aggregate and of what the decision is about."""


@dataclass(frozen=True)
class Call:
    """A command that hypothesis can print."""

    command: Command
    arguments: Mapping[str, Any]

    def __call__(self, aggregate: Aggregate) -> object:
        return self.command(aggregate, **self.arguments)


Commands = Mapping[Command, dict[str, st.SearchStrategy[Any]]]
"""What each command of an aggregate may be given."""


def sequences(commands: Commands) -> st.SearchStrategy[list[Call]]:
    """Any sequence of the commands."""
    calls = [
        st.builds(partial(Call, command), st.fixed_dictionaries(arguments))
        for command, arguments in commands.items()
    ]
    return st.lists(st.one_of(calls), max_size=12)


class Given(Generic[A]):
    """An aggregate with a past; then one command, and what came of it."""

    def __init__(self, kind: type[A], *past: Fact) -> None:
        loaded: Any = None
        for version, one in enumerate(past, start=1):
            row = {"originator_id": named(kind.__name__), "originator_version": version}
            if version == 1:
                row["originator_topic"] = get_topic(kind)
            loaded = event_class(kind, one.name)(**row, **one.fields).mutate(loaded)
        self.aggregate = cast("A", loaded)
        self.refusal: Refusal | None = None

    def when(self, command: Callable[[A], object]) -> Self:
        try:
            command(self.aggregate)
        except Refusal as refusal:
            self.refusal = refusal
        return self

    def then(self, *expected: Fact) -> A:
        """Exactly these events; gives the aggregate, to look at what they changed."""
        assert self.refusal is None, self.refusal.message
        assert facts_of(self.aggregate) == list(expected)
        return self.aggregate

    def then_refused(
        self, saying: str, article: str | None = None, field: str | None = None
    ) -> None:
        """No event, and this refusal."""
        assert self.refusal is not None
        assert saying in self.refusal.message
        assert self.refusal.article == article
        refused = self.refusal.field if isinstance(self.refusal, InvalidValue) else None
        assert refused == field
        assert facts_of(self.aggregate) == []


def facts_of(aggregate: Aggregate) -> list[Fact]:
    """The events that wait to be stored."""
    return [
        Fact(
            type(event).__name__,
            {name: value for name, value in vars(event).items() if name not in _OF_THE_ROW},
        )
        for event in aggregate.collect_events()
    ]


def event_class(kind: Any, name: str) -> Any:
    """The event of an aggregate that is stored under a name."""
    return next(known for known in kind.events if known.__name__ == name)


def declared_events(folder: ModuleType) -> set[object]:
    """Every event class that a module of an aggregate's folder declares."""
    return {
        member
        for member in _declared(folder)
        if isinstance(member, type) and issubclass(member, Aggregate.Event)
    }


def decisions(folder: ModuleType) -> set[Command]:
    """Every function in the modules of an aggregate's folder that triggers an event."""
    return {
        member
        for member in _declared(folder)
        if isfunction(member) and "trigger_event" in member.__code__.co_names
    }


def _declared(folder: ModuleType) -> list[Any]:
    """Everything that the modules of a folder declare themselves."""
    modules = [
        import_module(f"{folder.__name__}.{one.name}") for one in iter_modules(folder.__path__)
    ]
    return [
        member
        for module in modules
        for member in vars(module).values()
        if getattr(member, "__module__", None) == module.__name__
    ]


def assert_reloads(aggregate: A, commands: list[Call]) -> A:
    """Run the commands: each is done or refused, a refusal changes nothing, and the events give
    back an equal aggregate.
    """
    for command in commands:
        before = deepcopy(aggregate)
        try:
            command(aggregate)
        except Refusal:
            assert vars(aggregate) == vars(before)
    reloaded: Any = None
    for event in deepcopy(aggregate).collect_events():
        reloaded = event.mutate(reloaded)
    aggregate.collect_events()
    assert reloaded == aggregate
    return aggregate
