"""Compartments: the classes of information within a journey (charter, articles 4 to 7)."""

from dataclasses import dataclass
from enum import StrEnum


class InformationClass(StrEnum):
    """A class of information in the words of the law: it decides who may hold it."""

    FACTUAL = "factual"
    CONFIDENTIAL = "confidential"
    LOCATION = "location"
    SOCIAL_SECRET = "social_secret"
    MEDICAL_SECRET = "medical_secret"
    CHILD_PROTECTION = "child_protection"
    OFFENCE_DATA = "offence_data"


class Compartment(StrEnum):
    """One compartment of a journey; each has keys of its own."""

    FRAME = "frame"
    FOLLOW_UP = "follow_up"
    IDENTITY = "identity"
    CONTACT = "contact"
    DANGER = "danger"
    SOCIAL = "social"
    HEALTH = "health"
    SHELTER = "shelter"
    CHILDREN = "children"
    PROCEEDINGS = "proceedings"

    @property
    def information_class(self) -> InformationClass:
        """The class of information that it holds, in the words of the law."""
        return _DESCRIPTIONS[self].information_class

    @property
    def label(self) -> str:
        """Its name on screen (a French message id)."""
        return _DESCRIPTIONS[self].label

    @property
    def holds(self) -> str:
        """Its content, in words for the screen (a French message id)."""
        return _DESCRIPTIONS[self].holds

    @property
    def code(self) -> int:
        """Its byte in sealed formats; never reused (docs/formats/grant.md)."""
        return _DESCRIPTIONS[self].code

    @classmethod
    def from_code(cls, code: int) -> "Compartment":
        """Find the compartment of a byte. Raises ``ValueError`` for an unknown byte."""
        for compartment, description in _DESCRIPTIONS.items():
            if description.code == code:
                return compartment
        raise ValueError("unknown compartment code")


@dataclass(frozen=True, slots=True)
class _Description:
    code: int
    label: str
    information_class: InformationClass
    holds: str


_C = InformationClass
_DESCRIPTIONS = {
    Compartment.FRAME: _Description(
        1, "Cadre", _C.FACTUAL, "partenaires, accords, restrictions, clôture, consultations"
    ),
    Compartment.FOLLOW_UP: _Description(
        2, "Accompagnement", _C.FACTUAL, "actions faites et prévues, besoins, décisions"
    ),
    Compartment.IDENTITY: _Description(
        3, "Identité", _C.CONFIDENTIAL, "qui est la personne accompagnée"
    ),
    Compartment.CONTACT: _Description(
        4, "Contact sûr", _C.LOCATION, "comment et quand la joindre sans danger"
    ),
    Compartment.DANGER: _Description(
        5, "Danger", _C.CONFIDENTIAL, "évaluations du danger, menaces, armes"
    ),
    Compartment.SOCIAL: _Description(
        6, "Social", _C.SOCIAL_SECRET, "ce que couvre le secret des travailleurs sociaux"
    ),
    Compartment.HEALTH: _Description(7, "Santé", _C.MEDICAL_SECRET, "faits médicaux, certificats"),
    Compartment.SHELTER: _Description(
        8, "Hébergement", _C.LOCATION, "où vit la personne, plan de sécurité"
    ),
    Compartment.CHILDREN: _Description(
        9, "Enfants", _C.CHILD_PROTECTION, "enfants exposés, informations préoccupantes"
    ),
    Compartment.PROCEEDINGS: _Description(
        10, "Procédures", _C.OFFENCE_DATA, "plaintes, ordonnances, mesures, auteur des violences"
    ),
}

SHARED = tuple(compartment for compartment in Compartment if compartment is not Compartment.FRAME)
"""The compartments that may be shared with a partner, each by itself; every partner reads the frame."""
