"""To whom a key is passed on, and from whom it is taken away, case by case."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from application.door.journey import Entered
from domain.access import Access
from domain.compartments import Compartment
from domain.holders import Audience
from infrastructure.formats.session import OpenSession
from tests.databases import FreshDatabase
from tests.infrastructure.store.giving import given, opened, written
from tests.telling.journeys import (
    read_journey,
)
from tests.telling.town import Town

C = Compartment
pytestmark = pytest.mark.usefixtures("verified")


LATER = 10**6
PASSED_ON: dict[str, tuple[dict[str, Any], bool]] = {
    "to a reader since then": ({"since": {"new": "born"}}, True),
    "not to a newcomer": ({"since": {"new": LATER}}, False),
    "to a newcomer to whom the past is open": (
        {"since": {"new": LATER}, "opens_past": {"new"}},
        True,
    ),
    "to a reader of whom no version is told": ({}, True),
    "to who came back before": ({"returned": {"new": "counter"}}, True),
    "not to who came back later": ({"returned": {"new": LATER}}, False),
    "to who takes the place of a reader": (
        {"since": {"new": LATER}, "replaces": {"new": {"lead"}}},
        True,
    ),
    "not to who takes the place of somebody else": (
        {"since": {"new": LATER}, "replaces": {"new": {"other"}}},
        False,
    ),
    "what waits, to the first reader": ({"keepers": {"granted"}, "since": {"new": LATER}}, True),
    "what waits, not to the second": (
        {"keepers": {"granted"}, "since": {"new": LATER, "other": 2}},
        False,
    ),
    "what waits, to who came back": ({"keepers": {"granted"}, "returned": {"new": LATER}}, True),
    "what waits, to who keeps it": ({"keepers": {"granted", "new"}}, True),
    "what had readers, not to the desk": ({"keepers": {"new"}, "opens_past": {"new"}}, False),
    "what had readers, to the desk that reads": (
        {"keepers": {"new"}, "since": {"new": LATER}, "opens_past": {"new"}},
        True,
    ),
}


@dataclass
class Looked:
    """What the lead wrote, one more institution that may read it, and the lead's session that looks again."""

    town: Town
    journey: UUID
    session: OpenSession
    entered: Entered
    version: int

    @property
    def loaded(self) -> Any:
        return self.entered.loaded

    @property
    def named(self) -> dict[str, set[UUID]]:
        """Holders as the cases name them; ``granted`` are those that what was written is sealed to."""
        ours = self.town.institutions
        one = {"new": ours["police"].id, "lead": ours["cidff"].id, "other": ours["spip"].id}
        named = {name: {holder} for name, holder in one.items()}
        return {**named, "granted": set(self.loaded.granted_at(self.version))}

    def said(self, value: Any) -> Any:
        """Words of a case as what they stand for."""
        named = self.named
        born, counter = self.loaded.born(self.loaded.body_epochs[self.version - 1])
        if isinstance(value, dict):
            return {one: self.said(held) for name, held in value.items() for one in named[name]}
        if isinstance(value, set):
            return frozenset().union(*(named[name] for name in value))
        return {"born": born, "counter": counter}.get(value, value)

    def look(self, **audience: Any) -> None:
        """Consult, with an audience of which this is told."""
        entered, network = self.entered, self.town.installation.directory.current()
        lock, (new,) = C.FOLLOW_UP.code, self.named["new"]
        told: dict[str, Any] = {
            "since": {},
            "keepers": frozenset(),
            "holders": (*entered.audience_of(lock).holders, *network.keys_of(new)),
            **{name: self.said(value) for name, value in audience.items()},
        }

        def audience_of(asked: int) -> Audience:
            found = entered.audience_of(asked)
            return replace(found, **told) if asked == lock else found

        access = Access("consult", self.town.clock(), subject=self.journey)
        self.town.services.journeys.store(self.session, self.loaded, access, audience_of)


@pytest.fixture
def looked(town: Town) -> Looked:
    journey = opened(town, "cidff.un")
    session = town.log_in("cidff.un")
    version = written(town, "cidff.un", journey, C.FOLLOW_UP)
    entered = read_journey(town, session, journey)
    return Looked(town, journey, session, entered, version)


@pytest.mark.parametrize(("audience", "passed"), PASSED_ON.values(), ids=PASSED_ON)
def test_a_key_is_passed_on(looked: Looked, audience: dict[str, Any], passed: bool) -> None:
    (new,) = looked.named["new"]
    looked.look(**audience)
    assert (new in looked.loaded.granted_at(looked.version)) is passed


TAKEN_AWAY: dict[str, tuple[dict[str, Any], bool]] = {
    "from who is kept apart": ({"shut": {"new"}}, True),
    "from nobody else": ({"shut": {"other"}}, False),
    "not where nobody else has it": ({"shut": {"new", "granted"}}, False),
    "not before who takes the place has it": (
        {"shut": {"new"}, "replaces": {"other": {"new"}}},
        False,
    ),
    "once who takes the place has it": ({"shut": {"new"}, "replaces": {"lead": {"new"}}}, True),
}


@pytest.mark.parametrize(("audience", "taken"), TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_a_key_that_was_passed_on_is_taken_away(
    database: FreshDatabase, looked: Looked, audience: dict[str, Any], taken: bool
) -> None:
    (new,) = looked.named["new"]
    looked.look()
    assert given(database, looked.journey, new) == (1, 1)
    looked.look(**audience)
    assert given(database, looked.journey, new) == (1, 0 if taken else 1)
    # And what was taken away is not taken away again.
    looked.look(**audience)
