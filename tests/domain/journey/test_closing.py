"""Closing a journey and opening it again."""

from typing import Any

import pytest

from domain.compartments import Compartment
from domain.journey import closing, consents, entries, partners, person
from domain.journey.person import Person
from tests.domain.given import NOW, fact, named
from tests.domain.journey.facts import (
    BASIS,
    CIDFF,
    CLOSED,
    INTERVIEW,
    INVITED,
    POLICE,
    given_journey,
)


def test_a_journey_closes_and_opens_again() -> None:
    closed = (
        given_journey().when(lambda it: closing.close(it, CIDFF, "protected", NOW)).then(CLOSED)
    )
    assert closed.is_closed
    reopened = (
        given_journey(CLOSED)
        .when(lambda it: closing.reopen(it, CIDFF, "urgent_situation", NOW))
        .then(fact("JourneyReopened", author=CIDFF, reason="urgent_situation"))
    )
    assert not reopened.is_closed


def test_an_open_journey_is_not_reopened() -> None:
    given_journey().when(lambda it: closing.reopen(it, CIDFF, "", NOW)).then_refused(
        "n'est pas clos"
    )


@pytest.mark.parametrize(
    "command",
    [
        lambda it: partners.invite(it, CIDFF, named("CHU"), BASIS, NOW),
        lambda it: partners.join(it, POLICE, NOW),
        lambda it: consents.give(it, CIDFF, named("police"), BASIS, NOW),
        lambda it: entries.append(it, CIDFF, Compartment.HEALTH, INTERVIEW, "x", NOW),
        lambda it: entries.correct(it, CIDFF, 2, INTERVIEW, NOW),
        lambda it: entries.withdraw(it, CIDFF, 2, "wrong_facts", NOW),
        lambda it: person.record(it, CIDFF, Person("Mme A."), NOW),
        lambda it: person.record_safe_contact(it, CIDFF, "x", NOW),
        lambda it: closing.close(it, CIDFF, "protected", NOW),
    ],
)
def test_a_closed_journey_takes_nothing(command: Any) -> None:
    given_journey(INVITED, CLOSED).when(command).then_refused("suivi est clos")
