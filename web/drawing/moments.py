"""Days and times in the reader's language, as people say them: today, yesterday, then the date."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Moments:
    """Writes dates for one language. ``language`` is "fr" or "en"; ``zone`` the territory's."""

    language: str
    zone: tzinfo
    gettext: Callable[[str], str]

    def today(self, now: datetime) -> date:
        """Return the territory's day at ``now``."""
        return now.astimezone(self.zone).date()

    def day(self, day: date, now: datetime) -> str:
        """Return "16 novembre", with the year if it is not the current year."""
        pattern = "d MMMM" if day.year == self.today(now).year else "d MMMM y"
        return self._date(day, pattern)

    def long_day(self, day: date, now: datetime) -> str:
        """Return "Aujourd'hui", "Hier" or "Lundi 16 novembre": the title of a day."""
        distance = (day - self.today(now)).days
        if distance == 0:
            return self.gettext("Aujourd’hui")
        if distance == -1:
            return self.gettext("Hier")
        pattern = "EEEE d MMMM" if day.year == self.today(now).year else "EEEE d MMMM y"
        written = self._date(day, pattern)
        return written[0].upper() + written[1:]

    def due(self, day: date, now: datetime) -> str:
        """Return "Aujourd'hui", "Demain", "Hier" or the day: the term of something that awaits."""
        near = {
            0: self.gettext("Aujourd’hui"),
            1: self.gettext("Demain"),
            -1: self.gettext("Hier"),
        }
        return near.get((day - self.today(now)).days) or self.day(day, now)

    def time(self, at: datetime) -> str:
        """Return "10 h 42" in French, "10:42" in English."""
        pattern = f"H'{NO_BREAK}h{NO_BREAK}'mm" if self.language == "fr" else "H:mm"
        return format_time(at.astimezone(self.zone), pattern, locale=self.language)

    def moment(self, at: datetime, now: datetime) -> str:
        """Return "10 h 42" today, "hier 10 h 42", else the day and the time."""
        day = at.astimezone(self.zone).date()
        distance = (day - self.today(now)).days
        if distance == 0:
            return self.time(at)
        if distance == -1:
            yesterday = self.gettext("hier")
            return f"{yesterday} {self.time(at)}"
        return f"{self.day(day, now)}, {self.time(at)}"

    def stamp(self, at: datetime) -> str:
        """Return the whole date and time, for paper and for records."""
        local = at.astimezone(self.zone)
        return f"{self._date(local.date(), 'd MMMM y')}, {self.time(at)}"

    def weekday(self, index: int) -> str:
        """Return the short name of a weekday, 0 for Monday."""
        return format_date(date(2024, 1, 1 + index), "EEE", locale=self.language)

    def number(self, value: int) -> str:
        """Return a whole number with the language's separators."""
        return format_decimal(value, locale=self.language)

    def _date(self, day: date, pattern: str) -> str:
        written = format_date(day, pattern, locale=self.language)
        if self.language == "fr" and day.day == 1:
            written = written.replace("1 ", "1er ", 1)
        return written
