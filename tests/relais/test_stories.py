"""The invented journeys: the domain and the charter accept them, and they read as invented."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policies
from domain.author import Author
from domain.catalogue import Catalogue
from domain.compartments import Compartment
from domain.journey.entries import TEXT_LIMIT
from domain.summary.approvals import approve_frame, approve_part
from domain.summary.parts import SummaryItem, add_part
from domain.summary.release import open_copy, release_copy
from domain.summary.summary import Summary
from domain.territory import day_of
from policies.charter import Charter
from relais.demonstration.outlines import network, read_outlines
from relais.demonstration.steps import (
    ActionStep,
    CloseStep,
    CorrectStep,
    InviteStep,
    JoinStep,
    ReopenStep,
    RestrictStep,
    Step,
    Story,
    WithdrawStep,
)
from relais.demonstration.stories import stories
from relais.demonstration.summaries import summaries
from tests.relais.replaying import Replay, identifier, overdue

TODAY = date(2026, 11, 23)
PHONE = re.compile(r"\b0[1-9](?:[ .-]?\d{2}){4}\b")
FICTION = re.compile(r"06 39 98 \d{2} \d{2}|03 53 01 \d{2} \d{2}")


@pytest.fixture(scope="module")
def stories_told() -> list[Story]:
    return stories(TODAY)


@pytest.fixture(scope="module")
def charter() -> Charter:
    return Charter.load(Path(policies.__file__).parent)


def words(story: Story) -> list[str]:
    written = [step.text for step in story.steps if isinstance(step, ActionStep | CorrectStep)]
    return [*written, story.safe_contact]


def test_domain_and_charter_accept_every_step(stories_told: list[Story], charter: Charter) -> None:
    for story in stories_told:
        replay = Replay(story, network(), charter)
        journey = replay.run()
        assert replay.refused == [], story.known_as
        assert journey.version == story.length


@settings(max_examples=8, deadline=None)
@given(st.dates(date(2025, 1, 1), date(2040, 12, 31)))
def test_journeys_can_be_told_on_any_day(today: date) -> None:
    catalogue = Catalogue.load()
    for story, outline in zip(stories(today), read_outlines(), strict=True):
        assert story.length == outline.entries
        assert day_of(max(step.at for step in story.steps)) < today
        for step in story.steps:
            if isinstance(step, ActionStep):
                assert step.kind in catalogue.action_kinds
                assert step.due is not None or step.occurred_on <= day_of(step.at)
                assert step.due is None or step.due >= day_of(step.at)


def test_the_same_day_tells_the_same_journeys(stories_told: list[Story]) -> None:
    assert stories(TODAY) == stories_told


def test_lengths_are_those_of_real_journeys(stories_told: list[Story]) -> None:
    lengths = sorted(story.length for story in stories_told)
    assert 38 <= len(stories_told) <= 45
    assert (lengths[0], lengths[-1]) == (5, 120)
    assert sum(length > 90 for length in lengths) == 3
    assert sum(8 <= length <= 35 for length in lengths) > len(lengths) / 2


def test_time_goes_strictly_forward(stories_told: list[Story]) -> None:
    for story in stories_told:
        times = [story.contact_recorded_at, *(step.at for step in story.steps)]
        assert all(before < after for before, after in pairwise(times)), story.known_as


def test_no_words_come_back_in_one_journey(stories_told: list[Story]) -> None:
    for story in stories_told:
        repeated = [text for text, times in Counter(words(story)).items() if times > 1]
        assert repeated == [], story.known_as


def test_words_are_many_and_short(stories_told: list[Story]) -> None:
    written = {text for story in stories_told for text in words(story)}
    assert len(written) > 350
    assert all(0 < len(text) <= TEXT_LIMIT and "{" not in text for text in written)


def test_every_phone_number_is_kept_for_fiction(stories_told: list[Story]) -> None:
    numbers = [
        number for story in stories_told for text in words(story) for number in PHONE.findall(text)
    ]
    assert len(numbers) > 20
    assert [number for number in numbers if not FICTION.fullmatch(number)] == []


def test_every_step_and_compartment_is_shown(stories_told: list[Story]) -> None:
    kinds = Counter(type(step) for story in stories_told for step in story.steps)
    assert set(kinds) == set(get_args(Step))
    assert (kinds[RestrictStep], kinds[ReopenStep]) == (1, 1)
    written = Counter(
        step.compartment
        for story in stories_told
        for step in story.steps
        if isinstance(step, ActionStep)
    )
    takes_actions = set(Compartment) - {
        Compartment.FRAME,
        Compartment.IDENTITY,
        Compartment.CONTACT,
    }
    assert set(written) == takes_actions
    assert min(written.values()) >= 15


def test_an_author_who_may_not_read_deposits_5_0(stories_told: list[Story]) -> None:
    deposits = {
        (network().institution_of(step.who).code, step.compartment)
        for story in stories_told
        for step in story.steps
        if isinstance(step, ActionStep) and step.deposit
    }
    assert deposits >= {
        ("ville-clspd", Compartment.HEALTH),
        ("ville-clspd", Compartment.SOCIAL),
        ("ville-clspd", Compartment.PROCEEDINGS),
        ("police-nationale", Compartment.FOLLOW_UP),
        ("education-nationale", Compartment.CHILDREN),
        ("cidff", Compartment.PROCEEDINGS),
    }


def test_a_deposit_is_never_corrected(stories_told: list[Story]) -> None:
    for story in stories_told:
        deposits = {
            step.label for step in story.steps if isinstance(step, ActionStep) and step.deposit
        }
        second = [step for step in story.steps if isinstance(step, CorrectStep | WithdrawStep)]
        assert not {step.label for step in second} & deposits


def test_an_invitation_of_the_cidff_awaits(stories_told: list[Story]) -> None:
    cidff = network().institution("cidff")
    logins = {referent.login for referent in cidff.referents}
    awaiting = [
        story.known_as
        for story in stories_told
        if any(isinstance(step, InviteStep) and step.institution == "cidff" for step in story.steps)
        and not any(isinstance(step, JoinStep) and step.who in logins for step in story.steps)
    ]
    assert len(awaiting) >= 2


def test_work_is_overdue_and_due_today_and_to_come(
    stories_told: list[Story], charter: Charter
) -> None:
    due: Counter[int] = Counter()
    for story in stories_told:
        journey = Replay(story, network(), charter).run()
        days = [entry.content.due for entry in journey.awaiting() if entry.content.due]
        due.update((day > TODAY) - (day < TODAY) for day in days)
        assert overdue(journey, TODAY) <= 2, story.known_as
    assert min(due[-1], due[0], due[1]) >= 8


def test_a_referent_shut_out_writes_nothing(stories_told: list[Story]) -> None:
    story = next(
        story
        for story in stories_told
        if any(isinstance(step, RestrictStep) for step in story.steps)
    )
    restriction = next(step for step in story.steps if isinstance(step, RestrictStep))
    assert restriction.institution == "police-nationale"
    assert not {step.who for step in story.steps} & set(restriction.shut_out)


def test_a_person_who_refuses_to_share_is_still_helped_8_4(stories_told: list[Story]) -> None:
    refusing = {outline.known_as for outline in read_outlines() if outline.refuses}
    story = next(story for story in stories_told if story.known_as in refusing)
    institutions = {network().institution_of(step.who).code for step in story.steps}
    assert institutions == {story.lead}
    assert not any(isinstance(step, InviteStep | CloseStep) for step in story.steps)


def test_every_institution_has_referents_and_logins_are_unique() -> None:
    plan = network()
    logins = [
        referent.login for institution in plan.institutions for referent in institution.referents
    ]
    assert len(plan.institutions) == 27
    assert len(logins) == len(set(logins))
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", login) for login in logins)
    three = ("cidff", "police-nationale", "siao-115", "maison-solidarites", "centre-hospitalier")
    assert all(len(plan.institution(code).referents) == 3 for code in (*three, "ville-clspd"))
    assert {plan.institution_of(login).gateway for login in plan.on_call} == {True}
    assert len(plan.on_call) == 3


def test_summaries_obey_the_domain(stories_told: list[Story]) -> None:
    plan = network()
    standings = []
    for wanted in summaries(TODAY, stories_told):
        story = next(story for story in stories_told if story.known_as == wanted.known_as)
        composer = _author(wanted.composer)
        summary = Summary.draft(
            network=identifier(plan.name),
            journey=identifier(story.known_as),
            number=wanted.number,
            author=composer,
            recipient=identifier(wanted.recipient),
            requisition=wanted.requisition,
            at=wanted.drafted_at,
        )
        assert plan.institution_of(wanted.composer).code == story.lead
        entries = {step.label: step for step in story.steps if isinstance(step, ActionStep)}
        for approval in wanted.approvals:
            for number, label in enumerate(wanted.entries):
                step = entries[label]
                if plan.institution_of(step.who).code != approval.institution:
                    continue
                assert step.at < wanted.drafted_at
                part = add_part(
                    summary,
                    composer,
                    identifier(approval.institution),
                    step.compartment,
                    step.ground,
                    [
                        SummaryItem(
                            number, step.kind, step.text, step.occurred_on, step.at, step.who
                        )
                    ],
                    [identifier(approval.who)],
                    wanted.drafted_at + timedelta(minutes=1),
                )
                if approval.at is not None:
                    approve_part(summary, _author(approval.who), part, approval.at)
        assert len(summary.parts) == len(wanted.entries)
        if wanted.frame.at is not None:
            coordination = identifier("coordination")
            approve_frame(summary, _author(wanted.frame.who), coordination, wanted.frame.at)
        if wanted.released_at is not None:
            release_copy(summary, composer, 1, wanted.released_at)
        if wanted.opened_by is not None and wanted.opened_at is not None:
            open_copy(summary, _author(wanted.opened_by), wanted.opened_at)
        standings.append((wanted.recipient, summary.standing.value))
    assert standings == [
        ("tgi-parquet", "released"),
        ("tgi-siege", "awaiting_parts"),
        ("tgi-parquet", "opened"),
    ]


def _author(login: str) -> Author:
    return Author(identifier(login), identifier(network().institution_of(login).code))
