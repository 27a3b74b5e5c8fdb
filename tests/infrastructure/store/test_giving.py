"""Keys as they are given and passed on, told as stories."""

import pytest

from application.door.refusing import Refused
from application.gateway import on_call
from application.referent import listing
from domain.access import Access
from domain.compartments import Compartment
from domain.journey.entries import Entry, SealedEntry
from domain.journey.partners import Basis
from domain.network.members import Standing
from domain.storing import DirectoryMoved
from tests.databases import FreshDatabase
from tests.infrastructure.store.giving import given, joined, loaded_by, opened, seen, written
from tests.telling.journeys import (
    accept,
    act_as,
    give_consent,
    invite,
    keep_apart,
    read_journey,
    withdraw_consent,
)
from tests.telling.town import Town, consent

C = Compartment
pytestmark = pytest.mark.usefixtures("verified")


def test_a_deposit_waits_at_the_desk_for_the_first_who_may_read_it(town: Town) -> None:
    """Article 5.0: not for the second, who came when it was the past already."""
    journey = opened(town, "cidff.un", "ville")
    version = written(town, "cidff.un", journey, C.PROCEEDINGS)
    assert isinstance(seen(town, "cidff.un", journey)[version], SealedEntry)
    joined(town, "cidff.un", "police", journey)
    assert isinstance(seen(town, "police.un", journey)[version], SealedEntry)
    joined(town, "cidff.un", "spip", journey)
    seen(town, "ville.un", journey)
    assert isinstance(seen(town, "police.un", journey)[version], Entry)
    seen(town, "ville.un", journey)
    assert isinstance(seen(town, "spip.un", journey)[version], SealedEntry)


def test_the_desk_hands_over_though_the_gateway_takes_no_part(town: Town) -> None:
    """Article 5.0: what waits for a reader goes to the first of them, by the next session of the desk, unread."""
    journey = opened(town, "cidff.un")
    version = written(town, "cidff.un", journey, C.PROCEEDINGS)
    assert act_as(town, town.log_in("ville.un"), on_call.hand_over) == []
    joined(town, "cidff.un", "police", journey)
    joined(town, "cidff.un", "spip", journey)
    seen(town, "cidff.un", journey)
    assert isinstance(seen(town, "police.un", journey)[version], SealedEntry)
    for login in ("cidff.un", "ville.trois"):
        assert act_as(town, town.log_in(login), on_call.hand_over) == []
    assert act_as(town, town.log_in("ville.un"), on_call.hand_over) == [journey]
    assert act_as(town, town.log_in("ville.un"), on_call.hand_over) == []
    assert isinstance(seen(town, "police.un", journey)[version], Entry)
    assert isinstance(seen(town, "spip.un", journey)[version], SealedEntry)
    with pytest.raises(Refused):
        seen(town, "ville.un", journey)


def test_somebody_on_call_hands_over_by_looking_at_their_list(town: Town) -> None:
    journey = opened(town, "cidff.un")
    version = written(town, "cidff.un", journey, C.PROCEEDINGS)
    joined(town, "cidff.un", "police", journey)
    act_as(town, town.log_in("ville.un"), listing.my_journeys)
    assert isinstance(seen(town, "police.un", journey)[version], Entry)


def test_what_waits_is_not_lost_where_the_whole_desk_is_kept_apart(town: Town) -> None:
    """What is left without a reader stays for who recovers the group's key: its last grant is not destroyed."""
    journey = opened(town, "ville.un")
    version = written(town, "ville.un", journey, C.PROCEEDINGS)
    town.name_on_call("ville.deux", "ville.trois")
    keep_apart(town, town.log_in("ville.un"), journey, "ville.deux", "ville.trois")
    seen(town, "ville.un", journey)
    joined(town, "ville.un", "police", journey)
    seen(town, "ville.un", journey)
    assert isinstance(seen(town, "police.un", journey)[version], Entry)


def test_who_is_kept_apart_hands_nothing_over(town: Town) -> None:
    """Article 11.1: and what is recorded of it is nothing but the answer for what does not exist."""
    journey = opened(town, "cidff.un")
    written(town, "cidff.un", journey, C.PROCEEDINGS)
    keep_apart(town, town.log_in("cidff.un"), journey, "ville.un")
    joined(town, "cidff.un", "police", journey)
    assert act_as(town, town.log_in("ville.un"), on_call.hand_over) == []
    assert act_as(town, town.log_in("ville.deux"), on_call.hand_over) == [journey]


def test_a_consent_opens_no_health_that_was_written_under_another_ground(town: Town) -> None:
    """Article 8.2: on the care team's ground an association reads no health, and what was written then is the past."""
    journey = opened(town, "cidff.un", "ville", "hopital")
    everything = frozenset({C.HEALTH, C.FOLLOW_UP})
    care = Basis("care_team", everything, "ongoing_work", told="prévenue")
    invite(town, town.log_in("cidff.un"), journey, "spip", care)
    accept(town, town.log_in("spip.un"), journey)
    before = written(town, "hopital.un", journey, C.HEALTH)
    agreed = consent(everything)
    give_consent(town, town.log_in("cidff.un"), journey, "spip", agreed)
    after = written(town, "hopital.un", journey, C.HEALTH)
    found = seen(town, "spip.un", journey)
    assert isinstance(found[before], SealedEntry)
    assert isinstance(found[after], Entry)


