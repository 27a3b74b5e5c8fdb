"""Attack 13: what exists and is not open, what does not exist, and what nobody could have written: one answer."""

from typing import Any
from uuid import uuid4

import pytest

from tests.telling.town import Clock
from tests.web.house import Browser, WebHouse
from tests.web.samples import PARTS, filled
from web.routes import ROUTES
from web.site.routing import Route

CONCERNED = [route for route in ROUTES if "{journey}" in route.path or "{summary}" in route.path]
STRANGERS = ("social.un", "coordination.un", "parquet.un")
MALFORMED = (
    "x",
    "0",
    "..%2f..",
    "%00",
    "%F0%9F%94%91",
    "7f3k-2q",
    "{00000000-0000-4000-8000-000000000000}",
    "9" * 400,
)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still: pages say what time it is."""
    monkeypatch.setattr(Clock, "__call__", lambda clock: clock.now)


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("login", STRANGERS)
@pytest.mark.parametrize("route", CONCERNED, ids=lambda route: route.name)
def test_no_route_tells_what_exists(house: WebHouse, route: Route, login: str) -> None:
    """Given a stranger, when they ask for what exists and for what does not, then the bytes are the same."""
    browser = house.browser(login)
    known = house.journeys["ambre"]
    for fields in _forms(route):
        expected = _ask(browser, route, str(known), fields)
        assert expected == _ask(browser, route, str(uuid4()), fields)
        if expected[0] == 403:
            # Refused for who they are, before anything was looked for.
            continue
        assert expected[0] == 404
        malformed = [str(known).upper(), known.hex, *MALFORMED]
        assert {_ask(browser, route, path, fields) for path in malformed} == {expected}


@pytest.mark.usefixtures("still")
def test_an_entry_that_one_cannot_read_is_as_unknown_as_none(house: WebHouse) -> None:
    """Given a partner, when they ask to correct an entry of others, a sealed one or none, then one answer."""
    browser = house.browser("hopital.un")
    journey = house.journeys["ambre"]
    browser.post(f"/suivis/{journey}/consultations", {"motif": "ongoing_work"})
    answers = {
        _whole(browser.get(f"/suivis/{journey}/inscriptions/{entry}/corriger"))
        for entry in ("4", "99", "x", "0", "-1", "4.0", "٤", "%34%00")
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def _forms(route: Route) -> list[dict[str, Any]]:
    if route.form is None:
        return [{}]
    return [filled(route.form), {}]


def _ask(
    browser: Browser, route: Route, identifier: str, fields: dict[str, Any]
) -> tuple[Any, ...]:
    path = route.path.format_map({**PARTS, "journey": identifier, "summary": identifier})
    return _whole(browser.get(path) if route.method == "GET" else browser.post(path, fields))


def _whole(answer: Any) -> tuple[Any, ...]:
    return answer.status_code, tuple(sorted(answer.headers.multi_items())), answer.content
