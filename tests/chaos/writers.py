"""Eight people who write through the pages, and keep their own list of the actions that the screen confirmed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

from tests.chaos.processes import CHANCE
from tests.operations.visitor import Answer, PageForm, Unanswered, Visitor

_CONFIRMED = re.compile(r"[?&]inscription=(\d+)")


class Outcome(StrEnum):
    """The answer to one action."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """It is not stored: the pages said so."""
    UNKNOWN = "unknown"
    """No answer came: it is stored once, or not at all."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One action sent. ``version`` is the place in the journey that a confirmation named."""

    login: str
    journey: UUID
    text: str
    outcome: Outcome
    version: int | None = None


@dataclass
class Writer:
    """One person with a browser. ``attempts`` is also a file, one line each, written before the next is sent."""

    login: str
    passphrase: str
    address: str
    journeys: Sequence[UUID]
    kept: Path
    stop: Event
    attempts: list[Attempt] = field(default_factory=list)
    log_ins: int = 0
    surprises: list[str] = field(default_factory=list)

    def begin(self) -> Thread:
        """Write until told to stop."""
        thread = Thread(target=self._write, name=self.login)
        thread.start()
        return thread

    @property
    def confirmed(self) -> int:
        """The number of actions that the screen confirmed."""
        return sum(attempt.outcome is Outcome.CONFIRMED for attempt in self.attempts)

    def _write(self) -> None:
        browser = Visitor(self.address)
        logged_in = False
        while not self.stop.is_set():
            try:
                if not logged_in:
                    logged_in = browser.log_in(self.login, self.passphrase)
                    self.log_ins += logged_in
                if logged_in:
                    logged_in = self._turn(browser)
            except Unanswered:
                self.stop.wait(CHANCE.uniform(0.05, 0.4))
        browser.close()

    def _turn(self, browser: Visitor) -> bool:
        """Read a journey, then write into it; false if the session has ended. Raises ``Unanswered``."""
        journey = CHANCE.choice(self.journeys)
        page = browser.get(f"/suivis/{journey}")
        if (why := page.form("/consultations")) is not None and page.form("/inscriptions") is None:
            page = browser.follow(browser.submit(why, motif="ongoing_work"))
        if page.status == 401:
            return False
        form = page.form("/inscriptions")
        if form is None:
            self.surprises.append(f"{page.status} without a form")
            return True
        text = f"{self.login} {len(self.attempts)}"
        return self._send(browser, journey, form, text)

    def _send(self, browser: Visitor, journey: UUID, form: PageForm, text: str) -> bool:
        try:
            answer = browser.submit(form, genre="interview", texte=text)
        except Unanswered:
            self._note(Attempt(self.login, journey, text, Outcome.UNKNOWN))
            raise
        confirmed = _CONFIRMED.search(answer.location)
        if answer.status == 303 and confirmed:
            attempt = Attempt(self.login, journey, text, Outcome.CONFIRMED, int(confirmed[1]))
        else:
            attempt = Attempt(self.login, journey, text, Outcome.REFUSED)
            self._expect(answer)
        self._note(attempt)
        return answer.status != 401

    def _expect(self, answer: Answer) -> None:
        if answer.status not in {401, 409}:
            self.surprises.append(f"{answer.status} to an action")

    def _note(self, attempt: Attempt) -> None:
        with self.kept.open("a", encoding="utf-8") as kept:
            kept.write(f"{attempt.outcome}\t{attempt.journey}\t{attempt.version}\t{attempt.text}\n")
        self.attempts.append(attempt)
