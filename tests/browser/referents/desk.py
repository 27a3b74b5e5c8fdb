"""Somebody at work in a browser: what they do, and what they then see."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request
from starlette.types import ASGIApp

from tests.web.house import WebHouse

AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}
ANSWERED = "Failed to load resource: the server responded with a status of 4"
"""What Chromium's console says of a page that was answered with another status than 200."""


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port; gives its address."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="error", lifespan="off", server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


class Desk:
    """One tab of one person. Remembers every error, every breach of the content policy, every foreign request."""

    def __init__(self, house: WebHouse, address: str, context: BrowserContext) -> None:
        self.house = house
        self.address = address
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)

    # -- given --------------------------------------------------------------------------------------

    def given_i_am_logged_in_as(self, login: str) -> None:
        """Log in by the page, as people do."""
        self.page.goto(f"{self.address}/connexion")
        self.page.fill("#identifiant", login)
        self.page.fill("#phrase", self.house.town.passphrases[login])
        self.page.click("text=Se connecter")
        self.page.wait_for_url(lambda url: "connexion" not in url)

    # -- when ---------------------------------------------------------------------------------------

    def when_i_open(self, path: str) -> None:
        """Go to a page by its address."""
        self.page.goto(self.address + path)

    def when_i_open_the_journey(self, purpose: str | None = None) -> None:
        """Go to the journey; say why, where that is asked."""
        self.when_i_open(self.journey)
        if purpose is not None and self.page.locator("[name=motif]").count():
            self.page.check(f"text={purpose}")
            self.page.click("text=Ouvrir le suivi")

    def when_i_press(self, words: str) -> None:
        """Press a button or follow a link by its words."""
        self.page.get_by_text(words, exact=True).first.click()

    def when_i_log_out(self) -> None:
        """Leave."""
        self.page.locator(".user").get_by_text("Se déconnecter").click()

    # -- then ---------------------------------------------------------------------------------------

    def then_i_see(self, *words: str) -> None:
        """The words stand in the page."""
        shown = self.words()
        missing = [one for one in words if one not in shown]
        assert not missing, f"{missing} not in: {shown}"

    def then_i_do_not_see(self, *words: str) -> None:
        """None of the words stands anywhere in the page, hidden parts included."""
        content = self.page.content()
        assert [one for one in words if one in content] == []

    def then_it_is_accessible(self) -> None:
        """Axe has nothing to say, and nothing lies beyond the screen's width."""
        assert self.accessibility() == []
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(beyond) <= 0

    def then_nothing_complained(self) -> None:
        """No error, no breach of the content policy, no request to another host."""
        assert self.complaints == []
        assert '"route": "policy_report"' not in self.house.log.getvalue()

    # -- parts --------------------------------------------------------------------------------------

    @property
    def journey(self) -> str:
        """The address of the house's journey."""
        return f"/suivis/{self.house.journeys['ambre']}"

    def words(self) -> str:
        """The words of the page's main part, each space as one."""
        return " ".join(self.page.inner_text("main").replace("\xa0", " ").split())

    def accessibility(self) -> list[str]:
        """What axe finds, one line for each."""
        found: Any = Axe().run(self.page, options=AXE_OPTIONS).response["violations"]
        return [
            f"{self.page.url} {one['id']}: {node['html'][:160]}"
            for one in found
            for node in one["nodes"]
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(ANSWERED):
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"asked {urlsplit(request.url).netloc}")
