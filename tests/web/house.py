"""The pages of a real town on a real database, asked as a browser asks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import sql
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from relais.serving.pages import wire
from tests.databases import FreshDatabase
from tests.telling.founded import Founded
from tests.telling.journeys import journey_under_way
from tests.telling.town import Town
from web.asgi import build
from web.site.login_limits import LoginLimits
from web.site.request_log import request_logger
from web.site.session import COOKIE
from web.site.settings import Web

HOST = "relais.test"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": f"https://{HOST}"}


@dataclass
class WebHouse:
    """A town and its pages. ``log`` is what the pages wrote."""

    town: Town
    database: FreshDatabase
    web: Web
    app: ASGIApp
    log: StringIO
    journeys: dict[str, UUID] = field(default_factory=dict)

    def stored(self) -> dict[str, object]:
        """A digest of every table, as the superuser reads it."""
        with self.database.superuser.connection() as connection:
            rows = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'relais' ORDER BY 1"
            ).fetchall()
            return {name: _digest(connection, name) for (name,) in rows}

    def browser(self, login: str | None = None) -> "Browser":
        """A browser; logged in, if somebody is named."""
        browser = Browser(self)
        if login is not None:
            browser.log_in(login)
        return browser


def _digest(connection: Any, table: str) -> object:
    statement = (
        "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM relais.{} t"
    )
    return connection.execute(sql.SQL(statement).format(sql.Identifier(table))).fetchone()[0]


class Browser:
    """Sends what a browser sends from our own pages, and follows nothing by itself."""

    def __init__(self, house: WebHouse, source: str = "192.0.2.1") -> None:
        self.house = house
        self.client = TestClient(
            house.app,
            client=(source, 50_000),
            base_url=f"https://{HOST}",
            follow_redirects=False,
            raise_server_exceptions=True,
        )

    def log_in(self, login: str) -> None:
        """Give this browser the cookie of a fresh session."""
        self.house.town.log_in(login)
        self.client.cookies.set(COOKIE, self.house.town.cookies[login], domain=HOST)

    def get(self, path: str, **headers: str) -> Any:
        """Ask for a page."""
        return self.client.get(path, headers=headers)

    def post(
        self,
        path: str,
        fields: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] = SAME_ORIGIN,
    ) -> Any:
        """Send a form."""
        return self.client.post(path, data=dict(fields or {}), headers=dict(headers))


def open_house(
    town: Town, database: FreshDatabase, hosts: frozenset[str] = frozenset({HOST})
) -> WebHouse:
    """The pages of a town."""
    log = StringIO()
    web = wire(
        town.services,
        hosts=hosts,
        ready=lambda: True,
        limits=LoginLimits("5/minute"),
        log=request_logger(log),
    )
    return WebHouse(town, database, web, build(web), log)


@contextmanager
def house_of_a_run(
    founded: Founded, folder: Path, hosts: frozenset[str] = frozenset({HOST})
) -> Iterator[WebHouse]:
    """The pages of a town, with a journey that police and hospital take part in."""
    database = founded.copied_database()
    try:
        house = open_house(founded.open(database, folder), database, hosts)
        house.journeys["ambre"] = journey_under_way(house.town, "police", "hopital")
        yield house
    finally:
        database.drop()
