"""What is sent and cannot be taken comes back in words, with what was typed."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.telling.journeys import journey_under_way
from tests.web.house import SAME_ORIGIN, Browser, WebHouse
from tests.web.reading import hidden_fields
from tests.web.samples import filled
from web.journey.fields import ActionFields, NewJourneyFields
from web.routes import ROUTES
from web.site.routing import Route
from web.site.security import BODY_LIMIT
from web.site.visit import Need

FORM = "application/x-www-form-urlencoded"
WORDS = "Des mots à ne pas perdre."
POSTED = [route for route in ROUTES if route.form is not None and route.need is Need.SIGNATURES]


@pytest.fixture
def journey(house: WebHouse) -> str:
    """A journey of this test alone, shared with the police."""
    return f"/suivis/{journey_under_way(house.town, 'police')}"


def post_raw(browser: Browser, path: str, body: bytes, kind: str = FORM) -> Any:
    """Send bytes as they are."""
    headers = {**SAME_ORIGIN, "Content-Type": kind}
    return browser.client.post(path, content=body, headers=headers)


def filled_action(browser: Browser, journey: str, **fields: Any) -> dict[str, Any]:
    """The form that adds an action, as its page shows it now."""
    hidden = hidden_fields(browser.get(journey).text)
    seen = {name: hidden[name] for name in ("destinataires", "version")}
    return filled(
        ActionFields, WORDS, **{"etat": "faite", "volet": "", "fondement": "", **seen, **fields}
    )


# -- what is no form ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe=1",
        b"motif=%ff%fe",
        b"motif=%c3",
        b"motif=%ed%a0%80",
        b"inconnu=1&motif=ongoing_work",
        b"motif=ongoing_work&motif=handover",
        b"=",
        b"&&&&",
        b"motif",
        b"&".join(b"a%d=1" % number for number in range(400)),
    ],
    ids=lambda body: ascii(body[:24]),
)
def test_what_no_page_sends_is_unreadable(house: WebHouse, journey: str, body: bytes) -> None:
    """Given bytes that no form of ours makes, when they are posted, then 400 and one page for all."""
    answer = post_raw(house.browser("police.un"), f"{journey}/consultations", body)
    assert answer.status_code == 400
    assert "Ce qui a été envoyé ne se lit pas" in answer.text


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""]
)
@pytest.mark.parametrize("route", POSTED, ids=lambda route: route.name)
def test_another_shape_of_body_is_refused(house: WebHouse, route: Route, kind: str) -> None:
    """Given a body in another shape, when any form's address gets it, then 415."""
    path = route.path.format_map(
        {"journey": str(house.journeys["ambre"]), "entry": "4", "part": "1", "summary": "x"}
    )
    assert post_raw(house.browser("cidff.un"), path, b'{"motif": 1}', kind).status_code == 415


@pytest.mark.parametrize("route", POSTED, ids=lambda route: route.name)
def test_a_body_too_large_is_refused(house: WebHouse, route: Route) -> None:
    """Given a body beyond the limit, announced or not, when it is sent, then 413."""
    path = route.path.format_map(
        {"journey": str(house.journeys["ambre"]), "entry": "4", "part": "1", "summary": "x"}
    )
    browser = house.browser("cidff.un")
    body = b"texte=" + b"a" * BODY_LIMIT
    announced = post_raw(browser, path, body)
    headers = {**SAME_ORIGIN, "Content-Type": FORM}
    chunked = browser.client.post(path, content=_slices(body), headers=headers)
    assert {announced.status_code, chunked.status_code} == {413}
    assert "Raccourcissez" in announced.text
    assert post_raw(browser, path, b"x" * 2_000_000).status_code == 413


def test_the_longest_text_of_the_widest_letters_is_below_the_limit(
    house: WebHouse, journey: str
) -> None:
    """Given the longest text, of letters that take most bytes, when it is sent, then it is inscribed."""
    browser = house.browser("cidff.un")
    sent = filled_action(browser, journey, texte="🌳" * 4000)
    assert len(urlencode(sent)) < BODY_LIMIT
    assert browser.post(f"{journey}/inscriptions", sent).status_code == 303


