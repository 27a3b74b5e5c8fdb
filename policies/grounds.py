"""Grounds of entries: the legal ground that each rests on unless its author names another."""

from domain.compartments import Compartment, InformationClass
from domain.grounds import Ground

_GROUND_OF_CLASS = {
    InformationClass.FACTUAL: Ground.COUNCIL_GROUND,
    InformationClass.CONFIDENTIAL: Ground.COUNCIL_GROUND,
    InformationClass.LOCATION: Ground.PERSON_CONSENT,
    InformationClass.SOCIAL_SECRET: Ground.SOCIAL_SECRET_SHARED,
    InformationClass.MEDICAL_SECRET: Ground.CARE_TEAM,
    InformationClass.CHILD_PROTECTION: Ground.CHILD_PROTECTION,
    InformationClass.OFFENCE_DATA: Ground.PERSON_CONSENT,
}


def ground_of(compartment: Compartment) -> str:
    """The code of the ground that an entry of a compartment rests on unless its author names another."""
    return _GROUND_OF_CLASS[compartment.information_class].value
