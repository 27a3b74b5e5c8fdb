"""The time."""

from datetime import datetime

from domain.territory import ZONE


def now() -> datetime:
    """The time now, in the territory's zone."""
    return datetime.now(ZONE)
