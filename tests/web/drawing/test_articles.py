"""Why something is sealed, in the charter's words."""

import pytest

from domain.compartments import Compartment
from policies.charter import Charter, Decision
from tests.telling.town import POLICIES
from web.drawing.articles import _READ_BY, why


@pytest.fixture(scope="module")
def charter() -> Charter:
    return Charter.load(POLICIES)


@pytest.mark.parametrize("compartment", sorted(set(Compartment) - {Compartment.FRAME}))
def test_where_no_rule_let_them_it_says_who_reads(
    charter: Charter, compartment: Compartment
) -> None:
    """Given a refusal that no rule made, when it is explained, then the rule that opens the compartment is."""
    rule = charter.policies[_READ_BY[compartment]]
    refused = Decision(allowed=False, articles=(rule.article,), policies=())

    assert rule.effect == "permit"
    assert why(charter, refused, compartment) == rule.wording


def test_a_rule_that_refused_speaks_for_itself(charter: Charter) -> None:
    refused = Decision(allowed=False, articles=("5.2",), policies=("5.2-never",))

    assert why(charter, refused, Compartment.HEALTH) == charter.policies["5.2-never"].wording


def test_another_articles_refusal_is_told_by_its_title(charter: Charter) -> None:
    refused = Decision(allowed=False, articles=("2.1",), policies=())

    assert why(charter, refused, Compartment.HEALTH) == charter.articles["2.1"].title
    assert why(charter, refused) == charter.articles["2.1"].title
