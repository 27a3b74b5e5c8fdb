"""Attack 28: what another site makes a browser send changes nothing, logging out included."""

from collections.abc import Mapping

import pytest

from tests.web.house import HOST, WebHouse
from tests.web.samples import PARTS, filled
from web.routes import ROUTES
from web.site.routing import Route

CHANGING = [route for route in ROUTES if route.method != "GET"]
FOREIGN: Mapping[str, Mapping[str, str]] = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sister site": {"Sec-Fetch-Site": "same-site"},
    "no site": {"Sec-Fetch-Site": "none"},
    "an unknown word": {"Sec-Fetch-Site": "Same-Origin "},
    "a foreign origin": {"Origin": "https://evil.example"},
    "a longer origin": {"Origin": f"https://{HOST}.evil.example"},
    "another port": {"Origin": f"https://{HOST}:8443"},
    "a null origin": {"Origin": "null"},
    "an empty origin": {"Origin": ""},
    "our origin from another site": {
        "Sec-Fetch-Site": "cross-site",
        "Origin": f"https://{HOST}",
    },
    "a foreign origin that claims to be ours": {
        "Sec-Fetch-Site": "same-origin",
        "Origin": "https://evil.example",
    },
    "nothing said": {},
}


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.name)
def test_no_other_site_changes_anything(house: WebHouse, route: Route) -> None:
    """Given somebody logged in, when another site posts, then 403, one answer, and the database as before."""
    browser = house.browser("cidff.un")
    path = route.path.format_map({**PARTS, "journey": str(house.journeys["ambre"])})
    fields = filled(route.form) if route.form else {}
    before = house.stored()
    answers = {name: browser.post(path, fields, headers) for name, headers in FOREIGN.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        FOREIGN, 403
    )
    assert len({answer.content for answer in answers.values()}) == 1
    assert house.stored() == before


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: route.name)
def test_asking_by_get_changes_nothing(house: WebHouse, route: Route) -> None:
    """Given a form, when its address is asked by GET with the form's values, then nothing is stored of them."""
    if any(other.method == "GET" and other.path == route.path for other in ROUTES):
        # A page of that address answers: it takes nothing from what stands after the question mark.
        return
    browser = house.browser("cidff.un")
    before = house.stored()
    path = route.path.format_map({**PARTS, "journey": str(house.journeys["ambre"])})
    answer = browser.client.get(path, params=filled(route.form) if route.form else {})
    assert answer.status_code == 405
    after = house.stored()
    assert {name for name in after if after[name] != before[name]} <= {"session"}


def test_our_own_pages_are_heard(house: WebHouse) -> None:
    """Given a browser of before or of after ``Sec-Fetch-Site``, when our page posts, then it is heard."""
    for headers in (
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": f"https://{HOST}"},
        {"Sec-Fetch-Site": "same-origin", "Origin": f"https://{HOST}"},
    ):
        answer = house.browser("cidff.un").post("/session", {}, headers)
        assert answer.status_code == 200
