"""Groups: through which the institutions take part."""

from domain.summary.groups import regroup
from tests.domain.given import NOW, fact, named
from tests.domain.summary.facts import COMPOSER, given_summary


def test_a_restriction_made_since_is_followed_11_1() -> None:
    groups = {named("CIDFF"): named("a small group")}
    given_summary().when(lambda it: regroup(it, COMPOSER, groups, NOW)).then(
        fact("GroupsChanged", author=COMPOSER, groups=groups)
    )


def test_the_same_groups_are_not_said_again() -> None:
    given_summary().when(lambda it: regroup(it, COMPOSER, {}, NOW)).then()
