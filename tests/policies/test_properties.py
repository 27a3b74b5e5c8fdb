"""What holds whoever asks, in whatever situation."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.compartments import Compartment
from policies.charter import (
    CONSTANT_ANSWER,
    Act,
    Asker,
    Charter,
    Concern,
    Decision,
    Relation,
    Situation,
)
from tests.policies.strategies import (
    KINDS,
    SECURITY_FORCES,
    askers,
    compartments,
    grounds,
    scopes,
    situations,
)

# The charter is one for the session and a decision leaves nothing in it.
any_time = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
KEYS = (Act.READ, Act.HOLD, Act.OPEN_PAST)


def every_decision(
    charter: Charter, asker: Asker, situation: Situation
) -> Iterator[tuple[Act, Decision]]:
    for act in Act:
        for compartment in Compartment if act.concerns is Concern.COMPARTMENT else (None,):
            yield act, charter.decide(act, asker, situation, compartment)


def opened(charter: Charter, act: Act, asker: Asker, situation: Situation) -> set[Compartment]:
    return {one for one in Compartment if charter.decide(act, asker, situation, one).allowed}


@any_time
@given(askers, st.sampled_from(SECURITY_FORCES), situations, st.sampled_from(KEYS), grounds)
def test_security_forces_never_open_health_5_2(
    charter: Charter, asker: Asker, kind: str, situation: Situation, act: Act, ground: str | None
) -> None:
    police = replace(asker, institution_kind=kind)
    assert not charter.decide(act, police, situation, Compartment.HEALTH, ground).allowed
    assert not charter.decide(act, police, situation, Compartment.SOCIAL, ground).allowed


@any_time
@given(askers, situations, st.sampled_from(KEYS))
def test_who_works_with_the_author_never_opens_a_location_11_2(
    charter: Charter, asker: Asker, situation: Situation, act: Act
) -> None:
    found = opened(charter, act, replace(asker, works_with_author=True), situation)
    assert not found & {Compartment.CONTACT, Compartment.SHELTER}


@any_time
@given(situations, st.sampled_from(KEYS))
def test_the_on_call_desk_opens_exactly_four_12_1(
    charter: Charter, situation: Situation, act: Act
) -> None:
    desk = Asker(
        institution_kind="municipality",
        may=frozenset(),
        gateway=True,
        works_with_author=False,
        institution_signed=True,
        referent_signed=True,
        suspended=False,
        excluded=False,
    )
    towards = replace(situation, relation=Relation.ON_CALL, shut_out=False)
    assert opened(charter, act, desk, towards) == {
        Compartment.FRAME,
        Compartment.DANGER,
        Compartment.IDENTITY,
        Compartment.CONTACT,
    }


@any_time
@given(
    askers,
    st.sampled_from(("coordination", "second-auditor", "elected", "justice")),
    situations,
    compartments,
)
def test_whoever_is_no_partner_opens_nothing_2_3_10_2_14_1(
    charter: Charter, asker: Asker, kind: str, situation: Situation, compartment: Compartment
) -> None:
    outsider = replace(asker, institution_kind=kind)
    for act in (*KEYS, Act.APPEND, Act.DEPOSIT, Act.PASS_KEY):
        assert not charter.decide(act, outsider, situation, compartment).allowed
    assert not charter.decide(Act.CONSULT, outsider, situation).allowed


@any_time
@given(askers, situations, compartments, grounds)
def test_what_is_read_is_held(
    charter: Charter,
    asker: Asker,
    situation: Situation,
    compartment: Compartment,
    ground: str | None,
) -> None:
    read = charter.decide(Act.READ, asker, situation, compartment, ground)
    held = charter.decide(Act.HOLD, asker, situation, compartment, ground)
    assert held.allowed or not read.allowed


@any_time
@given(askers, situations, compartments)
def test_a_passing_condition_shuts_the_door_and_leaves_the_keys_1_1_2_2(
    charter: Charter, asker: Asker, situation: Situation, compartment: Compartment
) -> None:
    shut = replace(asker, suspended=True, referent_signed=False)
    assert not charter.decide(Act.READ, shut, situation, compartment).allowed
    assert charter.decide(Act.HOLD, shut, situation, compartment) == charter.decide(
        Act.HOLD, replace(shut, suspended=False, referent_signed=True), situation, compartment
    )


@settings(any_time, max_examples=25)
@given(askers, situations)
def test_nothing_is_allowed_to_the_excluded_1_2(
    charter: Charter, asker: Asker, situation: Situation
) -> None:
    excluded = replace(asker, excluded=True)
    assert not any(answer.allowed for _, answer in every_decision(charter, excluded, situation))


@settings(any_time, max_examples=50)
@given(askers, situations, st.sampled_from((Relation.NONE, Relation.LEFT)), st.booleans())
def test_the_constant_answer_is_constant_2_1(
    charter: Charter, asker: Asker, situation: Situation, relation: Relation, shut_out: bool
) -> None:
    outside = (
        replace(situation, shut_out=True) if shut_out else replace(situation, relation=relation)
    )
    for act, answer in every_decision(charter, asker, outside):
        if act.concerns in {Concern.JOURNEY, Concern.COMPARTMENT}:
            assert not answer.allowed
            assert answer.articles == (CONSTANT_ANSWER,)


@any_time
@given(askers, situations, compartments, st.sampled_from(KEYS))
def test_a_partner_opens_nothing_that_nothing_shares_8_2(
    charter: Charter, asker: Asker, situation: Situation, compartment: Compartment, act: Act
) -> None:
    partner = replace(
        situation, relation=Relation.PARTNER, consent=frozenset(), ground_scope=frozenset()
    )
    answer = charter.decide(act, replace(asker, gateway=False), partner, compartment)
    assert not answer.allowed


@any_time
@given(askers, situations, compartments, scopes)
def test_more_consent_never_shuts_a_compartment_8_2(
    charter: Charter,
    asker: Asker,
    situation: Situation,
    compartment: Compartment,
    more: frozenset[Compartment],
) -> None:
    wider = replace(situation, consent=situation.consent | more)
    before = charter.decide(Act.HOLD, asker, situation, compartment)
    assert charter.decide(Act.HOLD, asker, wider, compartment).allowed or not before.allowed


@settings(any_time, max_examples=25)
@given(askers, situations)
def test_every_answer_names_articles_of_the_charter(
    charter: Charter, asker: Asker, situation: Situation
) -> None:
    for _, answer in every_decision(charter, asker, situation):
        assert answer.articles
        assert set(answer.articles) <= set(charter.articles)
        assert answer.allowed <= bool(answer.policies)
        assert not answer.errors


@any_time
@given(askers, situations, compartments, st.sampled_from(Act), st.text(max_size=12))
def test_an_unknown_kind_is_refused_everything(
    charter: Charter,
    asker: Asker,
    situation: Situation,
    compartment: Compartment,
    act: Act,
    kind: str,
) -> None:
    if kind in KINDS:
        return
    stranger = replace(asker, institution_kind=kind)
    about = compartment if act.concerns is Concern.COMPARTMENT else None
    answer = charter.decide(act, stranger, situation, about)
    assert not answer.allowed
    assert answer.articles == (CONSTANT_ANSWER,)
    assert answer.errors


@given(askers, situations, compartments, grounds, st.booleans(), st.text(max_size=3))
@any_time
def test_of_a_compartment_nothing_is_decided_by_why_somebody_came(
    charter: Charter,
    asker: Asker,
    situation: Situation,
    compartment: Compartment,
    ground: str,
    awaited: bool,
    purpose: str,
) -> None:
    other = replace(situation, has_open_task=awaited, purpose=purpose)
    for act in Act:
        if act.concerns is Concern.COMPARTMENT:
            assert charter.decide(act, asker, other, compartment, ground) == charter.decide(
                act, asker, situation, compartment, ground
            )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_known_to_the_schema(charter: Charter, kind: str) -> None:
    asker = Asker(
        institution_kind=kind,
        may=frozenset(),
        gateway=False,
        works_with_author=False,
        institution_signed=True,
        referent_signed=True,
        suspended=False,
        excluded=False,
    )
    assert charter.decide(Act.READ_CHARTER, asker).allowed
