"""Grounds: why an entry may be kept, shared, or joined to a summary (charter, articles 5, 8 and 14)."""

from enum import StrEnum


class Ground(StrEnum):
    """The legal ground of an entry, of a sharing, or of an entry's place in a summary.

    The codes are those of the catalogue (``domain/catalogue.toml``), and two that only the
    charter needs: ``NONE`` and ``REQUISITION``.
    """

    NONE = "none"
    PERSON_CONSENT = "person_consent"
    COUNCIL_GROUND = "council_ground"
    SOCIAL_SECRET_SHARED = "social_secret_shared"  # noqa: S105 -- a legal ground, not a password
    CARE_TEAM = "care_team"
    CHILD_PROTECTION = "child_protection"
    UNABLE_TO_PROTECT = "unable_to_protect"
    VITAL_DANGER = "vital_danger"
    REQUISITION = "requisition"
