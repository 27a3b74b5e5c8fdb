"""Every route of the table is visited; what answers carries the house's headers, and what fits its form is read."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.web.house import HOST, WebHouse
from tests.web.samples import PARTS, filled
from web.routes import ROUTES
from web.site.forms import words_typed
from web.site.request_log import ALLOWED
from web.site.routing import Route
from web.site.security import HEADERS
from web.site.typed_words import LABELS
from web.site.visit import Need

REFERENT, COORDINATION, MAGISTRATE = "cidff.un", "coordination.un", "parquet.un"

VISITORS: Mapping[str, str] = {
    "ledger": COORDINATION,
    "filter_ledger": COORDINATION,
    "export_ledger": COORDINATION,
}
"""Who visits a route that is not the referent's."""

FORMS = [route for route in ROUTES if route.form is not None]


def path_of(house: WebHouse, route: Route, **parts: str) -> str:
    """The route's address, with a journey of the house where it names one."""
    names = {
        **PARTS,
        "journey": str(house.journeys["ambre"]),
        "name": next(iter(house.web.files.contents)),
        **parts,
    }
    return route.path.format_map(names)


def visit(house: WebHouse, route: Route, login: str) -> Any:
    """Ask for a route as its page would."""
    browser = house.browser(login)
    if route.method == "GET":
        return browser.get(path_of(house, route))
    return browser.post(path_of(house, route), filled(route.form) if route.form else {})


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_route_answers_with_the_headers_of_the_house(house: WebHouse, route: Route) -> None:
    """Given somebody logged in, when any route is asked, then it answers, guarded, and breaks nothing."""
    answer = visit(house, route, VISITORS.get(route.name, REFERENT))

    assert answer.status_code < 500
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    kept = route.name == "built_file"
    assert ("no-store" in answer.headers["Cache-Control"]) is not kept


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.need not in (Need.NOTHING, Need.ANYBODY)],
    ids=lambda route: route.name,
)
def test_nothing_opens_without_a_session(house: WebHouse, route: Route) -> None:
    """Given nobody logged in, when a route that needs a session is asked, then the log-in page answers."""
    browser = house.browser()
    path = path_of(house, route)
    answer = browser.get(path) if route.method == "GET" else browser.post(path)

    assert answer.status_code == 401
    assert 'name="phrase"' in answer.text


def test_names_are_each_of_one_route() -> None:
    """The log tells routes apart by their names."""
    names = [route.name for route in ROUTES]
    assert len(set(names)) == len(names)


def test_every_route_that_changes_something_says_what_may_be_posted() -> None:
    """A form that nobody described could carry anything."""
    undescribed = {route.name for route in ROUTES if route.method != "GET" and route.form is None}
    assert undescribed == {"policy_report"}


def test_people_type_words_into_known_fields_only() -> None:
    """The fields that hold words about somebody are found by the forms' own definitions."""
    typed = {name for route in FORMS if route.form for name in words_typed(route.form)}
    assert {"texte", "connue_comme", "nom", "prenom", "contact", "recherche"} <= typed
    assert not typed & {"genre", "volet", "date", "version", "motif", "institution"}


def test_no_typed_word_is_lost_with_its_form() -> None:
    """Given the fields that people type words into, when a form is lost, then each has a label to show them under.

    Words that are only searched for, a log-in and hidden fields are not shown again.
    """
    never_shown = {"recherche", "personne", "suivi"}
    never_shown |= {"identifiant", "phrase"}
    never_shown |= {"suite", "reprise", "destinataires"}
    typed = {name for route in FORMS if route.form for name in words_typed(route.form)}
    assert typed - never_shown == set(LABELS)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(house: WebHouse, method: str) -> None:
    """Given a page, when it is asked with a method that no page uses, then 405."""
    browser = house.browser(REFERENT)
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = browser.client.request(method, "/suivis", headers=headers)
    assert answer.status_code == 405


@pytest.mark.parametrize("host", ["evil.example", f"{HOST}.evil.example", "", "127.0.0.1"])
def test_a_forged_host_gets_nothing(house: WebHouse, host: str) -> None:
    """Given a request under another name, when any page is asked, then 400 and no link made of it."""
    answer = house.browser(REFERENT).get("/connexion", Host=host)
    assert answer.status_code == 400
    assert "evil" not in answer.text + str(answer.headers)


def test_whoever_watches_over_the_process_needs_no_name(house: WebHouse) -> None:
    """Given a health check by address, when it asks, then it is told one word."""
    assert house.browser().get("/sante/vivant", Host="10.0.0.7:8000").text == "vivant\n"
    assert house.browser().get("/sante/pret", Host="10.0.0.7:8000").text == "prêt\n"


def test_home_is_where_ones_work_begins(house: WebHouse) -> None:
    """Each goes to their own first page."""
    homes = {
        login: house.browser(login).get("/").headers["Location"]
        for login in (REFERENT, COORDINATION, "auditeur.un", MAGISTRATE)
    }
    assert homes == {
        REFERENT: "/reste-a-faire",
        COORDINATION: "/registre",
        "auditeur.un": "/registre",
        MAGISTRATE: "/syntheses",
    }


def test_the_log_names_no_address_and_no_word(house: WebHouse) -> None:
    """Given pages asked and refused, when the log is read, then it has the known keys alone."""
    house.browser(REFERENT).post("/suivis", {"recherche": "Vallonne"})
    house.browser("social.un").get(f"/suivis/{house.journeys['ambre']}")

    lines = [json.loads(line) for line in house.log.getvalue().splitlines()]
    assert {key for line in lines for key in line} <= ALLOWED
    assert "Vallonne" not in house.log.getvalue()
    assert str(house.journeys["ambre"]) not in house.log.getvalue()
