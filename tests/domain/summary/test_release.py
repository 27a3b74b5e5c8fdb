"""Release of a summary, and its openings."""

from typing import Any

import pytest

from domain.compartments import Compartment
from domain.summary.approvals import approve_frame, approve_part, refuse_frame, refuse_part
from domain.summary.parts import name_missing
from domain.summary.release import Opening, open_copy, release_copy
from domain.summary.summary import Standing
from tests.domain.given import NOW, TODAY, Fact, author, fact, named
from tests.domain.summary.facts import (
    APPROVED,
    COLLEAGUE,
    COMPOSER,
    COORDINATION,
    DAY,
    FRAMED,
    JUDGE,
    OPENED,
    POLICE,
    READY,
    RELEASED,
    adding,
    given_summary,
    missing,
    part,
)


def test_what_is_approved_by_all_is_released_14_4() -> None:
    assert given_summary(*READY).aggregate.standing is Standing.READY
    summary = (
        given_summary(*READY)
        .when(lambda it: release_copy(it, COLLEAGUE, 1, NOW))
        .then(fact("SummaryReleased", author=COLLEAGUE, copy_number=1, until=None))
    )
    assert summary.standing is Standing.RELEASED
    assert summary.copy_number == 1


@pytest.mark.parametrize(
    "past",
    [(), part(), (*part(), APPROVED), (*part(), FRAMED), (*READY, *part(1)), (*READY, missing(1))],
)
def test_what_is_not_approved_by_all_is_not_released_14_2(past: tuple[Fact, ...]) -> None:
    given_summary(*past).when(lambda it: release_copy(it, COMPOSER, 1, NOW)).then_refused(
        "approuver", "14.2"
    )


def test_another_institution_does_not_release_14_2() -> None:
    given_summary(*READY).when(lambda it: release_copy(it, POLICE, 1, NOW)).then_refused(
        "compose", "14.2"
    )


@pytest.mark.parametrize("number", [0, -1])
def test_a_copy_has_a_number_14_4(number: int) -> None:
    given_summary(*READY).when(lambda it: release_copy(it, COMPOSER, number, NOW)).then_refused(
        "numéro", field="copy_number"
    )


def test_a_term_is_not_past() -> None:
    given_summary(*READY).when(
        lambda it: release_copy(it, COMPOSER, 1, NOW, TODAY - DAY)
    ).then_refused("passée", field="until")


def test_the_recipient_opens_and_each_opening_is_kept_14_4() -> None:
    summary = (
        given_summary(*READY, RELEASED, OPENED)
        .when(lambda it: open_copy(it, JUDGE, NOW))
        .then(OPENED)
    )
    assert summary.standing is Standing.OPENED
    assert summary.openings == [Opening(JUDGE, NOW), Opening(JUDGE, NOW)]


@pytest.mark.parametrize("by", [COMPOSER, COORDINATION, author("Yves", "prosecution")])
def test_nobody_else_opens_14_1(by: Any) -> None:
    given_summary(*READY, RELEASED).when(lambda it: open_copy(it, by, NOW)).then_refused(
        "adressée", "14.1"
    )


def test_what_is_not_released_does_not_open_14_4() -> None:
    given_summary(*READY).when(lambda it: open_copy(it, JUDGE, NOW)).then_refused(
        "pas été remise", "14.4"
    )


def test_a_summary_opens_up_to_the_last_day_of_its_term_14_4() -> None:
    termed = fact("SummaryReleased", author=COMPOSER, copy_number=1, until=TODAY)
    given_summary(*READY, termed).when(lambda it: open_copy(it, JUDGE, NOW)).then(OPENED)
    given_summary(*READY, termed).when(lambda it: open_copy(it, JUDGE, NOW + DAY)).then_refused(
        "terme", "14.4"
    )


@pytest.mark.parametrize(
    "command",
    [
        adding(),
        lambda it: name_missing(it, COMPOSER, None, Compartment.DANGER, 1, NOW),
        lambda it: approve_part(it, COLLEAGUE, 0, NOW),
        lambda it: refuse_part(it, COLLEAGUE, 0, "x", NOW),
        lambda it: approve_frame(it, COORDINATION, named("coordination"), NOW),
        lambda it: refuse_frame(it, COORDINATION, named("coordination"), "x", NOW),
        lambda it: release_copy(it, COMPOSER, 2, NOW),
    ],
)
def test_what_is_released_is_kept_as_it_is_14_4(command: Any) -> None:
    given_summary(*READY, RELEASED).when(command).then_refused("gardée telle quelle", "14.4")
