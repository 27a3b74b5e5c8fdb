"""Parts: chosen entries, and what is missing."""

from dataclasses import replace
from typing import Any

import pytest

from domain.compartments import Compartment
from domain.refusals import Refusal
from domain.summary.approvals import Decision
from domain.summary.locks import FRAME_LOCK, PARTS_LIMIT
from domain.summary.parts import MissingPart, Part, SummaryItem, name_missing
from tests.domain.given import NOW, Fact, named
from tests.domain.summary.facts import (
    COMPOSER,
    ITEM,
    POLICE,
    REQUISITION,
    SECOND,
    adding,
    given_summary,
    locks_of,
    missing,
    part,
)


def test_a_part_is_declared_in_the_frame_and_its_words_have_a_lock_of_their_own() -> None:
    summary = given_summary().when(adding()).then(*part())
    assert summary.parts[0] == Part(
        0,
        named("CIDFF"),
        COMPOSER,
        Compartment.FOLLOW_UP,
        "person_consent",
        1,
        Decision(),
        (ITEM,),
    )


def test_the_next_part_has_the_next_index() -> None:
    adds = adding(compartment=Compartment.DANGER, items=[ITEM, SECOND])
    given = given_summary(*part()).when(adds)
    given.then(*part(1, Compartment.DANGER, "person_consent", "CIDFF", ITEM, SECOND))


def test_a_part_may_hold_another_institutions_entries() -> None:
    adds = adding(author_institution=named("police"), approvers=[POLICE.referent])
    given_summary().when(adds).then(*part(of="police"))


@pytest.mark.parametrize("items", [[], [ITEM, ITEM]])
def test_a_part_holds_each_entry_once(items: list[SummaryItem]) -> None:
    given_summary().when(adding(items=items)).then_refused("au moins une", field="items")


@pytest.mark.parametrize("compartment", [Compartment.CONTACT, Compartment.SHELTER])
def test_place_and_contact_never_enter_6_2(compartment: Compartment) -> None:
    every = replace(REQUISITION, scope=frozenset(Compartment))
    adds = adding(compartment=compartment, ground="requisition")
    given_summary(requisition=every).when(adds).then_refused("contact sûr", "6.2")
    given_summary(requisition=every).when(
        lambda it: name_missing(it, COMPOSER, None, compartment, 1, NOW)
    ).then_refused("contact sûr", "6.2")


def test_the_frame_of_a_journey_does_not_enter() -> None:
    given_summary().when(adding(compartment=Compartment.FRAME)).then_refused(
        "cadre", field="compartment"
    )


def test_outside_the_scope_nothing_is_added_14_3() -> None:
    asked = given_summary(requisition=REQUISITION)
    asked.when(adding(compartment=Compartment.CHILDREN)).then_refused("hors de ce que", "14.3")
    given_summary(requisition=REQUISITION).when(adding()).then(*part())


@pytest.mark.parametrize("compartment", [Compartment.SOCIAL, Compartment.HEALTH])
@pytest.mark.parametrize("ground", ["council_ground", "care_team", "social_secret_shared"])
def test_a_secret_needs_consent_226_14_or_a_requisition_14_2(
    compartment: Compartment, ground: str
) -> None:
    given_summary().when(adding(compartment=compartment, ground=ground)).then_refused(
        "226-14", "14.2"
    )


@pytest.mark.parametrize("ground", ["person_consent", "unable_to_protect", "vital_danger"])
def test_a_secret_enters_on_consent_or_226_14_14_2(ground: str) -> None:
    given_summary().when(adding(compartment=Compartment.HEALTH, ground=ground)).then(
        *part(0, Compartment.HEALTH, ground)
    )


def test_a_secret_enters_on_a_requisition_that_is_there_14_3() -> None:
    adds = adding(compartment=Compartment.HEALTH, ground="requisition")
    given_summary(requisition=REQUISITION).when(adds).then(
        *part(0, Compartment.HEALTH, "requisition")
    )
    given_summary().when(adds).then_refused("Aucune réquisition", "14.3")


def test_a_ground_is_a_code() -> None:
    given_summary().when(adding(ground="Elle est d'accord")).then_refused("liste", field="ground")


@pytest.mark.parametrize("approvers", [[], [COMPOSER.referent]])
def test_who_is_alone_does_not_compose_their_own_part_14_2(approvers: list[Any]) -> None:
    given_summary().when(adding(approvers=approvers)).then_refused("autre partenaire", "14.2")


def test_locks_end_with_their_byte() -> None:
    summary = given_summary().aggregate
    for index in range(PARTS_LIMIT):
        summary.parts[index] = Part(
            index, named("CIDFF"), COMPOSER, Compartment.DANGER, "person_consent", 1
        )
    with pytest.raises(Refusal, match="au plus"):
        adding()(summary)
    del summary.parts[PARTS_LIMIT - 1]
    adding()(summary)
    assert locks_of(summary) == [FRAME_LOCK, 0xFF]


@pytest.mark.parametrize("of", [None, "police"])
def test_a_part_not_added_is_named_as_missing_14_2(of: str | None) -> None:
    institution = named(of) if of else None
    summary = (
        given_summary(missing(2, "CHU"))
        .when(lambda it: name_missing(it, COMPOSER, institution, Compartment.FOLLOW_UP, 3, NOW))
        .then(missing(3, of))
    )
    assert summary.missing == [
        MissingPart(named("CHU"), Compartment.FOLLOW_UP, 2),
        MissingPart(institution, Compartment.FOLLOW_UP, 3),
    ]


def test_the_last_count_stands_and_none_is_left_at_zero() -> None:
    assert given_summary(missing(3), missing(1)).aggregate.missing == [
        MissingPart(None, Compartment.FOLLOW_UP, 1)
    ]
    summary = (
        given_summary(missing(3))
        .when(lambda it: name_missing(it, COMPOSER, None, Compartment.FOLLOW_UP, 0, NOW))
        .then(missing(0))
    )
    assert summary.missing == []


@pytest.mark.parametrize(("past", "count"), [((), -1), ((), 0), ((missing(3),), 3)])
def test_a_count_that_says_nothing_new_is_refused(past: tuple[Fact, ...], count: int) -> None:
    given_summary(*past).when(
        lambda it: name_missing(it, COMPOSER, None, Compartment.FOLLOW_UP, count, NOW)
    ).then_refused("combien", field="count")


def test_what_was_not_asked_for_is_not_missing_14_3() -> None:
    given_summary(requisition=REQUISITION).when(
        lambda it: name_missing(it, COMPOSER, None, Compartment.SOCIAL, 1, NOW)
    ).then_refused("hors de ce que", "14.3")
