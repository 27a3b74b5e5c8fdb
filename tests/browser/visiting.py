"""People at their browsers, by keyboard alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext

from tests.browser.tab import WIDE, Tab
from tests.telling.town import Town


class Visitor(Tab):
    """Somebody at a browser. Remembers every page that was checked."""

    def __init__(self, town: Town, address: str, context: BrowserContext) -> None:
        # A form that comes back with what is wrong has a status of its own.
        super().__init__(address, context, expected="status of 422")
        self.town = town
        self.seen: list[str] = []

    def log_in(self, login: str) -> None:
        """Log in with a passphrase."""
        self.open("/connexion")
        self.page.focus("#identifiant")
        self.page.keyboard.type(login)
        self.page.focus("#phrase")
        self.page.keyboard.type(self.town.passphrases[login])
        self.press_enter()

    def words(self) -> str:
        """What the page says."""
        return " ".join(self.page.inner_text("body").split())

    def tab_to(self, selector: str) -> None:
        """Reach something by the Tab key alone."""
        wanted = self.page.locator(selector).first
        for _ in range(150):
            if wanted.evaluate("element => element === document.activeElement"):
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
        self.then_it_is_accessible()
        assert self.complaints == []


@dataclass
class Place:
    """A town that is served, and a browser."""

    town: Town
    address: str
    browser: Browser


@contextmanager
def visitor(place: Place, *, width: int = WIDE, scheme: str = "light") -> Iterator[Visitor]:
    """Somebody at a browser of their own."""
    context = place.browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="fr-FR",
        timezone_id="Europe/Paris",
        accept_downloads=True,
    )
    try:
        yield Visitor(place.town, place.address, context)
    finally:
        context.close()