def test_what_lost_its_readers_does_not_go_to_the_desk(database: FreshDatabase, town: Town) -> None:
    journey = opened(town, "cidff.un", "ville", "hopital")
    written(town, "hopital.un", journey, C.HEALTH)
    withdraw_consent(town, town.log_in("cidff.un"), journey, "hopital")
    desk = town.installation.directory.current().on_call_group()
    assert desk is not None
    before = given(database, journey, desk.id)[0]
    seen(town, "cidff.un", journey)
    seen(town, "ville.un", journey)
    assert given(database, journey, desk.id)[0] == before


def test_what_was_passed_on_a_moment_ago_is_not_passed_on_again(
    database: FreshDatabase, town: Town
) -> None:
    journey = opened(town, "cidff.un", "police")
    written(town, "cidff.un", journey, C.FOLLOW_UP)
    session, police = town.log_in("cidff.un"), town.institutions["police"].id
    entered = read_journey(town, session, journey)
    before = given(database, journey, police)
    # when the same session consults again what it holds open
    access = Access("consult", town.clock(), subject=journey)
    number = town.services.journeys.store(session, entered.loaded, access, entered.audience_of)
    # then the consult is in the ledger, and nobody was given anything
    assert number > 0
    assert given(database, journey, police) == before


def test_what_was_written_while_an_institution_was_excluded_is_the_past(town: Town) -> None:
    """Articles 1.2 and 8.2: it comes back as a newcomer, to whom facts are open and the rest is not."""
    journey = opened(town, "cidff.un", "police", "spip")
    police = town.institutions["police"].id
    before = written(town, "spip.un", journey, C.PROCEEDINGS)
    town.set_standing(police, Standing.EXCLUDED)
    meanwhile = written(town, "spip.un", journey, C.PROCEEDINGS)
    fact = written(town, "spip.un", journey, C.FOLLOW_UP)
    town.set_standing(police, Standing.ACTIVE)
    since = written(town, "spip.un", journey, C.PROCEEDINGS)
    seen(town, "spip.un", journey)
    found = seen(town, "police.un", journey)
    assert isinstance(found[meanwhile], SealedEntry)
    assert all(isinstance(found[version], Entry) for version in (before, fact, since))


def test_who_lacks_a_part_of_the_frame_reads_nothing_until_it_is_passed_on(town: Town) -> None:
    """No rule may be computed on half a frame."""
    journey = opened(town, "cidff.un", "police")
    police = town.institutions["police"].id
    for standing in (Standing.EXCLUDED, Standing.ACTIVE):
        town.set_standing(police, standing)
        if standing is Standing.EXCLUDED:
            joined(town, "cidff.un", "social", journey)
    assert loaded_by(town, "police.un", journey) is None
    seen(town, "cidff.un", journey)
    assert loaded_by(town, "police.un", journey) is not None


def test_nothing_is_recorded_for_readers_of_an_older_directory(town: Town) -> None:
    """Whoever was excluded since would be given the key."""
    journey = opened(town, "cidff.un", "police")
    session, police = town.log_in("cidff.un"), town.institutions["police"].id
    entered = read_journey(town, session, journey)
    town.set_standing(police, Standing.EXCLUDED)
    access = Access("consult", town.clock(), subject=journey)
    with pytest.raises(DirectoryMoved):
        town.services.journeys.store(session, entered.loaded, access, entered.audience_of)


def test_one_person_who_stands_in_for_two_groups_is_given_the_key_once(
    database: FreshDatabase, town: Town
) -> None:
    journey = opened(town, "cidff.un", "ville")
    town.set_standing(town.referents["ville.deux"], Standing.LEFT)
    version = written(town, "cidff.un", journey, C.DANGER)
    assert given(database, journey, town.referents["ville.un"])[0] > 0
    assert isinstance(seen(town, "ville.un", journey)[version], Entry)


def test_a_key_that_was_given_again_is_written_under_no_more(town: Town) -> None:
    """Though exactly today's readers have it by then: one of them gave it again, who need not have made it."""
    journey = opened(town, "cidff.un", "social")
    first = written(town, "cidff.un", journey, C.FOLLOW_UP)
    joined(town, "cidff.un", "police", journey)
    seen(town, "cidff.un", journey)
    second = written(town, "cidff.un", journey, C.FOLLOW_UP)
    loaded = loaded_by(town, "cidff.un", journey)
    before, after = loaded.body_epochs[first - 1], loaded.body_epochs[second - 1]
    assert loaded.granted(before) == loaded.granted(after)
    assert before != after
