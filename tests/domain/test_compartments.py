"""Compartments and closed lists: what is stored keeps its meaning."""

import pytest

from domain.catalogue import Catalogue
from domain.compartments import Compartment, InformationClass

CODES = {
    "frame": 1,
    "follow_up": 2,
    "identity": 3,
    "contact": 4,
    "danger": 5,
    "social": 6,
    "health": 7,
    "shelter": 8,
    "children": 9,
    "proceedings": 10,
}
"""Written by hand: these bytes stand in sealed rows for ever."""


def test_codes_in_sealed_formats_never_move() -> None:
    assert {compartment.value: compartment.code for compartment in Compartment} == CODES


@pytest.mark.parametrize("compartment", Compartment)
def test_a_code_gives_its_compartment_back(compartment: Compartment) -> None:
    assert Compartment.from_code(compartment.code) is compartment
    assert compartment.label != compartment.holds


@pytest.mark.parametrize("code", [0, 11, 0x40])
def test_an_unknown_code_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match="unknown"):
        Compartment.from_code(code)


def test_secrets_are_where_the_law_puts_them() -> None:
    assert Compartment.SOCIAL.information_class is InformationClass.SOCIAL_SECRET
    assert Compartment.HEALTH.information_class is InformationClass.MEDICAL_SECRET
    assert Compartment.SHELTER.information_class is InformationClass.LOCATION
    assert Compartment.CONTACT.information_class is InformationClass.LOCATION


def test_every_action_goes_to_a_compartment_that_takes_actions() -> None:
    catalogue = Catalogue.load()
    closed = {Compartment.FRAME, Compartment.IDENTITY, Compartment.CONTACT}
    assert not closed & {kind.compartment for kind in catalogue.action_kinds.values()}
    assert [kind.code for kind in catalogue.action_kinds.values() if kind.levels] == [
        "danger_noted"
    ]
    assert catalogue.grounds["person_consent"].title == "Accord de la personne"
