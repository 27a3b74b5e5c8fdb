"""Attack 34, as far as HTML goes: whatever is typed into any field stays text, in every page that shows it."""

from html.parser import HTMLParser

import pytest

from tests.telling.journeys import journey_under_way
from tests.web.house import WebHouse
from tests.web.reading import hidden_fields
from tests.web.samples import filled
from web.journey.fields import ActionFields, NewJourneyFields, PersonFields
from web.routes import ROUTES
from web.site.forms import words_typed
from web.site.routing import Route

HOSTILE = (
    '<svg onload="alert(1)">',
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "' autofocus onfocus=alert(1) x='",
    "{{7*7}} {% raw %} ${7*7}",
    '=HYPERLINK("http://evil.example")',
    "</textarea></select><a href=javascript:alert(1)>",
    "\u202eretournée\u202c \u2066isolée\u2069",
)
FORBIDDEN = ("\x00", "\x07", "\x1b[31m", "\x7f", "\ufffe")
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ALL_TOGETHER = " ".join(HOSTILE)

TYPED = [
    (route, name) for route in ROUTES if route.form is not None for name in words_typed(route.form)
]


class _Elements(HTMLParser):
    """Every element of a page, and every attribute that runs a script or leads away."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            target = (value or "").strip().lower()
            leads_away = name in ("href", "src", "action") and not target.startswith(("/", "#"))
            if name.startswith("on") or name in ("autofocus", "style") or leads_away:
                self.dangers.append(f"{tag} {name}={value}")
        if tag in ("img", "iframe", "object", "embed"):
            self.dangers.append(tag)
        if tag == "script" and not dict(attrs).get("src"):
            self.dangers.append("a script without address")


def is_harmless(html: str) -> bool:
    """Whether a page has nothing that came of typed text, nor turns the order of its words around."""
    return not _Elements(html).dangers and not set(html) & set(OVERRIDES)


@pytest.mark.parametrize(("route", "name"), TYPED, ids=lambda part: getattr(part, "name", part))
def test_hostile_words_stay_words_in_every_field(house: WebHouse, route: Route, name: str) -> None:
    """Given hostile words in one field, when the form is sent, with and without a session, then they stay words."""
    assert route.form is not None
    journey = str(house.journeys["ambre"])
    path = route.path.format_map(
        {"journey": journey, "entry": "4", "part": "1", "summary": journey}
    )
    for words in (ALL_TOGETHER[:190], ALL_TOGETHER):
        sent = filled(route.form, **{name: words})
        for browser in (house.browser(), house.browser("cidff.un")):
            answer = browser.post(path, sent)
            house.web.limits.forget()
            assert answer.status_code < 500
            assert is_harmless(answer.text)


@pytest.mark.parametrize("wrong", FORBIDDEN, ids=ascii)
@pytest.mark.parametrize(("route", "name"), TYPED, ids=lambda part: getattr(part, "name", part))
def test_invisible_characters_are_refused_beside_their_field(
    house: WebHouse, route: Route, name: str, wrong: str
) -> None:
    """Given an invisible character, when the form is sent, then it is refused and nothing is stored of it."""
    assert route.form is not None
    if route.name in ("log_in", "language", "purpose"):
        return
    browser = house.browser("cidff.un")
    journey = open_journey_once(house)
    path = route.path.format_map({"journey": journey, "entry": "4", "part": "1", "summary": "0"})
    before = house.stored()["event"]
    answer = browser.post(path, filled(route.form, **{name: f"avant{wrong}après"}))
    assert answer.status_code in (403, 404, 422)
    assert house.stored()["event"] == before


def test_hostile_words_are_kept_and_shown_as_they_were_typed(house: WebHouse) -> None:
    """Given a journey whose every word is hostile, when its pages are read, then the words stand there."""
    browser = house.browser("cidff.un")
    words = ALL_TOGETHER[:190]
    opened = browser.post("/suivis/nouveau", filled(NewJourneyFields, words))
    journey = opened.headers["Location"].split("?")[0]
    page = browser.get(journey).text
    hidden = hidden_fields(page)
    entry = filled(
        ActionFields,
        ALL_TOGETHER,
        etat="faite",
        volet="",
        fondement="",
        destinataires=hidden["destinataires"],
        version=hidden["version"],
    )
    assert browser.post(f"{journey}/inscriptions", entry).status_code == 303
    person = filled(PersonFields, words + "!", version=str(int(hidden["version"]) + 1))
    assert browser.post(f"{journey}/personne", person).status_code == 303
    pages = [journey, "/suivis", "/reste-a-faire"]
    pages += [
        f"{journey}/{page}"
        for page in ("consultations", "destinataires", "personne", "inviter", "accords", "clore")
    ]
    shown = {path: browser.get(path) for path in pages}
    assert {path: answer.status_code for path, answer in shown.items()} == dict.fromkeys(pages, 200)
    assert [path for path, answer in shown.items() if not is_harmless(answer.text)] == []
    assert "&lt;svg onload=" in shown[journey].text
    assert "{{7*7}}" in shown[journey].text
    assert "retournée" in shown[journey].text


def open_journey_once(house: WebHouse) -> str:
    """A journey of these tests alone."""
    if "hostile" not in house.journeys:
        house.journeys["hostile"] = journey_under_way(house.town)
    return str(house.journeys["hostile"])
