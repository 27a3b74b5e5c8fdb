"""Consents: given, in force and withdrawn."""

from datetime import datetime

import pytest

from domain.compartments import Compartment
from domain.journey import consents
from domain.journey.partners import Basis
from tests.domain.given import NOW, TODAY, Fact, fact, named
from tests.domain.journey.facts import (
    BASIS,
    CIDFF,
    CLOSED,
    DAY,
    INVITED,
    JOINED,
    given_journey,
    invited,
)


def consent(basis: Basis, at: datetime = NOW) -> Fact:
    return fact(
        "ConsentGiven", author=CIDFF, institution=named("police"), basis=basis, timestamp=at
    )


def test_a_new_consent_keeps_what_was_shared_without_a_break() -> None:
    wider = Basis("person_consent", BASIS.scope | {Compartment.HEALTH}, "ongoing_work")
    journey = (
        given_journey(INVITED)
        .when(lambda it: consents.give(it, CIDFF, named("police"), wider, NOW))
        .then(consent(wider))
    )
    assert journey.partners[named("police")].shared_since == {
        Compartment.DANGER: 2,
        Compartment.FOLLOW_UP: 2,
        Compartment.HEALTH: 3,
    }


def test_a_consent_after_a_gap_begins_anew_8_2() -> None:
    short = Basis("person_consent", BASIS.scope, "ongoing_work", until=TODAY)
    past = invited(short)
    later = NOW + 2 * DAY
    journey = (
        given_journey(past)
        .when(lambda it: consents.give(it, CIDFF, named("police"), BASIS, later))
        .then(consent(BASIS, later))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {3}


@pytest.mark.parametrize(
    "before",
    [
        Basis("care_team", BASIS.scope, "ongoing_work", told="Prévenue."),
        Basis("person_consent", BASIS.scope, "complaint_ongoing"),
    ],
    ids=["another ground", "another purpose"],
)
def test_a_consent_opens_nothing_that_was_written_under_another_basis_8_2(before: Basis) -> None:
    journey = (
        given_journey(invited(before), JOINED)
        .when(lambda it: consents.give(it, CIDFF, named("police"), BASIS, NOW))
        .then(consent(BASIS))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {4}


def test_a_longer_consent_for_the_same_goes_on_8_2() -> None:
    short = Basis("person_consent", BASIS.scope, "ongoing_work", until=TODAY)
    past = invited(short)
    journey = (
        given_journey(past)
        .when(lambda it: consents.give(it, CIDFF, named("police"), BASIS, NOW))
        .then(consent(BASIS))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {2}


def test_a_consent_given_again_after_a_withdrawal_begins_anew_8_2() -> None:
    withdrawal = fact("ConsentWithdrawn", author=CIDFF, institution=named("police"))
    journey = (
        given_journey(INVITED, withdrawal)
        .when(lambda it: consents.give(it, CIDFF, named("police"), BASIS, NOW))
        .then(consent(BASIS))
    )
    assert set(journey.partners[named("police")].shared_since.values()) == {4}


def test_a_consent_ends_after_its_last_day_8_2() -> None:
    short = Basis("person_consent", BASIS.scope, "ongoing_work", until=TODAY)
    journey = given_journey(INVITED, consent(short)).aggregate
    assert journey.consent_of(named("police"), TODAY) == short
    assert journey.consent_of(named("police"), TODAY + DAY) is None


def test_consent_is_for_a_partner_8_2() -> None:
    given_journey().when(
        lambda it: consents.give(it, CIDFF, named("police"), BASIS, NOW)
    ).then_refused("invitez d'abord", "8.2")


def test_the_lead_needs_no_consent_8_4() -> None:
    given_journey().when(
        lambda it: consents.give(it, CIDFF, named("CIDFF"), BASIS, NOW)
    ).then_refused("pilote", "8.4")


def test_a_withdrawal_takes_effect_at_once_8_2() -> None:
    journey = (
        given_journey(INVITED, CLOSED)
        .when(lambda it: consents.withdraw(it, CIDFF, named("police"), NOW))
        .then(fact("ConsentWithdrawn", author=CIDFF, institution=named("police")))
    )
    assert journey.consent_of(named("police"), TODAY) is None
    assert journey.partners[named("police")].shared_since == {}


@pytest.mark.parametrize("institution", ["police", "CIDFF"])
def test_a_consent_that_is_not_there_is_not_withdrawn_8_2(institution: str) -> None:
    given_journey().when(
        lambda it: consents.withdraw(it, CIDFF, named(institution), NOW)
    ).then_refused("Aucun accord", "8.2")
