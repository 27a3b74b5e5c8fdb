"""The ground that an entry rests on unless its author names another."""

from domain.compartments import Compartment, InformationClass

_GROUND_OF_CLASS = {
    InformationClass.FACTUAL: "council_ground",
    InformationClass.CONFIDENTIAL: "council_ground",
    InformationClass.LOCATION: "person_consent",
    InformationClass.SOCIAL_SECRET: "social_secret_shared",
    InformationClass.MEDICAL_SECRET: "care_team",
    InformationClass.CHILD_PROTECTION: "child_protection",
    InformationClass.OFFENCE_DATA: "person_consent",
}


def ground_of(compartment: Compartment) -> str:
    """The ground that an entry of a compartment rests on unless its author names another."""
    return _GROUND_OF_CLASS[compartment.information_class]
