"""Restrictions: who is shut out of a journey."""

from domain.journey import restrictions
from domain.journey.restrictions import Restriction
from tests.domain.given import NOW, Fact, fact, named
from tests.domain.journey.facts import CIDFF, given_journey


def restricted(small_group: str, *shut_out: str) -> Fact:
    return fact(
        "Restricted",
        author=CIDFF,
        group=named("police"),
        small_group=named(small_group),
        shut_out=frozenset(named(one) for one in shut_out),
    )


def test_a_restriction_shuts_out_11_1() -> None:
    journey = (
        given_journey()
        .when(
            lambda it: restrictions.restrict(
                it, CIDFF, named("police"), named("small"), [named("Marc")], NOW
            )
        )
        .then(restricted("small", "Marc"))
    )
    assert journey.is_shut_out(named("Marc"))
    assert not journey.is_shut_out(named("Nadia"))


def test_a_second_restriction_keeps_the_first_11_1() -> None:
    journey = (
        given_journey(restricted("small", "Marc"))
        .when(
            lambda it: restrictions.restrict(
                it, CIDFF, named("police"), named("less"), [named("Léo")], NOW
            )
        )
        .then(restricted("less", "Léo"))
    )
    assert journey.restrictions[named("police")] == Restriction(
        named("police"),
        named("less"),
        frozenset({named("Marc"), named("Léo")}),
        3,
        frozenset({named("small")}),
    )


def test_a_restriction_names_somebody_11_1() -> None:
    given_journey().when(
        lambda it: restrictions.restrict(it, CIDFF, named("police"), named("small"), [], NOW)
    ).then_refused("au moins une personne", field="shut_out")


def test_nobody_shuts_themselves_out_11_1() -> None:
    given_journey().when(
        lambda it: restrictions.restrict(
            it, CIDFF, named("CIDFF"), named("small"), [CIDFF.referent], NOW
        )
    ).then_refused("collègue", "11.1")
