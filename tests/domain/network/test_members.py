"""Members: institutions and referents admitted, and their standing."""

from dataclasses import replace

import pytest

from domain.network import members
from domain.network.members import Institution, Standing
from tests.domain.given import NOW, fact, named
from tests.domain.network.facts import (
    PEOPLE,
    admitted,
    arrived,
    given_network,
    institution,
    referent,
    stood,
)


def test_an_institution_is_admitted() -> None:
    network = (
        given_network()
        .when(lambda it: members.admit_institution(it, institution("CIDFF"), NOW))
        .then(admitted("CIDFF"))
    )
    assert network.institutions == {named("CIDFF"): institution("CIDFF")}


@pytest.mark.parametrize(
    "again", [institution("CIDFF"), replace(institution("CIDFF"), id=named("x"))]
)
def test_an_institution_is_admitted_once(again: Institution) -> None:
    given_network(admitted("CIDFF")).when(
        lambda it: members.admit_institution(it, again, NOW)
    ).then_refused("déjà dans l'annuaire")


def test_a_referent_is_admitted_and_found_by_login() -> None:
    network = (
        given_network(admitted("CIDFF"))
        .when(lambda it: members.admit_referent(it, referent("Nadia", "CIDFF"), NOW))
        .then(arrived("Nadia", "CIDFF"))
    )
    assert network.referent_of_login(" NADIA ") == referent("Nadia", "CIDFF")
    assert network.referent_of_login("ines") is None


def test_a_referent_of_nowhere_is_refused() -> None:
    given_network().when(
        lambda it: members.admit_referent(it, referent("Nadia", "CIDFF"), NOW)
    ).then_refused("n'est pas dans l'annuaire")


@pytest.mark.parametrize("login", ["nadia", "Nadia", " nadia "])
def test_a_login_is_taken_once_however_it_is_written(login: str) -> None:
    past = fact("ReferentAdmitted", referent=referent("Nadia", "CIDFF", "Nadia"))
    given_network(admitted("CIDFF"), past).when(
        lambda it: members.admit_referent(it, referent("Zoé", "CIDFF", login), NOW)
    ).then_refused("déjà pris")


def test_a_referent_is_admitted_once() -> None:
    given_network(*PEOPLE).when(
        lambda it: members.admit_referent(it, referent("Nadia", "CIDFF", "other"), NOW)
    ).then_refused("déjà pris")


def test_who_is_out_of_the_network_admits_nobody_1_2() -> None:
    given_network(admitted("CIDFF"), stood("CIDFF", Standing.EXCLUDED)).when(
        lambda it: members.admit_referent(it, referent("Nadia", "CIDFF"), NOW)
    ).then_refused("ne prend plus part", "1.2")


@pytest.mark.parametrize("subject", ["Nadia", "CIDFF"])
def test_a_standing_is_set_1_2(subject: str) -> None:
    network = (
        given_network(*PEOPLE)
        .when(lambda it: members.set_standing(it, named(subject), Standing.SUSPENDED, "x", NOW))
        .then(stood(subject, Standing.SUSPENDED))
    )
    assert network.standing_of(named(subject)) is Standing.SUSPENDED


@pytest.mark.parametrize("ended", [Standing.EXCLUDED, Standing.LEFT])
@pytest.mark.parametrize("back", [Standing.ACTIVE, Standing.SUSPENDED])
def test_who_comes_back_is_there_from_that_line_on_1_2(ended: Standing, back: Standing) -> None:
    network = (
        given_network(*PEOPLE, stood("Nadia", ended))
        .when(lambda it: members.set_standing(it, named("Nadia"), back, "x", NOW))
        .then(stood("Nadia", back))
    )
    assert network.returned == {named("Nadia"): network.counter}


def test_a_suspension_that_passes_is_no_return_2_2() -> None:
    network = given_network(
        *PEOPLE, stood("Nadia", Standing.SUSPENDED), stood("Nadia", Standing.ACTIVE)
    ).aggregate
    assert network.returned == {}


def test_a_stranger_has_no_standing() -> None:
    given_network(*PEOPLE).when(
        lambda it: members.set_standing(it, named("nobody"), Standing.LEFT, "x", NOW)
    ).then_refused("n'est pas dans l'annuaire")


def test_a_standing_is_not_set_to_what_it_is() -> None:
    given_network(*PEOPLE).when(
        lambda it: members.set_standing(it, named("Nadia"), Standing.ACTIVE, "x", NOW)
    ).then_refused("déjà le cas")
