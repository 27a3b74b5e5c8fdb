"""Lives in which summaries are composed, approved, released to bench or prosecution, and opened (article 14)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from application.coordination import framing
from application.door.refusing import Refused
from application.magistrate import received as magistrate
from application.referent import approving, composing, summaries
from domain.compartments import Compartment
from domain.refusals import Refusal
from domain.summary.summary import Requisition
from infrastructure.formats.session import OpenSession
from tests.sealing.draws import WRITABLE, some
from tests.sealing.machine import Lives

JUSTICE = ("siege", "parquet")
_WORD = re.compile(rb"mot-[0-9]+-")


@dataclass
class Chosen:
    """What was chosen for a summary: its words, who answers for each of them, and to whom it goes."""

    journey: UUID
    composer: str
    recipient: str
    authors: dict[bytes, UUID]
    released: bool = False


class LivesWithSummaries(Lives):
    """A recipient reads exactly what was chosen and released, and nobody reads more of it than of the journey."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen: dict[UUID, Chosen] = {}

    def teardown(self) -> None:
        """Let one more be sent, and everybody open what they were sent, before days pass that the others wait for."""
        try:
            for number in range(2):
                odd = bool((self.words + number) % 2)
                self.compose(number, 0, JUSTICE[odd], {self.words % 3}, asked=not odd, goes_on=True)
            for summary in self.chosen:
                self._check_opened(summary)
        except BaseException:
            self.world.drop()
            raise
        super().teardown()

    @rule(
        who=some,
        journey=some,
        recipient=st.sampled_from(JUSTICE),
        left_out=st.sets(st.integers(0, 5), max_size=2),
        asked=st.booleans(),
        goes_on=st.booleans(),
    )
    def compose(
        self, who: int, journey: int, recipient: str, left_out: set[int], asked: bool, goes_on: bool
    ) -> None:
        """Two write; then one of them composes of all that they may join, but for some that is left out."""
        for number, compartment in enumerate((Compartment.DANGER, Compartment.FOLLOW_UP)):
            self.append(who + number, journey, compartment)
        login, place = self._actor(who, journey), self._journey(journey)
        issued = self.day - timedelta(days=1)
        requisition = Requisition("77", "Cormier", issued, frozenset(WRITABLE)) if asked else None
        institution = self.world.institutions[recipient].id

        def act(session: OpenSession) -> None:
            services = self.world.services
            entered = composing.enter_to_compose(services, session, place)
            allowed = [
                one.entry
                for number, one in enumerate(composing.candidates(entered, requisition))
                if one.decision.allowed and number not in left_out
            ]
            versions = [entry.version for entry in allowed]
            summary = composing.compose(
                services, session, place, institution, requisition, versions
            )
            self.elsewhere.add(summary)
            authors = {
                word: entry.author.institution
                for entry in allowed
                for word in _WORD.findall(entry.content.text.encode())
            }
            self.chosen[summary] = Chosen(place, login, recipient, authors)

        if self._try(login, act) and goes_on:
            self.approve_and_release(-1)

    @precondition(lambda self: self.chosen)
    @rule(number=some)
    def approve_and_release(self, number: int) -> None:
        """Everybody approves what they may, the coordination the frame; then the composer releases."""
        summary = list(self.chosen)[number % len(self.chosen)]
        services = self.world.services

        def judge(session: OpenSession) -> None:
            found = summaries.read_summary(services, session, summary).summary
            for part in found.standing_parts:
                if part.author_institution == session.institution:
                    approving.judge_part(services, session, summary, part.index, None)

        def release(session: OpenSession) -> None:
            approving.release(services, session, summary)
            self.chosen[summary].released = True

        for login in list(self.world.referents):
            if login.split(".", maxsplit=1)[0] not in (*JUSTICE, "coordination", "auditeur"):
                self._try(login, judge)
        self._try("coordination.un", lambda one: framing.judge_frame(services, one, summary, None))
        self._try(self.chosen[summary].composer, release)

    @precondition(lambda self: self.chosen)
    @rule(number=some)
    def open_what_was_sent(self, number: int) -> None:
        """The recipient, and whoever else is of justice."""
        self._check_opened(list(self.chosen)[number % len(self.chosen)])

    @invariant()
    def nobody_reads_more_in_a_summary(self) -> None:
        """Its words are read by readers of the journey, by those who answer for them, and by the recipient once
        released."""
        for login, attacker in self.attackers.items():
            for key, plaintext in attacker.read.items():
                if key[1] not in self.elsewhere:
                    continue
                one = self.chosen[key[1]]
                for word in _WORD.findall(plaintext):
                    sent = one.released and login.split(".", maxsplit=1)[0] == one.recipient
                    ours = self.promise.people.get(attacker.holder) == one.authors.get(word)
                    assert word in one.authors, f"{login} reads {word!r}, which was not chosen"
                    assert sent or ours or self._read_in_journey(attacker.holder, word), login

    # -- parts --------------------------------------------------------------------------------------------------

    def _read_in_journey(self, person: UUID, word: bytes) -> bool:
        journey, version = self.said[word]
        return any(
            person in one.persons
            for one in self.promise.journeys[journey].written.values()
            if one.what == "event" and one.version == version
        )

    def _check_opened(self, summary: UUID) -> None:
        one = self.chosen[summary]
        for login in self.world.referents:
            institution = login.split(".", maxsplit=1)[0]
            if institution not in JUSTICE:
                continue
            words: list[bytes] = []

            def read(session: OpenSession, into: list[bytes] = words) -> None:
                into += self._words_sent(session, summary)

            opened = self._try(login, read)
            if institution != one.recipient or not one.released:
                assert not opened
            elif opened:
                assert sorted(words) == sorted(one.authors)

    def _words_sent(self, session: OpenSession, summary: UUID) -> list[bytes]:
        found = magistrate.open_summary(self.world.services, session, summary).summary
        return [
            word
            for part in found.standing_parts
            for item in part.items or ()
            for word in _WORD.findall(item.text.encode())
        ]

    def _try(self, login: str, act: Callable[[OpenSession], Any]) -> bool:
        session = self.world.session(login)
        if session is None:
            return False
        done = True
        try:
            act(session)
        except (Refused, Refusal):
            done = False
        self._keeps(login, session)
        self._settle({})
        return done
