"""On-call desk: who is named."""

import pytest

from domain.network import on_call
from domain.network.members import Standing
from tests.domain.given import NOW, named
from tests.domain.network.facts import ON_CALL, PEOPLE, given_network, stood


def test_two_of_the_gateway_are_named_on_call() -> None:
    network = (
        given_network(*PEOPLE)
        .when(lambda it: on_call.name_on_call(it, [named("Paul"), named("Rose")], NOW))
        .then(ON_CALL)
    )
    assert network.on_call == {named("Paul"), named("Rose")}


@pytest.mark.parametrize("names", [["Paul"], ["Paul", "Nadia"], ["Paul", "nobody"]])
def test_on_call_are_two_known_referents_of_the_gateway_12_1(names: list[str]) -> None:
    given_network(*PEOPLE).when(
        lambda it: on_call.name_on_call(it, [named(one) for one in names], NOW)
    ).then_refused("au moins deux", "12.1")


def test_who_left_is_not_named_on_call_12_1() -> None:
    given_network(*PEOPLE, stood("Rose", Standing.LEFT)).when(
        lambda it: on_call.name_on_call(it, [named("Paul"), named("Rose")], NOW)
    ).then_refused("au moins deux", "12.1")
