"""A tab of a browser, and the pages served to it on this machine alone."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request
from starlette.types import ASGIApp

WIDE, NARROW = 1280, 320
AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}


class Tab:
    """One tab. Remembers every error, every breach of the content policy and every request to another host.

    ``expected`` is what the console may say: Chromium tells there of each answer with another status than 200.
    """

    def __init__(self, address: str, context: BrowserContext, expected: str | None = None) -> None:
        self.address = address
        self.context = context
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._expected = expected
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)

    def open(self, path: str) -> None:
        """Go to an address."""
        self.page.goto(self.address + path)

    def accessibility(self, *rules: str) -> list[str]:
        """What axe finds, one line for each; only by the rules named, if there are any."""
        chosen = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
        violations = Axe().run(self.page, options={**AXE_OPTIONS, **chosen}).response["violations"]
        return [
            f"{self.page.url} {rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for rule in violations
            for node in rule["nodes"]
        ]

    def width_beyond(self) -> int:
        """How many pixels of the page lie beyond the screen's width."""
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(beyond))

    def then_it_is_accessible(self) -> None:
        """Axe has nothing to say, and nothing lies beyond the screen's width."""
        assert self.accessibility() == []
        assert self.width_beyond() <= 0

    def _hear(self, message: ConsoleMessage) -> None:
        expected = self._expected is not None and self._expected in message.text
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith(self.address):
            self.complaints.append(f"asked {request.url.partition('?')[0]}")


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port; gives its address."""
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
