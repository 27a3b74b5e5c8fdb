"""The words for the slots of a written line: the person, the days, the hours."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random

from domain.territory import ZONE
from relais.demonstration.outlines import Outline

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
OFFICE_HOURS = ("9 h", "9 h 30", "10 h", "10 h 45", "11 h 15", "14 h", "14 h 30", "15 h 30", "16 h")


def slots(
    outline: Outline, occurred: date, due: date | None, at: datetime, random: Random
) -> Mapping[str, str]:
    """The words of each slot.

    ``{heure}`` is the hour of writing, or an hour to come if the line plans something.
    """
    hour = random.choice(OFFICE_HOURS) if due else _hour(at)
    return {
        "Madame": "Monsieur" if outline.man else "Madame",
        "elle": "il" if outline.man else "elle",
        "Elle": "Il" if outline.man else "Elle",
        "e": "" if outline.man else "e",
        "auteur": outline.aggressor,
        "Auteur": outline.aggressor[:1].upper() + outline.aggressor[1:],
        "enfants": outline.children,
        "date": _day(occurred),
        "due": f"{DAYS[due.weekday()]} {_day(due)}" if due else "",
        "heure": hour,
    }


def _day(day: date) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]}"


def _hour(at: datetime) -> str:
    """The hour of the call, some minutes before its entry."""
    local = (at - timedelta(minutes=6)).astimezone(ZONE)
    return f"{local.hour} h {local.minute:02}"
