"""The territory's time zone, and so the day of each moment there.

No event names the zone yet: a later version of ``NetworkFounded`` may carry it. ``Network.zone`` and ``Network.day``
then give that one; journeys and summaries, which compare days too, are given it when they begin.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Paris")


def day_of(at: datetime) -> date:
    """The territory's day at a moment, whatever the zone that the moment is written in."""
    return at.astimezone(ZONE).date()
