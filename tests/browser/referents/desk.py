"""Somebody at work in a browser: what they do, and what they then see."""

from playwright.sync_api import BrowserContext

from tests.browser.tab import Tab
from tests.web.house import WebHouse

ANSWERED = "Failed to load resource: the server responded with a status of 4"
"""What Chromium's console says of a page that was answered with another status than 200."""


class Desk(Tab):
    """One tab of one person."""

    def __init__(self, house: WebHouse, address: str, context: BrowserContext) -> None:
        super().__init__(address, context, expected=ANSWERED)
        self.house = house

    # -- given --------------------------------------------------------------------------------------

    def given_i_am_logged_in_as(self, login: str) -> None:
        """Log in by the page, as people do."""
        self.open("/connexion")
        self.page.fill("#identifiant", login)
        self.page.fill("#phrase", self.house.town.passphrases[login])
        self.page.click("text=Se connecter")
        self.page.wait_for_url(lambda url: "connexion" not in url)

    # -- when ---------------------------------------------------------------------------------------

    def when_i_open(self, path: str) -> None:
        """Go to a page by its address."""
        self.open(path)

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
        missing = [word for word in words if word not in shown]
        assert not missing, f"{missing} not in: {shown}"

    def then_i_do_not_see(self, *words: str) -> None:
        """None of the words stands anywhere in the page, hidden parts included."""
        content = self.page.content()
        assert [word for word in words if word in content] == []

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
