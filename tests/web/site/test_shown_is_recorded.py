"""Whatever a page shows of a journey, a summary, a list or the ledger is in the ledger before it is shown (promise 4).

The table of routes is walked, so a page that is added later is asked too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from application.magistrate import received
from domain.access import Access
from domain.journey.code import code_of
from tests.telling.journeys import act_as
from tests.telling.story import WORDS, Story, begin_story
from tests.web.house import WebHouse
from tests.web.samples import filled
from web.routes import ROUTES
from web.site.routing import Route

SHOWS_NOTHING_PERSONAL: Mapping[str, str] = {
    "alive": "one word, to whoever watches over the process",
    "ready": "one word, to whoever watches over the process",
    "built_file": "a style, a script or a picture",
    "language": "goes back to the page it came from",
    "policy_report": "takes what a browser reports, and says nothing",
    "home": "goes to one's first page",
    "login": "the form to log in",
    "log_in": "the form to log in",
    "logged_out": "words for everybody",
    "log_out": "goes to those words",
    "extend_session": "when the session ends",
    "charter": "the articles, the same for everybody",
    "show_signature": "the articles, the same for everybody",
    "sign": "the articles, the same for everybody",
    "show_new": "an empty form",
    "open_journey": "the form as it was typed; goes to the new journey",
    "purpose": "goes to the journey",
    "release": "goes to the summary",
    "open": "goes to the summary",
}
"""The routes that show nothing of anybody, and what they show instead."""

RECORDED_AS: Mapping[str, set[str]] = {
    "work": {"list_journeys"},
    "journeys": {"list_journeys"},
    "search": {"list_journeys"},
    "answer": {"list_journeys"},
    "summaries": {"list_summaries"},
    "ledger": {"audit"},
    "filter_ledger": {"audit"},
    "export_ledger": {"export_audit", "audit"},
}
"""What the ledger calls the showing of what is not one journey or one summary."""

OF_A_JOURNEY = {"consult"}
OF_A_SUMMARY = {"read_summary", "look_at_summary", "open_summary"}

ASKERS = ("cidff.un", "cidff.deux", "police.un", "coordination.un", "parquet.un")
SHOWING = (200, 409, 422)
RULED_OUT = "La charte ne le permet pas"
"""The heading of a page that says which rule refused, and nothing else."""


@dataclass
class Watched:
    """The pages, watched: how many entries the ledger has when the newest answer begins."""

    house: WebHouse
    app: ASGIApp
    at_start: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.at_start = self.entries()
            await send(message)

        await self.app(scope, receive, watched)

    def entries(self) -> int:
        """How many entries the ledger has."""
        with self.house.database.superuser.connection() as connection:
            row = connection.execute("SELECT count(*) FROM relais.ledger_entry").fetchone()
        assert row is not None
        return int(row[0])

    def recorded_after(self, before: int) -> list[Access]:
        """What was recorded when the answer began and was not when it was asked for."""
        town = self.house.town
        network = town.installation.directory.current()
        coordination = town.who("coordination.un")
        newest = town.services.ledger.audit(coordination, network, self.entries() - before)
        return [entry.access for entry in reversed(newest)][: self.at_start - before]


@dataclass
class Answer:
    """An answer of a route, and what was recorded before its first byte."""

    address: str
    login: str
    status: int
    text: str = field(repr=False)
    recorded: list[Access]

    @property
    def shows(self) -> bool:
        """Whether it is a page with something on it, and not the refusal of a rule."""
        return self.status in SHOWING and RULED_OUT not in self.text


@pytest.fixture
def story(house: WebHouse) -> Story:
    """A journey of three institutions in the town of the pages."""
    return begin_story(house.town)


def answers(house: WebHouse, story: Story, route: Route) -> Iterator[Answer]:
    """Let everybody ask for a route, of each thing that it may be about; a form empty and filled in."""
    watched = Watched(house, house.app)
    seen = replace(house, app=watched)
    forms: list[dict[str, Any] | None] = [None]
    if route.method == "POST":
        forms = [{}, filled(route.form)] if route.form else [{}]
    addresses = list(_addresses(story, route))
    for login in ASKERS:
        browser = seen.browser(login)
        browser.post(f"/suivis/{story.journey}/consultations", {"motif": "ongoing_work"})
        for address in addresses:
            for fields in forms:
                before = watched.entries()
                answer = browser.get(address) if fields is None else browser.post(address, fields)
                recorded = watched.recorded_after(before)
                yield Answer(address, login, answer.status_code, answer.text, recorded)


def _addresses(story: Story, route: Route) -> Iterator[str]:
    summaries: list[UUID | None] = [None]
    if "{summary}" in route.path:
        opened = story.released()
        act_as(story.town, "parquet.un", received.open_summary, opened)
        summaries = [story.compose(), story.released(), opened]
    for summary in summaries:
        yield route.path.format(
            journey=story.journey,
            entry=story.versions["cidff"],
            summary=summary,
            part="1",
            name="app.css",
        )


def subject_of(route: Route, answer: Answer, story: Story) -> tuple[set[str], UUID | None]:
    """What the ledger must name of a page that was shown: an act, and what it was done to."""
    if "{summary}" in route.path:
        return OF_A_SUMMARY, UUID(answer.address.split("/")[2])
    if route.name in RECORDED_AS:
        return RECORDED_AS[route.name], None
    assert "{journey}" in route.path, f"say how the ledger names {route.name}, or why it need not"
    return OF_A_JOURNEY, story.journey


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.name not in SHOWS_NOTHING_PERSONAL],
    ids=lambda route: route.name,
)
def test_what_is_shown_is_recorded_first(house: WebHouse, story: Story, route: Route) -> None:
    """Given everybody who asks for a page, when it begins to answer, then the ledger names what it shows."""
    shown = [answer for answer in answers(house, story, route) if answer.shows]
    assert shown, "nobody is ever shown this page"
    for answer in shown:
        acts, subject = subject_of(route, answer, story)
        assert any(
            access.allowed and access.act in acts and access.subject == subject
            for access in answer.recorded
        ), answer


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.name in SHOWS_NOTHING_PERSONAL],
    ids=lambda route: route.name,
)
def test_what_shows_nothing_personal_shows_nothing(
    house: WebHouse, story: Story, route: Route
) -> None:
    """Given everybody who asks for a route that leaves no entry, when it answers, then nothing of the journey is
    there."""
    secret = (*WORDS.values(), code_of(story.journey), "S-2026-")
    for answer in answers(house, story, route):
        assert not any(word in answer.text for word in secret), answer


def test_the_list_of_what_shows_nothing_is_of_today() -> None:
    """Given the closed list, when it is compared with the table of routes, then no name in it is of the past."""
    assert {route.name for route in ROUTES} >= {*SHOWS_NOTHING_PERSONAL, *RECORDED_AS}
