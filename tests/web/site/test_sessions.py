"""Logging in, staying, leaving: cookies, limits, and forms that wait while their author logs in again."""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from domain.journey.code import code_of
from domain.network.members import Standing
from tests.web.house import HOST, Browser, WebHouse
from tests.web.reading import hidden_fields, log_in
from tests.web.samples import filled
from web.journey.fields import ActionFields
from web.routes import ROUTES
from web.site.routing import Route
from web.site.session import COOKIE
from web.site.visit import Need

KEPT = [
    route
    for route in ROUTES
    if route.form is not None and route.need is Need.SIGNATURES and "{summary}" not in route.path
]


def cookie_of(answer: Any) -> str | None:
    """The session that an answer hands out."""
    found = re.search(rf"{COOKIE}=([^;]*);(.*)", answer.headers.get("set-cookie", ""))
    return found[1] if found else None


def carried(html: str) -> dict[str, str]:
    """The kept form that a page carries along."""
    fields = hidden_fields(html)
    return {name: fields[name] for name in fields if name == "reprise" or name.startswith("garde.")}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: WebHouse) -> None:
    """Given the right passphrase, when one logs in, then the cookie is of this origin alone."""
    answer = log_in(house.browser(), "cidff.un", house.town.passphrases["cidff.un"])

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/reste-a-faire"
    words = {word.strip().lower() for word in answer.headers["set-cookie"].split(";")[1:]}
    assert words == {"httponly", "path=/", "samesite=strict", "secure"}


def test_a_cookie_set_beforehand_is_replaced_at_log_in(house: WebHouse) -> None:
    """Attack 24: given a cookie that somebody planted, when one logs in, then it opens nothing."""
    planted = "A" * 43
    browser = house.browser()
    browser.client.cookies.set(COOKIE, planted, domain=HOST)
    answer = log_in(browser, "cidff.un", house.town.passphrases["cidff.un"])
    fresh = cookie_of(answer)

    assert fresh not in (None, planted)
    planted_again = house.browser()
    planted_again.client.cookies.set(COOKIE, planted, domain=HOST)
    assert planted_again.get("/suivis").status_code == 401


def test_logging_in_again_ends_the_session_before(house: WebHouse) -> None:
    """Given an open session, when its browser logs in again, then the former cookie is dead."""
    browser = house.browser()
    first = cookie_of(log_in(browser, "cidff.un", house.town.passphrases["cidff.un"]))
    second = cookie_of(log_in(browser, "cidff.deux", house.town.passphrases["cidff.deux"]))

    assert first
    assert second
    assert _status(house, first) == 401
    assert _status(house, second) == 200


def test_logging_out_destroys_the_session(house: WebHouse) -> None:
    """Given a copied cookie, when its owner logs out, then the copy is dead too (attack 22)."""
    browser = house.browser("cidff.un")
    copy = browser.client.cookies[COOKIE]
    answer = browser.post("/deconnexion")

    assert answer.headers["Location"] == "/deconnexion"
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert _status(house, copy) == 401
    assert "déconnecté" in browser.get("/deconnexion").text


@pytest.mark.parametrize(
    ("steps", "minutes", "status"),
    [(1, 14.5, 200), (1, 15.5, 401), (50, 12, 401)],
    ids=["within the quarter", "after a quarter idle", "after ten hours"],
)
def test_sessions_end(house: WebHouse, steps: int, minutes: float, status: int) -> None:
    """Given a session, when nobody asks for 15 minutes, or after ten hours whatever is asked, then it is over."""
    browser = house.browser("cidff.un")
    statuses = []
    for _ in range(steps):
        house.town.clock.forward(minutes=minutes)
        statuses.append(browser.get("/suivis").status_code)
    assert statuses[-1] == status


def test_a_session_is_put_off_by_one_key(house: WebHouse) -> None:
    """Given a session about to end, when it is extended, then it says for how long."""
    browser = house.browser("cidff.un")
    house.town.clock.forward(minutes=14)
    assert browser.post("/session").json() == {"minutes": 15}
    house.town.clock.forward(minutes=14)
    assert browser.get("/suivis").status_code == 200


