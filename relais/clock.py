"""What time it is."""

from datetime import datetime
from zoneinfo import ZoneInfo

TOWN_TIME = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """What time it is in the town."""
    return datetime.now(TOWN_TIME)
