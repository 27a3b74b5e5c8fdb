"""In what capacity an institution takes part in a journey: what it does for this person (articles 5.1, 5.2, 6.2)."""

from enum import StrEnum


class Capacity(StrEnum):
    """One thing that an institution does for the person. Each bears the name of the entitlement that it needs."""

    CARE = "care"
    SOCIAL_ACTION = "social-action"
    SHELTER = "shelter"