def test_who_is_excluded_is_out_at_once(house: WebHouse) -> None:
    """Given an open session, when its referent is excluded, then the next request finds nobody (attack 12)."""
    town = house.town
    town.join("police", "police.trois", by="police.un")
    town.sign("police.trois", town.referents["police.trois"])
    browser = house.browser("police.trois")
    assert browser.get("/suivis").status_code == 200
    town.set_standing(town.referents["police.trois"], Standing.EXCLUDED)
    assert browser.get("/suivis").status_code == 401


@pytest.mark.parametrize(
    "cookie", ["", "x", "A" * 42, "A" * 43, "A" * 44, "é", "A" * 4000, '"', "%00"]
)
def test_a_cookie_that_is_none_is_nobody(house: WebHouse, cookie: str) -> None:
    """Given any words in the cookie's place, when a page is asked, then the log-in page answers."""
    raw = f"{COOKIE}={cookie}".encode()
    answer = house.browser().client.get("/suivis", headers=[(b"cookie", raw)])
    assert answer.status_code == 401


# -- logging in ---------------------------------------------------------------------------------------


def test_wrong_tries_all_look_the_same(house: WebHouse) -> None:
    """Attack 27: unknown, known and mistyped: the same status, headers and bytes but for what was typed."""
    answers = set()
    for login in ("cidff.un", "personne", "CIDFF.UN ", "x" * 200):
        house.web.limits.forget()
        answer = log_in(house.browser(), login, "sept mots qui ne vont pas")
        page = answer.text.replace(f'value="{login.strip()}"', "").replace(f'value="{login}"', "")
        answers.add((answer.status_code, page, "set-cookie" in answer.headers))
    house.web.limits.forget()
    assert len(answers) == 1
    assert answers.pop()[0] == 401


def test_a_source_that_tries_too_often_waits_and_no_account_is_locked(house: WebHouse) -> None:
    """Given wrong tries from one source, when it goes on, then 429; from elsewhere the same account opens."""
    house.web.limits.forget()
    browser = house.browser()
    statuses = [log_in(browser, "cidff.un", "faux").status_code for _ in range(7)]
    refused = log_in(browser, "cidff.un", house.town.passphrases["cidff.un"])
    elsewhere = Browser(house, source="192.0.2.9")
    opened = log_in(elsewhere, "cidff.un", house.town.passphrases["cidff.un"])
    house.web.limits.forget()

    assert statuses == [401] * 5 + [429] * 2
    assert refused.status_code == 429
    assert "Réessayez dans" in refused.text
    assert opened.status_code == 303


def test_the_passphrase_is_never_sent_back(house: WebHouse) -> None:
    """Given a wrong passphrase, when the page comes back, then it does not hold it."""
    house.web.limits.forget()
    answer = log_in(house.browser(), "cidff.un", "motsecretquinestpas")
    missing = house.browser().post("/connexion", {"identifiant": "", "phrase": "motsecret"})
    house.web.limits.forget()
    assert missing.status_code == 422
    assert "motsecret" not in answer.text + missing.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "/nulle-part", "suivis"]
)
def test_logging_in_leads_to_our_own_pages_only(house: WebHouse, wanted: str) -> None:
    """Given a destination that is no page of ours, when one logs in, then one's own first page answers."""
    phrase = house.town.passphrases["cidff.un"]
    assert log_in(house.browser(), "cidff.un", phrase, suite=wanted).headers["Location"] == (
        "/reste-a-faire"
    )
    assert log_in(house.browser(), "cidff.un", phrase, suite="/charte").headers["Location"] == (
        "/charte"
    )


# -- a session that ended while somebody typed --------------------------------------------------------


