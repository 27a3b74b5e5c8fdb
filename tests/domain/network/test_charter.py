"""Charter: published and signed."""

import pytest

from domain.network import charter
from tests.domain.given import NOW, Fact, fact, named
from tests.domain.network.facts import PEOPLE, PUBLISHED, given_network


def signed(name: str, charter: bytes = b"v1") -> Fact:
    return fact("CharterSigned", signatory=named(name), charter=charter)


@pytest.mark.parametrize("signatory", ["Nadia", "CIDFF"])
def test_the_charter_in_force_is_signed_1_1(signatory: str) -> None:
    network = (
        given_network(*PEOPLE, PUBLISHED)
        .when(lambda it: charter.sign_charter(it, named(signatory), NOW))
        .then(signed(signatory))
    )
    assert network.has_signed(named(signatory))


def test_a_new_version_asks_for_a_new_signature_1_1() -> None:
    network = (
        given_network(*PEOPLE, PUBLISHED, signed("Nadia"))
        .when(lambda it: charter.publish_charter(it, b"v2", NOW))
        .then(fact("CharterPublished", charter=b"v2"))
    )
    assert not network.has_signed(named("Nadia"))
    assert network.signatures[named("Nadia")] == {b"v1"}


def test_a_charter_that_says_nothing_is_not_published() -> None:
    given_network().when(lambda it: charter.publish_charter(it, b"", NOW)).then_refused(
        "vide", "1.1"
    )


def test_a_version_is_signed_once_1_1() -> None:
    given_network(*PEOPLE, PUBLISHED, signed("Nadia")).when(
        lambda it: charter.sign_charter(it, named("Nadia"), NOW)
    ).then_refused("déjà signée", "1.1")


def test_nothing_is_signed_before_a_charter_is_in_force_1_1() -> None:
    given_network(*PEOPLE).when(
        lambda it: charter.sign_charter(it, named("Nadia"), NOW)
    ).then_refused("Aucune charte", "1.1")


def test_a_stranger_signs_nothing_1_1() -> None:
    given_network(*PEOPLE, PUBLISHED).when(
        lambda it: charter.sign_charter(it, named("nobody"), NOW)
    ).then_refused("n'est pas dans l'annuaire")
