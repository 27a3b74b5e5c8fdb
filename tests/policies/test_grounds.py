"""The ground that an entry rests on unless its author names another."""

from domain.compartments import Compartment
from policies.grounds import ground_of

GROUNDS = {
    "frame": "council_ground",
    "follow_up": "council_ground",
    "identity": "council_ground",
    "contact": "person_consent",
    "danger": "council_ground",
    "social": "social_secret_shared",
    "health": "care_team",
    "shelter": "person_consent",
    "children": "child_protection",
    "proceedings": "person_consent",
}


def test_each_compartment_has_its_ground() -> None:
    assert {compartment.value: ground_of(compartment) for compartment in Compartment} == GROUNDS