@pytest.mark.parametrize("route", KEPT, ids=lambda route: route.name)
def test_no_word_is_lost_when_the_session_ended(house: WebHouse, route: Route) -> None:
    """Given a form sent after its session ended, when its author logs in again, then it is there, and not done."""
    assert route.form is not None
    if route.name in ("compose", "filter_ledger", "export_ledger"):
        return
    browser = house.browser()
    path = route.path.format_map({"journey": str(house.journeys["ambre"]), "entry": "4"})
    sent = filled(route.form, words="Des mots à ne pas perdre.", titres="care")
    asked = browser.post(path, sent)
    kept = carried(asked.text)

    assert asked.status_code == 401
    assert kept == {"reprise": path} | {f"garde.{name}": value for name, value in sent.items()}

    before = house.stored()["event"]
    shown = log_in(browser, "cidff.un", house.town.passphrases["cidff.un"], **kept)
    if carried(shown.text):
        # Nothing awaits its author there: a purpose is asked for first, and the form waits on.
        purpose = f"/suivis/{house.journeys['ambre']}/consultations"
        shown = browser.post(purpose, {"motif": "ongoing_work", **carried(shown.text)})
    # Who is not invited has nothing to answer.
    assert shown.status_code in ((404,) if route.name == "answer" else (200, 303, 403))
    assert browser.get("/suivis").status_code == 200
    if any("Des mots" in str(value) for value in sent.values()) and shown.status_code != 303:
        assert "Des mots à ne pas perdre." in unescape(shown.text)
    assert house.stored()["event"] == before


def test_the_action_typed_before_the_session_ended_can_then_be_sent(house: WebHouse) -> None:
    """Given an action kept while its author logged in, when the shown form is sent, then it is there once."""
    journey = house.journeys["ambre"]
    path = f"/suivis/{journey}/inscriptions"
    words = "Inscrite après une nouvelle connexion."
    browser = house.browser()
    kept = carried(browser.post(path, filled(ActionFields, words, etat="faite")).text)
    page = log_in(browser, "cidff.un", house.town.passphrases["cidff.un"], **kept)
    assert words in unescape(page.text)
    hidden = hidden_fields(page.text)
    sent = filled(
        ActionFields,
        words,
        etat="faite",
        volet="",
        fondement="",
        destinataires=hidden["destinataires"],
        version=hidden["version"],
    )
    answer = browser.post(path, sent)
    assert answer.status_code == 303
    assert browser.get(answer.headers["Location"]).text.count(words) == 1


def test_a_kept_form_waits_behind_the_question_of_the_purpose(house: WebHouse) -> None:
    """Given a partner whom nothing awaits, when their kept form comes back, then a purpose is asked first."""
    journey = house.journeys["ambre"]
    path = f"/suivis/{journey}/inscriptions"
    words = "Un mot de la police."
    browser = house.browser()
    kept = carried(browser.post(path, filled(ActionFields, words)).text)
    asked = log_in(browser, "police.un", house.town.passphrases["police.un"], **kept)
    again = carried(asked.text)
    assert asked.status_code == 200
    assert again == kept
    purpose = f"/suivis/{journey}/consultations"
    missing = browser.post(purpose, again)
    assert missing.status_code == 422
    assert carried(missing.text) == kept
    shown = browser.post(purpose, {"motif": "ongoing_work", **again})
    assert shown.status_code == 200
    assert words in unescape(shown.text)


def test_a_kept_form_of_another_journey_opens_nothing(house: WebHouse) -> None:
    """Given a kept form for a journey of others, when a stranger logs in with it, then the constant answer."""
    browser = house.browser()
    path = f"/suivis/{house.journeys['ambre']}/inscriptions"
    kept = carried(browser.post(path, filled(ActionFields)).text)
    answer = log_in(browser, "social.un", house.town.passphrases["social.un"], **kept)
    assert answer.status_code == 404
    assert browser.get("/suivis").status_code == 200
    assert code_of(UUID(str(house.journeys["ambre"]))) not in answer.text


def _status(house: WebHouse, cookie: str) -> int:
    browser = house.browser()
    browser.client.cookies.set(COOKIE, cookie, domain=HOST)
    status: int = browser.get("/suivis").status_code
    return status
