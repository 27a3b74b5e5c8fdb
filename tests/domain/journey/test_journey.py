"""The root of a journey: its opening, its events, its code, and any sequence of its commands."""

from uuid import UUID

import pytest
from hypothesis import given

import domain.journey
from domain.compartments import Compartment
from domain.journey.code import code_of
from domain.journey.journey import Information, Journey, JourneyOpened
from domain.journey.partners import PartnerInvited
from domain.journey.person import Person
from domain.refusals import Refusal
from tests.domain.given import (
    NOW,
    TODAY,
    Call,
    Fact,
    assert_reloads,
    decisions,
    declared_events,
    event_class,
    fact,
    facts_of,
    named,
    sequences,
)
from tests.domain.journey.facts import (
    CIDFF,
    COMMANDS,
    DAY,
    INTERVIEW,
    INVITED,
    OPENED,
    TOLD,
    written,
)


def test_opening_records_how_the_person_was_told() -> None:
    journey = Journey.open(named("Chalon"), CIDFF, TOLD, NOW)
    assert facts_of(journey) == [OPENED]
    assert journey.lead == named("CIDFF")
    assert journey.takes_part(named("CIDFF"))
    assert not journey.takes_part(named("police"))
    assert [note.code for note in journey.frame_notes] == ["opened"]


@pytest.mark.parametrize(
    ("information", "field"),
    [
        (Information(None, None, None), "given_on"),
        (Information(TODAY + DAY, "spoken", "fr"), "given_on"),
        (Information(TODAY, None, "fr"), "manner"),
        (Information(TODAY, "spoken", None), "language"),
        (Information(None, None, None, "danger"), "review_on"),
        (Information(None, None, None, "danger", TODAY - DAY), "review_on"),
        (Information(None, None, None, "danger", TODAY + 31 * DAY), "review_on"),
    ],
)
def test_opening_without_telling_is_refused_8_1(information: Information, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        Journey.open(named("Chalon"), CIDFF, information, NOW)
    assert getattr(refused.value, "field", None) == field


def test_information_may_be_deferred_for_thirty_days_8_1() -> None:
    deferred = Information(None, None, None, "danger", TODAY + 30 * DAY)
    assert Journey.open(named("Chalon"), CIDFF, deferred, NOW).information == deferred


@pytest.mark.parametrize(
    ("one", "compartment"),
    [
        (written(INTERVIEW, where=Compartment.HEALTH), Compartment.HEALTH),
        (INVITED, Compartment.FRAME),
        (fact("PersonRecorded", author=CIDFF, person=Person("Mme A.")), Compartment.IDENTITY),
        (fact("SafeContactRecorded", author=CIDFF, text="x"), Compartment.CONTACT),
    ],
)
def test_each_event_is_sealed_in_its_compartment(one: Fact, compartment: Compartment) -> None:
    event = event_class(Journey, one.name)(
        originator_id=named("Journey"), originator_version=2, **one.fields
    )
    assert event.compartment is compartment


@pytest.mark.parametrize("declared", Journey.events)
def test_each_event_says_itself_in_what_compartment_it_is_sealed(declared: type) -> None:
    assert "compartment" in {**vars(declared), **declared.__annotations__}


def test_every_event_of_a_chapter_is_in_the_list() -> None:
    assert set(Journey.events) == declared_events(domain.journey)
    assert len({declared.__name__ for declared in Journey.events}) == len(Journey.events)


def test_older_events_did_not_ask_in_what_capacity() -> None:
    opened: dict[str, object] = {}
    JourneyOpened.upcast_v1_v2(opened)
    asked: dict[str, object] = {}
    PartnerInvited.upcast_v2_v3(asked)
    assert opened == asked == {"capacities": None}


def test_the_code_on_screen_is_neutral_and_of_six_letters() -> None:
    assert code_of(UUID("00000000-0000-4000-8000-000000000000")) == "0000-00"
    assert code_of(UUID("ffffffff-0000-4000-8000-000000000000")) == "ZZZZ-ZZ"
    assert code_of(UUID("39ce715c-0000-4000-8000-000000000000")) == "7777-2Q"


@given(sequences(COMMANDS))
def test_any_sequence_reloads_from_its_events(sequence: list[Call]) -> None:
    journey = assert_reloads(Journey.open(named("Chalon"), CIDFF, TOLD, NOW), sequence)
    awaiting = journey.awaiting()
    assert awaiting == sorted(awaiting, key=lambda entry: (entry.content.due, entry.version))
    assert journey.takes_part(journey.lead)


def test_every_command_is_in_the_sequences() -> None:
    assert decisions(domain.journey) == set(COMMANDS)
