"""Capacities: what a partner does for the person."""

from collections.abc import Callable
from dataclasses import replace

from domain.catalogue import Catalogue
from domain.journey import partners
from domain.journey.capacities import Capacity, state
from domain.journey.journey import Journey
from domain.network.members import Entitlement
from tests.domain.given import NOW, Fact, fact, named
from tests.domain.journey.facts import (
    BASIS,
    CIDFF,
    CLOSED,
    INVITED,
    JOINED,
    LEFT,
    TOLD,
    given_journey,
    invited,
)


def stated(*capacities: Capacity, institution: str = "police") -> Fact:
    return fact(
        "CapacitiesStated",
        author=CIDFF,
        institution=named(institution),
        capacities=frozenset(capacities),
    )


def states(*capacities: Capacity, institution: str = "police") -> Callable[[Journey], None]:
    return lambda it: state(it, CIDFF, named(institution), frozenset(capacities), NOW)


def test_who_opens_says_what_it_does_for_the_person_5_1() -> None:
    does = frozenset({Capacity.SOCIAL_ACTION})
    lead = Journey.open(named("Chalon"), CIDFF, TOLD, NOW, does).partners[named("CIDFF")]
    assert lead.capacities == {Capacity.SOCIAL_ACTION: 1}
    assert lead.acts_in(Capacity.SOCIAL_ACTION)
    assert not lead.acts_in(Capacity.CARE)


def test_who_invites_says_what_the_invited_does_5_2() -> None:
    does = frozenset({Capacity.CARE, Capacity.SHELTER})
    journey = (
        given_journey()
        .when(lambda it: partners.invite(it, CIDFF, named("police"), BASIS, NOW, does))
        .then(invited(BASIS, *does))
    )
    assert journey.partners[named("police")].capacities == {Capacity.CARE: 2, Capacity.SHELTER: 2}
    assert journey.frame_notes[-1].capacities == does


def test_without_a_word_an_institution_does_nothing_for_her() -> None:
    partner = given_journey(INVITED).aggregate.partners[named("police")]
    assert partner.capacities == {}
    assert not any(map(partner.acts_in, Capacity))


def test_what_is_stated_goes_on_begins_or_ends() -> None:
    journey = (
        given_journey(invited(BASIS, Capacity.CARE, Capacity.SHELTER), JOINED)
        .when(states(Capacity.SHELTER, Capacity.SOCIAL_ACTION))
        .then(stated(Capacity.SHELTER, Capacity.SOCIAL_ACTION))
    )
    partner = journey.partners[named("police")]
    assert partner.capacities == {Capacity.SHELTER: 2, Capacity.SOCIAL_ACTION: 4}
    assert not partner.acts_in(Capacity.CARE)
    assert partner.acts_in(Capacity.SHELTER, before=2)
    assert not partner.acts_in(Capacity.SHELTER, before=1)
    assert not partner.acts_in(Capacity.SOCIAL_ACTION, before=3)
    note = journey.frame_notes[-1]
    assert (note.code, note.institution) == ("capacities_stated", named("police"))
    assert note.capacities == {Capacity.SHELTER, Capacity.SOCIAL_ACTION}


def test_what_ended_and_is_stated_again_begins_anew() -> None:
    journey = (
        given_journey(invited(BASIS, Capacity.CARE), stated())
        .when(states(Capacity.CARE))
        .then(stated(Capacity.CARE))
    )
    assert journey.partners[named("police")].capacities == {Capacity.CARE: 4}


def test_what_the_lead_does_is_stated_too() -> None:
    journey = (
        given_journey()
        .when(states(Capacity.CARE, institution="CIDFF"))
        .then(stated(Capacity.CARE, institution="CIDFF"))
    )
    assert journey.partners[named("CIDFF")].capacities == {Capacity.CARE: 2}


def test_where_nobody_was_asked_what_is_stated_goes_on_as_it_was() -> None:
    old = replace(INVITED, fields={**INVITED.fields, "capacities": None})
    before = given_journey(old).aggregate.partners[named("police")]
    assert before.capacities is None
    assert all(map(before.acts_in, Capacity))
    journey = given_journey(old, JOINED).when(states(Capacity.CARE)).then(stated(Capacity.CARE))
    assert journey.partners[named("police")].capacities == {Capacity.CARE: 2}
    assert (
        given_journey(old).when(states()).then(stated()).partners[named("police")].capacities == {}
    )


def test_who_takes_no_part_does_nothing_here() -> None:
    given_journey().when(states(Capacity.CARE)).then_refused("invitez-la")
    given_journey(INVITED, JOINED, LEFT).when(states()).then_refused("invitez-la")


def test_what_is_stated_already_is_not_stated_again() -> None:
    given_journey(INVITED).when(states()).then_refused("Rien ne change", field="capacities")
    given_journey(invited(BASIS, Capacity.CARE)).when(states(Capacity.CARE)).then_refused(
        "Rien ne change", field="capacities"
    )


def test_in_a_closed_journey_something_is_taken_away_and_nothing_added() -> None:
    cares = invited(BASIS, Capacity.CARE)
    given_journey(cares, CLOSED).when(states()).then(stated())
    given_journey(cares, CLOSED).when(states(Capacity.CARE, Capacity.SHELTER)).then_refused(
        "suivi est clos"
    )


def test_a_capacity_has_its_words_and_bears_the_name_of_the_entitlement_that_it_needs() -> None:
    assert set(Catalogue.load().capacities) == set(Capacity)
    assert set(Capacity) <= {one.value for one in Entitlement}
