"""The person and the way to reach her."""

from datetime import date

import pytest

from domain.journey.entries import TEXT_LIMIT
from domain.journey.person import NAME_LIMIT, Person, record, record_safe_contact
from tests.domain.given import NOW, TODAY, fact
from tests.domain.journey.facts import CIDFF, DAY, given_journey


def test_the_person_is_recorded() -> None:
    person = Person("Mme A.", "A.", "Anna", date(1990, 1, 2))
    journey = (
        given_journey()
        .when(lambda it: record(it, CIDFF, person, NOW))
        .then(fact("PersonRecorded", author=CIDFF, person=person))
    )
    assert journey.person == person


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person("  "), "known_as"),
        (Person("x" * (NAME_LIMIT + 1)), "known_as"),
        (Person("x", surname="x" * (NAME_LIMIT + 1)), "surname"),
        (Person("x", first_name="x" * (NAME_LIMIT + 1)), "first_name"),
        (Person("x", birth_date=TODAY + DAY), "birth_date"),
    ],
)
def test_a_person_without_a_fit_name_or_day_is_refused(person: Person, field: str) -> None:
    given_journey().when(lambda it: record(it, CIDFF, person, NOW)).then_refused("", field=field)


def test_the_safe_contact_is_recorded() -> None:
    journey = (
        given_journey()
        .when(lambda it: record_safe_contact(it, CIDFF, "Le matin, par sa sœur.", NOW))
        .then(fact("SafeContactRecorded", author=CIDFF, text="Le matin, par sa sœur."))
    )
    assert journey.safe_contact == "Le matin, par sa sœur."


@pytest.mark.parametrize("text", ["", " \t", "x" * (TEXT_LIMIT + 1)])
def test_a_safe_contact_that_says_nothing_fit_is_refused(text: str) -> None:
    given_journey().when(lambda it: record_safe_contact(it, CIDFF, text, NOW)).then_refused(
        "sans danger", field="safe_contact"
    )