# -- what is not accepted -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"genre": ""}, "Choisissez ce qui a été fait."),
        ({"genre": "inconnu"}, "Choisissez une réponse de la liste."),
        ({"genre": "Interview!"}, "Choisissez une réponse de la liste."),
        ({"volet": "frame"}, "Choisissez une réponse de la liste."),
        ({"volet": "identity"}, "Choisissez une réponse de la liste."),
        ({"fondement": "none"}, "Choisissez une réponse de la liste."),
        ({"fondement": "requisition"}, "Choisissez une réponse de la liste."),
        ({"genre": "danger_noted", "niveau": "extreme"}, "Choisissez une réponse de la liste."),
        ({"etat": "peut-être"}, "Choisissez une réponse de la liste."),
        ({"etat": "prevue", "echeance": ""}, "Donnez le jour prévu."),
        ({"date": "hier"}, "Donnez un jour"),
        ({"date": "2026-02-30"}, "Donnez un jour"),
        ({"date": "31/02/2026"}, "Donnez un jour"),
        ({"date": "2026-3-2"}, "Donnez un jour"),
        ({"date": "٢٠٢٦-03-02"}, "Donnez un jour"),
        ({"date": "2099-01-01"}, "Cette date est à venir"),
        ({"acheve": "999"}, "L’action à terminer n’existe pas"),
        ({"acheve": "1e3"}, "Choisissez une réponse de la liste."),
        ({"version": "0042"}, "Choisissez une réponse de la liste."),
        ({"version": "4_2"}, "Choisissez une réponse de la liste."),
        ({"version": "４２"}, "Choisissez une réponse de la liste."),
        ({"version": ""}, "Remplissez ce champ."),
        ({"texte": WORDS + "a" * 4000}, "Raccourcissez le texte."),
    ],
    ids=str,
)
def test_an_action_that_cannot_be_taken_comes_back_with_its_words(
    house: WebHouse, journey: str, fields: dict[str, str], said: str
) -> None:
    """Given something wrong in the form, when it is sent, then 422, what to do beside the field, the words kept."""
    browser = house.browser("cidff.un")
    before = house.stored()["event"]
    answer = browser.post(f"{journey}/inscriptions", filled_action(browser, journey, **fields))
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert said in page
    assert WORDS in page
    assert "À corriger avant de continuer" in page
    assert house.stored()["event"] == before


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_action_without_words_is_not_one(house: WebHouse, journey: str, text: str) -> None:
    """Given no words, when the action is sent, then 422."""
    browser = house.browser("cidff.un")
    sent = filled_action(browser, journey, texte=text, niveau="")
    answer = browser.post(f"{journey}/inscriptions", sent)
    assert answer.status_code == 422
    assert "Écrivez des faits" in unescape(answer.text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"connue_comme": ""}, "Indiquez comment la personne est connue"),
        ({"information": ""}, "Dites si elle a été informée"),
        ({"information_date": ""}, "Indiquez quand la personne a été informée"),
        ({"information_maniere": ""}, "Indiquez comment la personne a été informée"),
        ({"information_langue": "xx"}, "Choisissez une réponse de la liste."),
        ({"information": "differee", "report_raison": ""}, "Dites pourquoi elle sera informée"),
        ({"information": "differee", "report_revue": "2027-12-01"}, "dans les 30 jours"),
        ({"naissance": "2199-01-01"}, "La date de naissance est à venir."),
        ({"danger": "extreme"}, "Choisissez une réponse de la liste."),
        ({"nom": "n" * 201}, "Raccourcissez le texte."),
    ],
    ids=str,
)
def test_a_journey_that_cannot_be_opened_comes_back_with_its_words(
    house: WebHouse, fields: dict[str, str], said: str
) -> None:
    """Given something wrong in the opening, when it is sent, then 422 and every word kept."""
    sent = filled(NewJourneyFields, WORDS, **fields)
    answer = house.browser("cidff.un").post("/suivis/nouveau", sent)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert said in page
    assert WORDS in page


def test_a_refusal_names_its_article_and_whom_to_ask(house: WebHouse, journey: str) -> None:
    """Given a partner, when they close a journey that they do not lead, then 403, the article, and whom to ask."""
    browser = house.browser("police.un")
    browser.post(f"{journey}/consultations", {"motif": "ongoing_work"})
    answer = browser.post(f"{journey}/clore", {"raison": "protected", "version": "8"})
    page = unescape(answer.text)
    assert answer.status_code == 403
    assert "8.4" in page
    assert "coordination du réseau" in page

    told = unescape(house.browser("cidff.un").get(f"{journey}/consultations").text)
    assert re.search(r"police\.un.{0,600}refus</span>\s*a clos un suivi", told, re.DOTALL)


@pytest.mark.parametrize("page", ["0", "-1", "1e9", "x", "99999999999"])
def test_numbers_after_the_question_mark_are_read_strictly(
    house: WebHouse, journey: str, page: str
) -> None:
    """Given another number than we write, when the page is asked, then the constant answer."""
    assert house.browser("cidff.un").get(f"{journey}?avant={page}").status_code == 404


def _slices(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]
