"""Entries: appended, corrected and withdrawn."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from domain.compartments import Compartment
from domain.journey import entries
from domain.journey.entries import TEXT_LIMIT, Content, Entry, SealedEntry
from domain.journey.journey import Journey
from tests.domain.given import NOW, TODAY, Call, event_class, fact, facts_of
from tests.domain.journey.facts import (
    CIDFF,
    COLLEAGUE,
    DAY,
    INTERVIEW,
    POLICE,
    corrected,
    given_journey,
    level,
    withdrawn,
    written,
)


def appending(content: Content, where: Compartment = Compartment.FOLLOW_UP) -> Call:
    arguments = {
        "author": CIDFF,
        "compartment": where,
        "content": content,
        "ground": "person_consent",
        "at": NOW,
    }
    return Call(entries.append, arguments)


def test_an_action_is_appended() -> None:
    journey = given_journey().when(appending(INTERVIEW)).then(written(INTERVIEW))
    assert journey.entries[2] == Entry(
        2, Compartment.FOLLOW_UP, NOW, CIDFF, INTERVIEW, "person_consent"
    )


@pytest.mark.parametrize(
    ("content", "where", "field"),
    [
        (INTERVIEW, Compartment.FRAME, "compartment"),
        (INTERVIEW, Compartment.IDENTITY, "compartment"),
        (INTERVIEW, Compartment.CONTACT, "compartment"),
        (Content("note", " \n", TODAY), Compartment.HEALTH, "text"),
        (Content("note", "x" * (TEXT_LIMIT + 1), TODAY), Compartment.HEALTH, "text"),
        (Content("note", "x", TODAY + DAY), Compartment.HEALTH, "occurred_on"),
        (Content("note", "x", TODAY, completes=2), Compartment.HEALTH, "completes"),
    ],
)
def test_an_action_that_says_nothing_fit_is_refused(
    content: Content, where: Compartment, field: str
) -> None:
    given_journey().when(appending(content, where)).then_refused("", field=field)
    correcting = Call(
        entries.correct, {"author": CIDFF, "version": 2, "content": content, "at": NOW}
    )
    if field != "compartment":
        given_journey(written(INTERVIEW)).when(correcting).then_refused("", field=field)


def test_the_day_is_the_territorys() -> None:
    paris = timezone(timedelta(hours=2))
    just_after_midnight = datetime(2026, 6, 2, 0, 20, tzinfo=paris)
    content = Content("note", "Appel de nuit.", date(2026, 6, 2))
    journey = given_journey().aggregate
    entries.append(
        journey, CIDFF, Compartment.FOLLOW_UP, content, "person_consent", just_after_midnight
    )
    assert [one.fields["content"] for one in facts_of(journey)] == [content]


def test_a_text_of_the_longest_length_is_taken() -> None:
    content = Content("note", "x" * TEXT_LIMIT, TODAY)
    given_journey().when(appending(content)).then(written(content))


def test_a_planned_action_awaits_until_another_completes_it() -> None:
    first = Content("appointment", "CCAS", TODAY + 3 * DAY, due=TODAY + 3 * DAY)
    sooner = Content("hearing", "Tribunal", TODAY + DAY, due=TODAY + DAY)
    given = given_journey(written(first), written(sooner), written(INTERVIEW))
    given.aggregate.seal(5, Compartment.HEALTH.code, None)
    assert [entry.version for entry in given.aggregate.awaiting()] == [3, 2]
    done = Content("appointment", "Fait.", TODAY, completes=3)
    assert [
        entry.version for entry in given.when(appending(done)).then(written(done)).awaiting()
    ] == [2]


def test_what_completed_and_was_withdrawn_awaits_again() -> None:
    planned = Content("appointment", "CCAS", TODAY, due=TODAY)
    done = Content("appointment", "Fait.", TODAY, completes=2)
    journey = given_journey(written(planned), written(done), withdrawn(3)).aggregate
    assert [entry.version for entry in journey.awaiting()] == [2]


def test_a_withdrawn_plan_awaits_nobody() -> None:
    planned = Content("appointment", "CCAS", TODAY, due=TODAY)
    assert given_journey(written(planned), withdrawn(2)).aggregate.awaiting() == []


def test_a_colleague_corrects_and_the_original_stays_9_2() -> None:
    better = Content("interview", "Madame dit : « il m'attend ».", TODAY)
    journey = (
        given_journey(written(INTERVIEW))
        .when(lambda it: entries.correct(it, COLLEAGUE, 2, better, NOW))
        .then(
            fact(
                "ActionCorrected",
                author=COLLEAGUE,
                compartment=Compartment.FOLLOW_UP,
                version=2,
                content=better,
            )
        )
    )
    entry = journey.entries[2]
    assert isinstance(entry, Entry)
    assert (entry.content, entry.history) == (better, [INTERVIEW])


def test_nothing_completes_itself() -> None:
    itself = Content("appointment", "Fait.", TODAY, completes=2)
    given_journey(written(INTERVIEW)).when(
        lambda it: entries.correct(it, CIDFF, 2, itself, NOW)
    ).then_refused("n'existe pas", field="completes")


def test_an_entry_is_withdrawn_and_stays_in_its_place() -> None:
    journey = (
        given_journey(written(INTERVIEW))
        .when(lambda it: entries.withdraw(it, CIDFF, 2, "wrong_facts", NOW))
        .then(withdrawn(2))
    )
    entry = journey.entries[2]
    assert isinstance(entry, Entry)
    assert entry.withdrawn_for == "wrong_facts"


CHANGES = [
    pytest.param(lambda it, by: entries.correct(it, by, 2, INTERVIEW, NOW), id="correct"),
    pytest.param(lambda it, by: entries.withdraw(it, by, 2, "wrong_facts", NOW), id="withdraw"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_institution_does_not_change_an_entry_9_2(change: Any) -> None:
    given_journey(written(INTERVIEW)).when(lambda it: change(it, POLICE)).then_refused(
        "Seule l'institution", "9.2"
    )


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_exist_and_what_is_sealed_are_refused_alike_2_1(change: Any) -> None:
    given_journey().when(lambda it: change(it, CIDFF)).then_refused("n'existe pas", "2.1")
    sealed = given_journey()
    sealed.aggregate.seal(2, Compartment.HEALTH.code, TODAY)
    sealed.when(lambda it: change(it, CIDFF)).then_refused("n'existe pas", "2.1")


@pytest.mark.parametrize("change", CHANGES)
def test_a_withdrawn_entry_is_not_changed(change: Any) -> None:
    given_journey(written(INTERVIEW), withdrawn(2)).when(lambda it: change(it, CIDFF)).then_refused(
        "déjà été retirée"
    )


def test_a_change_of_a_sealed_entry_folds_in() -> None:
    journey = given_journey().aggregate
    journey.seal(2, None, None)
    assert journey.entries[2] == SealedEntry(2, None, None)
    sealed = {"originator_id": journey.id, "originator_version": 2}
    for change in (corrected(2, INTERVIEW), withdrawn(2)):
        event = event_class(Journey, change.name)(**sealed, **change.fields)
        event.apply(journey)
    assert journey.entries[2] == SealedEntry(2, None, None)


def test_the_danger_level_is_the_last_one_said() -> None:
    where = Compartment.DANGER
    assert given_journey().aggregate.danger_level is None
    journey = given_journey(
        written(level("low"), where=where),
        written(level("critical"), where=where),
        written(INTERVIEW),
    ).aggregate
    assert journey.danger_level == "critical"


def test_correcting_an_older_level_leaves_the_newer_one() -> None:
    where = Compartment.DANGER
    journey = given_journey(
        written(level("low"), where=where),
        written(level("critical"), where=where),
        corrected(2, level("moderate"), where),
    ).aggregate
    assert journey.danger_level == "critical"


def test_a_corrected_level_counts() -> None:
    where = Compartment.DANGER
    journey = given_journey(
        written(level("low"), where=where), corrected(2, level("high"), where)
    ).aggregate
    assert journey.danger_level == "high"


def test_a_withdrawn_level_gives_back_the_one_before() -> None:
    where = Compartment.DANGER
    journey = given_journey(
        written(level("high"), where=where), written(level("low"), where=where), withdrawn(3, where)
    ).aggregate
    assert journey.danger_level == "high"
