"""Pages as a town renders them to its people: every route by its address, and every form sent back empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from application.magistrate import received
from tests.telling.journeys import act_as, invite
from tests.telling.story import Story, begin_story
from tests.web.house import WebHouse
from tests.web.samples import filled
from web.asgi import build
from web.drawing.page import Page
from web.drawing.rendering import Renderer
from web.journey.fields import ConsentFields
from web.routes import ROUTES
from web.site.forms import Nothing
from web.site.routing import Route

NO_PAGES = frozenset(
    {"home", "built_file", "alive", "ready", "document", "language", "export_ledger"}
)
"""Routes that answer with no page of their own: an address, a file, a word."""

NEWCOMER = "cidff.neuf"
"""Somebody who has not signed the charter."""

WHO: Mapping[str, str | None] = {
    "login": None,
    "log_in": None,
    "show_signature": NEWCOMER,
    "sign": NEWCOMER,
    "show_part": "cidff.deux",
    "judge_part": "cidff.deux",
    "show_frame": "coordination.un",
    "judge_frame": "coordination.un",
    "ledger": "coordination.un",
    "filter_ledger": "coordination.un",
    "purpose": "hopital.un",
    "answer": "social.un",
}
"""Who is shown the page of a route, unless it is the lead's referent."""


@dataclass(frozen=True)
class Asked:
    """A page that somebody asks for. ``status`` is what it answers with."""

    who: str | None
    path: str
    status: int = 200
    fields: Mapping[str, Any] | None = None


def asked() -> dict[str, Asked]:
    """What is asked for, by name."""
    return {
        **{route.name: _of(route) for route in ROUTES if _has_page(route)},
        "purpose-asked": Asked("hopital.un", "/suivis/{journey}"),
        "received": Asked("parquet.un", "/syntheses"),
        "received-none": Asked("siege.un", "/syntheses"),
        "confirm_open": Asked("parquet.un", "/syntheses/{released}"),
        "opened_summary": Asked("parquet.un", "/syntheses/{opened}"),
        "summaries-frames": Asked("coordination.un", "/syntheses"),
        "work-none": Asked("abri.un", "/reste-a-faire"),
        "journeys-none": Asked("abri.un", "/suivis"),
        "refusal": Asked("police.un", "/registre", 403),
        "error": Asked("police.un", "/nulle-part", 404),
        "stale": Asked("cidff.un", "/suivis/{journey}/accords", 409, filled(ConsentFields)),
    }


def _has_page(route: Route) -> bool:
    return route.name not in NO_PAGES and (
        route.method == "GET" or route.form not in (None, Nothing)
    )


def _of(route: Route) -> Asked:
    who = WHO.get(route.name, "cidff.un")
    if route.method == "GET":
        return Asked(who, route.path)
    filters = route.name in ("search", "filter_ledger")
    return Asked(who, route.path, 200 if filters else 422, {})


class Noting:
    """A renderer that notes which templates it rendered."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.templates: set[str] = set()

    def render(self, page: Page) -> str:
        """Render, and note the page's template."""
        self.templates.add(page.template)
        return self._renderer.render(page)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._renderer, name)


def render(house: WebHouse) -> tuple[dict[str, str], set[str]]:
    """The HTML of every page that is asked for, by name, and the templates that it took."""
    town = house.town
    parts = dict(_parts(begin_story(town)))
    town.join("cidff", NEWCOMER, by="cidff.un")
    noting = Noting(house.web.renderer)
    noted = replace(house, app=build(replace(house.web, renderer=noting)))  # type: ignore[arg-type]
    browsers = {who: noted.browser(who) for who in {page.who for page in asked().values()}}
    purpose = f"/suivis/{parts['journey']}/consultations"
    browsers["cidff.un"].post(purpose, {"motif": "ongoing_work"})
    html = {}
    for name, page in asked().items():
        browser, path = browsers[page.who], page.path.format(**parts)
        answer = browser.get(path) if page.fields is None else browser.post(path, page.fields)
        assert answer.status_code == page.status, (name, answer.status_code)
        html[name] = answer.text
    return html, noting.templates


def _parts(story: Story) -> Iterator[tuple[str, UUID | int]]:
    invite(story.town, "cidff.un", story.journey, "social")
    yield "journey", story.journey
    yield "entry", story.versions["cidff"]
    yield "part", 1
    yield "summary", story.compose()
    yield "released", story.released()
    opened = story.released()
    act_as(story.town, "parquet.un", received.open_summary, opened)
    yield "opened", opened
