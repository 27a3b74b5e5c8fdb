"""Every page that a referent is shown, as it is served: accessible, quiet, and never too wide."""

import pytest
from playwright.sync_api import Browser

from tests.browser.referents.desk import Desk
from tests.web.house import WebHouse
from web.routes import ROUTES

SCREENS = {"wide-light": (1280, "light"), "narrow-dark": (320, "dark")}
"""The gallery looks at each page on every screen; here they are served for real."""

OTHERS = ("/registre", "/syntheses")
"""The beginnings of the pages of the coordination and of summaries: their own stories look at them."""


def paths(house: WebHouse) -> list[str]:
    """Every address of the table that a referent asks by GET, and some that are refused."""
    journey = str(house.journeys["ambre"])
    found = [
        route.path.format_map({"journey": journey, "entry": "4"})
        for route in ROUTES
        if route.method == "GET"
        and "{name}" not in route.path
        and not route.path.startswith(("/sante", *OTHERS))
    ]
    return [*found, "/suivis/nulle-part", f"/suivis/{journey}/inscriptions/99/corriger"]


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_is_accessible_and_fits(
    house: WebHouse, address: str, chromium: Browser, screen: str
) -> None:
    """Given a screen and a light, when each page is opened, then axe is content and nothing is too wide."""
    width, light = SCREENS[screen]
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if light == "dark" else "light",
        locale="fr-FR",
    )
    desk = Desk(house, address, context)
    desk.when_i_open("/connexion")
    desk.then_it_is_accessible()
    desk.given_i_am_logged_in_as("cidff.un")
    for path in paths(house):
        desk.when_i_open(path)
        desk.then_it_is_accessible()
    desk.when_i_open("/suivis/nouveau")
    desk.page.locator("#contenu").get_by_role("button", name="Ouvrir le suivi").click()
    desk.then_i_see("À corriger avant de continuer")
    desk.then_it_is_accessible()
    context.close()
    desk.then_nothing_complained()


def test_the_question_of_the_purpose_and_a_refusal_are_accessible(desk: Desk) -> None:
    """What somebody is shown whom nothing awaits, and whom the charter refuses."""
    desk.given_i_am_logged_in_as("hopital.un")
    desk.when_i_open(desk.journey)
    desk.then_it_is_accessible()
    desk.when_i_open_the_journey("Accompagnement en cours")
    desk.then_it_is_accessible()
    desk.when_i_open("/registre")
    desk.then_i_see("La charte ne le permet pas")
    desk.then_it_is_accessible()
