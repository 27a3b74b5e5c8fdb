"""The pages of a town served for real, and people at their browsers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from time import sleep

import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.types import ASGIApp

from tests.telling.town import Town

WIDE, NARROW = 1280, 320
AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}


@dataclass
class Visitor:
    """Somebody at a browser. Complains of every console error, policy violation and request elsewhere;
    remembers every page that was checked."""

    town: Town
    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._see(request.url))

    def log_in(self, login: str) -> None:
        """Log in with a passphrase, by keyboard alone."""
        self.page.goto(f"{self.address}/connexion")
        self.page.focus("#identifiant")
        self.page.keyboard.type(login)
        self.page.focus("#phrase")
        self.page.keyboard.type(self.town.passphrases[login])
        self.press_enter()

    def go(self, path: str) -> None:
        """Ask for a page."""
        self.page.goto(f"{self.address}{path}")

    def words(self) -> str:
        """What the page says."""
        return " ".join(self.page.inner_text("body").split())

    def accessibility(self) -> list[str]:
        """What axe finds, one line for each."""
        found = Axe().run(self.page, options=AXE_OPTIONS).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def width_beyond(self) -> int:
        """How many pixels of the page lie beyond the screen's width."""
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(beyond))

    def tab_to(self, selector: str) -> None:
        """Reach something by the Tab key alone."""
        wanted = self.page.locator(selector).first
        for _ in range(150):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by the Tab key")

    def press_enter(self) -> None:
        """Press Enter, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def check(self) -> None:
        """The page is accessible, fits its screen, and nothing complained; it is remembered."""
        self.seen.append(self.page.content())
        assert self.accessibility() == []
        assert self.width_beyond() <= 0
        assert self.complaints == []

    def _hear(self, kind: str, text: str) -> None:
        # A form that comes back with what is wrong has a status of its own, which the console tells.
        if kind in ("error", "warning") and "status of 422" not in text:
            self.complaints.append(text)

    def _see(self, url: str) -> None:
        if not url.startswith(self.address):
            self.complaints.append(f"asked {url.partition('?')[0]}")


@dataclass
class Place:
    """A town that is served, and a browser."""

    town: Town
    address: str
    browser: Browser


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application on this machine alone; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, server_header=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def visitor(
    town: Town, address: str, browser: Browser, *, width: int = WIDE, scheme: str = "light"
) -> Iterator[Visitor]:
    """Somebody at a browser of their own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="fr-FR",
        timezone_id="Europe/Paris",
        accept_downloads=True,
    )
    try:
        yield Visitor(town, address, context, context.new_page())
    finally:
        context.close()
