"""What the sealed store records and loads, and what it refuses (cases 31 and 32)."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from domain.access import Access
from domain.cards import Face
from domain.journey import entries
from domain.refusals import Refusal
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.grant import new_epoch
from tests.infrastructure.store.tampered import C, House
from tests.telling.journeys import read_journey
from tests.telling.town import action


def test_what_nobody_could_ever_read_is_not_stored(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    entered = read_journey(town, session, journey)
    version = entered.journey.version
    content = action("pour personne", town.clock.now.date())
    entries.append(
        entered.journey, entered.author, C.CHILDREN, content, "child_protection", entered.at
    )
    audience_of = entered.audience_of

    def nobody(lock: int) -> Any:
        found = audience_of(lock)
        return replace(found, holders=()) if lock == C.CHILDREN.code else found

    with pytest.raises(Refusal):
        town.services.journeys.store(
            session, entered.loaded, Access("append", entered.at, journey), nobody
        )
    again = town.services.journeys.load(session, journey, lambda _: house.keys)
    assert again.aggregate.version == version


@pytest.mark.parametrize("about", [None, uuid4()])
def test_an_act_is_stored_with_an_entry_about_itself_alone(house: House, about: Any) -> None:
    """Else the entry would not vouch for what is stored with it."""
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    entered = read_journey(town, session, journey)
    access = Access("consult", entered.at, about)
    with pytest.raises(ValueError, match="consult"):
        town.services.journeys.store(session, entered.loaded, access, entered.audience_of)


def test_an_epoch_at_hand_that_no_set_names_is_refused(house: House) -> None:
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    assert town.services.journeys.load(session, journey, lambda _: house.keys) is not None
    stranger = new_epoch(C.FOLLOW_UP.code, session.certificate)
    session.known_epochs(journey)[stranger.id] = stranger
    with pytest.raises(Tampered):
        town.services.journeys.load(session, journey, lambda _: house.keys)


def test_an_unknown_journey_and_one_without_keys_are_both_nothing(house: House) -> None:
    services, session = house.town.services, house.town.log_in("spip.un")
    assert services.journeys.load(session, uuid4(), lambda _: house.keys) is None
    assert services.journeys.load(session, house.journeys[0], lambda _: house.keys) is None


def test_a_card_of_another_version_is_not_opened(house: House) -> None:
    """A card belongs to the version that wrote it."""
    town, journey = house.town, house.journeys[0]
    session = town.log_in("cidff.un")
    loaded = town.services.journeys.load(session, journey, lambda _: house.keys)
    house.tamper("UPDATE relais.card SET version = version + 1 WHERE originator = %b", journey)
    moved = town.services.journeys.load(session, journey, lambda _: house.keys)
    with pytest.raises(Tampered):
        town.services.journeys.card_of(moved, Face.FRAME)
    house.tamper("UPDATE relais.card SET version = version - 1 WHERE originator = %b", journey)
    assert town.services.journeys.card_of(loaded, Face.FRAME) is not None
    assert town.services.journeys.card_of(loaded, 9) is None


def test_the_attacker_of_these_tests_can_write(house: House) -> None:
    """Else nothing here would show anything."""
    before = house.rows("ledger_body", "body")
    statement = "UPDATE relais.ledger_body SET body = body || '\\x00'::bytea"
    house.tamper(statement)
    changed = house.rows("ledger_body", "body")
    assert sorted(one for _, one in changed) == sorted(one + b"\0" for _, one in before)
