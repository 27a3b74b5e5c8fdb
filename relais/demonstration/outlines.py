"""The example network, and the outline of each invented journey with its calendar, read from TOML files."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import resources
from random import Random
from typing import Any, Self

from domain.compartments import Compartment
from domain.journey.capacities import Capacity
from domain.journey.journey import Information
from domain.journey.person import Person
from domain.territory import ZONE
from relais.founding.network_plan import NetworkPlan, read_plan

_DATA = resources.files("relais.demonstration")
_OFFICE_OPENS = 8
_OFFICE_MINUTES = 9 * 60
_NIGHT_BEGINS = 20
_NIGHT_MINUTES = 4 * 60
_SATURDAY = 5
_REVIEWED_AFTER = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned action that is still to do: by which institution, and how many days from today."""

    by: str
    due: int


@dataclass(frozen=True, slots=True)
class Remark:
    """An entry of this journey alone: its author's institution, its words, and at which share of the journey."""

    by: str
    kind: str
    text: str
    share: float
    compartment: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The capacities of an institution from a share of the journey's length on."""

    of: str
    share: float
    does: frozenset[Capacity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The facts that make one journey different from others. Days count back from today; shares run from 0 to 1.

    ``narrow``: a scope other than all that the institution may hold; ``grounds``: a ground other
    than the person's consent; ``does``: the capacities of an institution, if they are not all that it may have,
    and ``changes`` of them; ``remarks``: entries of its own; ``restricted``: the login of a referent kept out.
    """

    known_as: str
    lead: str
    opened: int
    last: int
    entries: int
    contact: str
    aggressor: str
    first_name: str = ""
    surname: str = ""
    birth: date | None = None
    man: bool = False
    children: str = ""
    language: str = "fr"
    manner: str = "spoken"
    deferred: str | None = None
    refuses: bool = False
    closed: str | None = None
    reopened: str | None = None
    restricted: str | None = None
    partners: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    awaiting: tuple[Planned, ...] = ()
    withdrawn: Mapping[str, float] = field(default_factory=dict)
    given_again: Mapping[str, float] = field(default_factory=dict)
    left: Mapping[str, float] = field(default_factory=dict)
    narrow: Mapping[str, frozenset[Compartment]] = field(default_factory=dict)
    grounds: Mapping[str, str] = field(default_factory=dict)
    does: Mapping[str, frozenset[Capacity]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a table of the file. Raises ``TypeError`` for a name that is not a field."""
        lists = {name: tuple(row.get(name, ())) for name in ("partners", "pending", "declined")}
        return cls(
            **{
                **row,
                **lists,
                "remarks": tuple(Remark(**remark) for remark in row.get("remarks", ())),
                "awaiting": tuple(Planned(**planned) for planned in row.get("awaiting", ())),
                "does": {
                    code: frozenset(map(Capacity, names))
                    for code, names in row.get("does", {}).items()
                },
                "changes": tuple(
                    Change(change["of"], change["share"], frozenset(map(Capacity, change["does"])))
                    for change in row.get("changes", ())
                ),
                "narrow": {
                    code: frozenset(map(Compartment, names))
                    for code, names in row.get("narrow", {}).items()
                },
            }
        )

    @property
    def person(self) -> Person:
        """The person's identity."""
        return Person(self.known_as, self.surname, self.first_name, self.birth)

    def information(self, opened_on: date) -> Information:
        """How the person was informed on the day of opening, or why this was put off."""
        if self.deferred is not None:
            return Information(None, None, None, self.deferred, opened_on + _REVIEWED_AFTER)
        return Information(opened_on, self.manner, self.language)


def network() -> NetworkPlan:
    """The example network: the institutions as published, with invented referents."""
    return read_plan(_DATA / "reseau-chalon.toml", _DATA / "people.toml")


def read_outlines() -> list[Outline]:
    """Every outline, in the file's order."""
    text = (_DATA / "outlines.toml").read_text("utf-8")
    return [Outline.of(row) for row in tomllib.loads(text)["story"]]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one journey, and times on them; never later than its last day."""

    first: date
    last: date
    random: Random

    @property
    def length(self) -> int:
        """The number of days from the first to the last."""
        return (self.last - self.first).days

    def day_at(self, share: float) -> date:
        """The day at a share (0 to 1) of the journey."""
        return self.first + timedelta(days=round(self.length * share))

    def office_hour(self, day: date) -> datetime:
        """A time of that day at which offices are open."""
        return self._time(day, _OFFICE_OPENS, _OFFICE_MINUTES)

    def night_hour(self, day: date) -> datetime:
        """A time in that day's evening."""
        return self._time(day, _NIGHT_BEGINS, _NIGHT_MINUTES)

    def soon_after(self, moment: datetime) -> datetime:
        """Some minutes later."""
        return moment + timedelta(minutes=self.random.randint(9, 34))

    def _time(self, day: date, hour: int, minutes: int) -> datetime:
        begin = datetime.combine(day, time(hour), ZONE)
        return begin + timedelta(minutes=self.random.randrange(minutes))


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    beyond = day.weekday() - _SATURDAY
    return day if beyond < 0 else day + timedelta(days=2 - beyond)
