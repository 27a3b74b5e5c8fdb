"""What a page says, and what its forms carry."""

import re
from html import unescape
from typing import Any

from tests.web.house import Browser


def words_of(html: str) -> str:
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())


def main_words_of(answer: Any) -> str:
    """The words of a page's main part."""
    return words_of(answer.text.partition("<main")[2].partition("</main>")[0])


def hidden_fields(html: str) -> dict[str, str]:
    """What a page keeps in hidden fields."""
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html)
    return {unescape(name): unescape(value) for name, value in pairs}


def version_of(browser: Browser, journey: str) -> str:
    """The version that the journey's forms carry now."""
    return hidden_fields(browser.get(journey).text)["version"]


def send(browser: Browser, journey: str, path: str, **fields: Any) -> str:
    """Send a form with the journey's current version; returns the words of the page that follows."""
    version = fields.pop("version", None) or version_of(browser, journey)
    answer = browser.post(f"{journey}/{path}", {**fields, "version": version})
    assert answer.status_code == 303, main_words_of(answer)
    return main_words_of(browser.get(answer.headers["Location"]))


def log_in(browser: Browser, login: str, phrase: str, **fields: Any) -> Any:
    """Type an identifier and a passphrase."""
    return browser.post("/connexion", {"identifiant": login, "phrase": phrase, **fields})
