"""The charter decides as the table written by hand from its text says."""

from dataclasses import replace

import pytest

from domain.compartments import Compartment
from policies.articles import Article, BadCharter, read_articles
from policies.charter import Act, Charter, Concern
from policies.rules import read_compartments, read_schema
from tests.policies.cases import CHARTER_FOLDER, Case, expected_cases

CASES = expected_cases()
ARTICLES = read_articles(CHARTER_FOLDER / "articles")
POLICIES = [
    name
    for article in ARTICLES.values()
    for name in article.policies.split('"')
    if name.startswith(f"{article.number}-")
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"line {case.line}: {case.why}")
def test_the_charter_decides_as_expected(charter: Charter, case: Case) -> None:
    decision = case.decision(charter)
    assert (decision.allowed, decision.articles) == (case.allowed, case.articles), decision
    assert not decision.errors


def test_the_table_has_every_act_both_ways_and_every_compartment() -> None:
    assert len(CASES) >= 80
    assert {case.request.act for case in CASES if case.allowed} == set(Act)
    assert {case.request.act for case in CASES if not case.allowed} == set(Act)
    assert {case.request.compartment for case in CASES} == {None, *Compartment}


def test_every_policy_is_known_to_the_charter(charter: Charter) -> None:
    assert set(POLICIES) == set(charter.policies)
    assert len(POLICIES) == len(set(POLICIES))


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_cannot_be_deleted_unnoticed(name: str) -> None:
    assert not stands_without(name)


def stands_without(name: str) -> bool:
    """Whether the charter still loads and decides every case when the policy is not there."""
    articles = {number: _without(article, name) for number, article in ARTICLES.items()}
    schema = read_schema(CHARTER_FOLDER)
    try:
        weaker = Charter(articles, schema, read_compartments(CHARTER_FOLDER, schema), b"")
    except BadCharter:  # an act that nothing permits any more
        return False
    return all(case.holds(weaker) for case in CASES)


def test_the_charter_stands_when_nothing_is_deleted() -> None:
    assert stands_without("0.0-nothing")


def test_every_act_is_of_one_concern() -> None:
    assert {act.concerns for act in Act} == set(Concern)


def _without(article: Article, name: str) -> Article:
    head, *policies = article.policies.split("@id(")
    kept = [policy for policy in policies if not policy.startswith(f'"{name}")')]
    return replace(article, policies="@id(".join([head, *kept]))
