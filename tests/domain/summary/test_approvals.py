"""Approvals: of each part by its institution, and of the frame by the coordination."""

from typing import Any

import pytest

from domain.compartments import Compartment, InformationClass
from domain.summary.approvals import (
    Approval,
    Decision,
    approve_frame,
    approve_part,
    refuse_frame,
    refuse_part,
)
from domain.summary.locks import FRAME_LOCK
from domain.summary.parts import MissingPart
from domain.summary.summary import Standing
from tests.domain.given import NOW, TODAY, Fact, fact, named
from tests.domain.summary.facts import (
    APPROVED,
    COLLEAGUE,
    COMPOSER,
    COORDINATION,
    FRAMED,
    ITEM,
    JUDGE,
    POLICE,
    REFUSED,
    SECOND,
    given_summary,
    missing,
    part,
)

DECISIONS = [
    pytest.param(lambda it, by: approve_part(it, by, 0, NOW), id="approve"),
    pytest.param(lambda it, by: refuse_part(it, by, 0, "wrong_facts", NOW), id="refuse"),
]


def test_a_colleague_approves_the_part_14_2() -> None:
    summary = (
        given_summary(*part()).when(lambda it: approve_part(it, COLLEAGUE, 0, NOW)).then(APPROVED)
    )
    assert summary.parts[0].decision == Decision(Approval.APPROVED, COLLEAGUE, NOW)
    assert summary.standing is Standing.AWAITING_FRAME


def test_a_part_refused_is_named_as_missing_14_2() -> None:
    summary = (
        given_summary(missing(1, "CIDFF"), *part(), FRAMED)
        .when(lambda it: refuse_part(it, COLLEAGUE, 0, "wrong_facts", NOW))
        .then(REFUSED)
    )
    assert summary.missing == [MissingPart(named("CIDFF"), Compartment.FOLLOW_UP, 2)]
    assert summary.standing_parts == ()
    assert summary.frame.approval is Approval.AWAITED
    assert summary.standing is Standing.AWAITING_PARTS


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_composer_does_not_decide_on_their_own_part_14_2(decision: Any) -> None:
    given_summary(*part()).when(lambda it: decision(it, COMPOSER)).then_refused("collègue", "14.2")


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("by", [POLICE, COORDINATION])
def test_each_institution_decides_on_its_own_entries_14_2(decision: Any, by: Any) -> None:
    given_summary(*part()).when(lambda it: decision(it, by)).then_refused("ses propres", "14.2")


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_part_that_does_not_exist_is_not_decided(decision: Any) -> None:
    given_summary().when(lambda it: decision(it, COLLEAGUE)).then_refused("n'existe pas", "2.1")


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("before", [APPROVED, REFUSED])
def test_a_part_is_decided_once(decision: Any, before: Fact) -> None:
    given_summary(*part(), before).when(lambda it: decision(it, COLLEAGUE)).then_refused(
        "déjà prononcée", "14.2"
    )


@pytest.mark.parametrize("decision", DECISIONS)
def test_nobody_decides_on_what_they_cannot_read_14_2(decision: Any) -> None:
    unread = given_summary(part()[0])
    unread.aggregate.seal(3, FRAME_LOCK + 1, TODAY)
    unread.when(lambda it: decision(it, COLLEAGUE)).then_refused("lu", "14.2")


def test_the_coordination_approves_the_frame_without_a_word_14_2() -> None:
    blind = given_summary(part()[0])
    blind.aggregate.seal(3, FRAME_LOCK + 1, TODAY)
    summary = blind.when(
        lambda it: approve_frame(it, COORDINATION, named("coordination"), NOW)
    ).then(FRAMED)
    assert summary.frame == Decision(Approval.APPROVED, COORDINATION, NOW)
    assert summary.counts() == {(InformationClass.FACTUAL, "person_consent"): 1}
    assert summary.parts[0].items is None


def test_counts_add_up_by_class_and_ground_and_leave_out_what_was_refused() -> None:
    summary = given_summary(
        *part(0),
        *part(1, Compartment.DANGER, "person_consent", "CIDFF", ITEM, SECOND),
        *part(2, Compartment.IDENTITY, "person_consent"),
        *part(3, Compartment.DANGER, "council_ground"),
        REFUSED,
    ).aggregate
    assert summary.counts() == {
        (InformationClass.CONFIDENTIAL, "person_consent"): 3,
        (InformationClass.CONFIDENTIAL, "council_ground"): 1,
    }


FRAME_DECISIONS = [
    pytest.param(lambda it, by: approve_frame(it, by, named("coordination"), NOW), id="approve"),
    pytest.param(
        lambda it, by: refuse_frame(it, by, named("coordination"), "too_wide", NOW), id="refuse"
    ),
]


@pytest.mark.parametrize("decision", FRAME_DECISIONS)
@pytest.mark.parametrize("by", [COMPOSER, COLLEAGUE, JUDGE])
def test_nobody_but_the_coordination_decides_on_the_frame_14_2(decision: Any, by: Any) -> None:
    given_summary(*part()).when(lambda it: decision(it, by)).then_refused("coordination", "14.2")


@pytest.mark.parametrize("past", [(), (*part(), REFUSED)])
def test_an_empty_frame_is_not_approved_14_2(past: tuple[Fact, ...]) -> None:
    given_summary(*past).when(
        lambda it: approve_frame(it, COORDINATION, named("coordination"), NOW)
    ).then_refused("aucune partie", "14.2")


def test_a_frame_is_approved_once_14_2() -> None:
    given_summary(*part(), FRAMED).when(
        lambda it: approve_frame(it, COORDINATION, named("coordination"), NOW)
    ).then_refused("déjà approuvé", "14.2")


def test_a_frame_is_refused_and_may_be_approved_later_14_2() -> None:
    refused = fact("FrameRefused", author=COORDINATION, reason="too_wide")
    summary = (
        given_summary(*part(), APPROVED)
        .when(lambda it: refuse_frame(it, COORDINATION, named("coordination"), "too_wide", NOW))
        .then(refused)
    )
    assert summary.frame == Decision(Approval.REFUSED, COORDINATION, NOW, "too_wide")
    assert summary.standing is Standing.AWAITING_FRAME
    given_summary(*part(), refused).when(
        lambda it: approve_frame(it, COORDINATION, named("coordination"), NOW)
    ).then(FRAMED)


@pytest.mark.parametrize("later", [part(1), (missing(1),), (REFUSED,)])
def test_what_changes_the_frame_voids_its_approval_14_2(later: tuple[Fact, ...]) -> None:
    summary = given_summary(*part(), FRAMED, *later).aggregate
    assert summary.frame == Decision()


SENTENCES = ["", "Elle a vu Marc", "x\n", "é", "x" * 41]


@pytest.mark.parametrize("reason", SENTENCES)
@pytest.mark.parametrize(
    "command",
    [
        lambda it, reason: refuse_part(it, COLLEAGUE, 0, reason, NOW),
        lambda it, reason: refuse_frame(it, COORDINATION, named("coordination"), reason, NOW),
    ],
)
def test_a_reason_is_a_code_since_the_frame_holds_no_word(command: Any, reason: str) -> None:
    given_summary(*part()).when(lambda it: command(it, reason)).then_refused(
        "liste", field="reason"
    )
