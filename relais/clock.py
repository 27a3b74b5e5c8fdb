"""The time."""

from datetime import datetime
from zoneinfo import ZoneInfo

TOWN_TIME = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The time now, in the town's zone."""
    return datetime.now(TOWN_TIME)
