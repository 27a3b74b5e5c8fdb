"""The root of a summary: its drafting, its locks, and any sequence of its commands (article 14)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.summary
from domain.compartments import Compartment
from domain.refusals import InvalidValue, Refusal
from domain.summary.approvals import Approval, approve_part
from domain.summary.locks import FRAME_LOCK
from domain.summary.parts import GROUNDS_OF_SECRECY, NEVER_IN_A_SUMMARY, SECRETS
from domain.summary.summary import Requisition, Standing, Summary
from tests.domain.given import (
    NOW,
    TODAY,
    Call,
    assert_reloads,
    decisions,
    declared_events,
    facts_of,
    named,
    sequences,
)
from tests.domain.summary.facts import (
    BEGINNINGS,
    COLLEAGUE,
    COMMANDS,
    DAY,
    REQUISITION,
    adding,
    drafted,
    drafting,
    given_summary,
    locks_of,
    part,
)


@pytest.mark.parametrize("requisition", [None, REQUISITION])
def test_a_summary_is_drafted(requisition: Requisition | None) -> None:
    summary = drafting(requisition=requisition)
    assert facts_of(summary) == [drafted(requisition)]
    assert summary.standing is Standing.AWAITING_PARTS


def test_a_restricted_institution_takes_part_through_its_small_group_11_1() -> None:
    through = {named("police"): named("small"), named("CIDFF"): named("CIDFF")}
    assert drafting(groups=through).groups == through


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "7"}, "number"),
        ({"number": "S-2026-0007\n"}, "number"),
        ({"requisition": replace(REQUISITION, number=" ")}, "number"),
        ({"requisition": replace(REQUISITION, magistrate="")}, "magistrate"),
        ({"requisition": replace(REQUISITION, magistrate="x" * 201)}, "magistrate"),
        ({"requisition": replace(REQUISITION, issued_on=TODAY + DAY)}, "issued_on"),
        ({"requisition": replace(REQUISITION, scope=frozenset())}, "scope"),
    ],
)
def test_a_requisition_has_number_magistrate_date_and_scope_14_3(
    changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        drafting(**changed)
    assert refused.value.field == field


def test_a_summary_goes_to_justice_14_1() -> None:
    with pytest.raises(Refusal) as refused:
        drafting(recipient=named("CIDFF"))
    assert refused.value.article == "14.1"


def test_only_the_words_of_a_part_are_outside_the_frame() -> None:
    drafted_one = drafting(requisition=None)
    adding()(drafted_one)
    adding(compartment=Compartment.DANGER)(drafted_one)
    approve_part(drafted_one, COLLEAGUE, 0, NOW)
    assert locks_of(drafted_one) == [
        0x40, 0x40, 0x41, 0x40, 0x42, 0x40,
    ]  # fmt: skip


@pytest.mark.parametrize("declared", Summary.events)
def test_each_event_says_itself_under_what_lock_it_is_sealed(declared: type) -> None:
    assert "lock" in vars(declared)


@pytest.mark.parametrize("lock", [None, 0x01, FRAME_LOCK, 0x100])
def test_a_lock_of_no_part_is_not_folded_in(lock: int | None) -> None:
    with pytest.raises(ValueError, match="lock"):
        given_summary(part()[0]).aggregate.seal(3, lock, TODAY)


@given(st.sampled_from([None, REQUISITION]), st.sampled_from(BEGINNINGS), sequences(COMMANDS))
def test_any_sequence_reloads_and_keeps_article_14(
    requisition: Requisition | None, beginning: list[Call], sequence: list[Call]
) -> None:
    summary = assert_reloads(drafting(requisition=requisition), beginning + sequence)
    for one in summary.parts.values():
        assert one.compartment not in NEVER_IN_A_SUMMARY
        assert requisition is None or one.compartment in requisition.scope
        assert one.compartment.information_class not in SECRETS or one.ground in GROUNDS_OF_SECRECY
        by = one.decision.by
        assert by is None or by.institution == one.author_institution
        assert by is None or by.referent != one.composed_by.referent
    if summary.released_at is not None:
        decided = [one.decision.approval for one in summary.standing_parts]
        assert set(decided) == {Approval.APPROVED}
        assert summary.frame.approval is Approval.APPROVED
    assert all(opening.by.institution == summary.recipient for opening in summary.openings)


def test_every_command_is_in_the_sequences() -> None:
    assert decisions(domain.summary) == set(COMMANDS)


def test_every_event_of_a_chapter_is_in_the_list() -> None:
    assert set(Summary.events) == declared_events(domain.summary)
    assert len({declared.__name__ for declared in Summary.events}) == len(Summary.events)
