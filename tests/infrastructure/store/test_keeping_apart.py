"""Keys that a restriction takes away, and those that the others are given (article 11.1), told as stories."""

import pytest

from application.door.refusing import Refused
from domain.compartments import Compartment
from domain.journey.entries import Entry
from domain.network.members import Standing
from tests.databases import FreshDatabase
from tests.infrastructure.store.giving import given, loaded_by, opened, seen, written
from tests.telling.journeys import (
    keep_apart,
)
from tests.telling.town import Town

C = Compartment
pytestmark = pytest.mark.usefixtures("verified")


def test_a_restriction_takes_the_keys_of_the_whole_group_away(
    database: FreshDatabase, town: Town
) -> None:
    """Article 11.1: the others read on through a small group, the desk's agents among them."""
    journey = opened(town, "cidff.un", "ville")
    ville, shut = town.institutions["ville"].id, town.referents["ville.un"]
    desk = town.installation.directory.current().on_call_group()
    assert desk is not None
    keep_apart(town, town.log_in("cidff.un"), journey, "ville.un")
    version = written(town, "cidff.un", journey, C.FOLLOW_UP)
    for group in (ville, desk.id):
        ever, standing = given(database, journey, group)
        assert ever > 0
        assert standing == 0
    assert isinstance(seen(town, "ville.deux", journey)[version], Entry)
    with pytest.raises(Refused):
        seen(town, "ville.un", journey)
    loaded = loaded_by(town, "cidff.un", journey)
    holders = loaded.granted_at(version)
    small = loaded.aggregate.restrictions[ville].small_group
    assert small in holders
    assert not {ville, desk.id, shut} & holders


def test_a_second_restriction_takes_the_first_small_groups_keys_away(
    database: FreshDatabase, town: Town
) -> None:
    """Article 11.1: and the one that takes its place is given what it had."""
    town.join("ville", "ville.quatre", by="ville.un")
    journey = opened(town, "cidff.un", "ville")
    ville = town.institutions["ville"].id
    keep_apart(town, town.log_in("cidff.un"), journey, "ville.un")
    between = written(town, "cidff.un", journey, C.FOLLOW_UP)
    first = loaded_by(town, "cidff.un", journey).aggregate.restrictions[ville].small_group
    assert given(database, journey, first)[1] > 0
    keep_apart(town, town.log_in("cidff.un"), journey, "ville.deux")
    seen(town, "cidff.un", journey)
    assert given(database, journey, first)[1] == 0
    assert isinstance(seen(town, "ville.trois", journey)[between], Entry)
    for shut in ("ville.un", "ville.deux"):
        with pytest.raises(Refused):
            seen(town, shut, journey)


def test_who_is_kept_apart_and_then_named_on_call_reads_nothing_written_since(town: Town) -> None:
    """Nobody shut them out of the desk: they were not on it then."""
    journey = opened(town, "cidff.un", "ville")
    shut = town.referents["ville.trois"]
    keep_apart(town, town.log_in("cidff.un"), journey, "ville.trois")
    version = written(town, "cidff.un", journey, C.DANGER)
    town.name_on_call("ville.un", "ville.trois")
    town.log_in("ville.un")
    session = town.log_in("ville.trois")
    desk = town.installation.directory.current().on_call_group()
    assert desk is not None
    assert desk.id in {holder for holder, _ in session.groups}
    loaded = loaded_by(town, "cidff.un", journey)
    holders = loaded.granted_at(version)
    assert town.referents["ville.un"] in holders
    assert not {shut, desk.id, town.institutions["ville"].id} & holders


def test_who_has_left_can_be_kept_apart_all_the_same(town: Town) -> None:
    """They still have the group's key; the small group is then everybody who is left."""
    journey = opened(town, "cidff.un", "police")
    town.set_standing(town.referents["police.deux"], Standing.LEFT)
    keep_apart(town, town.log_in("cidff.un"), journey, "police.deux")
    version = written(town, "cidff.un", journey, C.FOLLOW_UP)
    assert isinstance(seen(town, "police.un", journey)[version], Entry)
