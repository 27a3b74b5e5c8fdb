"""What a referent does in a day, through the whole house."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from tests.browser.referents.desk import Desk
from tests.web.house import WebHouse
from web.site.session import COOKIE


def test_a_referent_finds_what_awaits_reads_and_inscribes(desk: Desk) -> None:
    """From the work left to an action, its readers named before and after."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.then_i_see("Reste à faire", "Appel téléphonique", "Mme Ambre V.")

    desk.page.locator(".entry").get_by_role("link", name="Ouvrir le suivi").first.click()
    desk.then_i_see("Reçue ce matin à la permanence.", "Danger élevé", "SMS le matin")

    desk.page.select_option("#genre", "interview")
    desk.then_i_see("6 personnes de 3 institutions liront cette action : cidff, police, hopital")
    desk.page.select_option("#volet", "health")
    desk.then_i_see("2 personnes de 1 institution liront cette action", "Dépôt")
    desk.page.select_option("#volet", "follow_up")
    desk.page.fill("#texte", "Entretien de deux heures, avec une interprète.")
    desk.page.get_by_role("button", name="Inscrire", exact=True).click()

    desk.then_i_see(
        "L’action est inscrite : 6 personnes de 3 institutions peuvent la lire.",
        "Entretien de deux heures, avec une interprète.",
    )


def test_the_police_sees_what_is_sealed_and_why(desk: Desk) -> None:
    """A deposit into health is a quiet line to the police, with its reason and its article."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_open_the_journey()
    desk.page.select_option("#genre", "injuries_reported")
    desk.page.fill("#texte", "Hématome au poignet gauche.")
    desk.page.get_by_role("button", name="Inscrire", exact=True).click()
    desk.then_i_see("scellée pour ses destinataires", "Inscription scellée · volet Santé")
    desk.then_i_do_not_see("Hématome")
    desk.when_i_log_out()

    desk.given_i_am_logged_in_as("police.un")
    desk.when_i_open(desk.journey)
    desk.then_i_see("Pourquoi consulter")
    desk.when_i_open_the_journey("Accompagnement en cours")
    desk.then_i_see("Reçue ce matin à la permanence.", "Inscription scellée · volet Santé", "5.2")
    desk.then_i_do_not_see("Hématome")

    desk.when_i_log_out()
    desk.given_i_am_logged_in_as("hopital.un")
    desk.when_i_open_the_journey("Accompagnement en cours")
    desk.then_i_see("Hématome au poignet gauche.")
    desk.when_i_press("Tout l’historique")
    desk.then_i_see("police.un", "Accompagnement en cours")


def test_who_takes_no_part_sees_nothing(desk: Desk) -> None:
    """The same words as for a journey that does not exist."""
    desk.given_i_am_logged_in_as("social.un")
    desk.when_i_open(desk.journey)
    desk.then_i_see("Ce suivi n’existe pas ou ne vous est pas ouvert.")
    forbidden = desk.page.inner_html("main")
    desk.when_i_open("/suivis/00000000-0000-4000-8000-000000000000")
    assert desk.page.inner_html("main") == forbidden


def test_an_action_is_inscribed_by_keyboard_alone(desk: Desk) -> None:
    """Tab to the form, choose by letters, type, Ctrl and Enter."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_open_the_journey()
    keyboard = desk.page.keyboard
    for _ in range(40):
        keyboard.press("Tab")
        if desk.page.evaluate("document.activeElement.id") == "genre":
            break
    keyboard.type("Aide")
    for _ in range(12):
        keyboard.press("Tab")
        if desk.page.evaluate("document.activeElement.id") == "texte":
            break
    keyboard.type("Un colis alimentaire, remis ce jour.")
    keyboard.press("Control+Enter")
    desk.page.wait_for_url("**fait=inscrite**")
    desk.then_i_see("Aide matérielle", "Un colis alimentaire, remis ce jour.")


def test_no_word_is_lost_when_the_session_ends_amid_an_action(desk: Desk) -> None:
    """Typed, session over, logged in again: the form is there as it was, and nothing was sent."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_open_the_journey()
    desk.page.select_option("#genre", "interview")
    desk.page.fill("#texte", "Longue phrase à ne pas perdre.")
    desk.house.town.clock.forward(minutes=16)
    desk.page.get_by_role("button", name="Inscrire", exact=True).click()
    desk.then_i_see("Votre texte est gardé")
    desk.page.fill("#identifiant", "cidff.un")
    desk.page.fill("#phrase", desk.house.town.passphrases["cidff.un"])
    desk.page.get_by_role("button", name="Se connecter").click()
    assert desk.page.input_value("#texte") == "Longue phrase à ne pas perdre."
    assert desk.page.input_value("#genre") == "interview"
    assert "Longue phrase" not in desk.page.inner_text(".timeline >> nth=0")


def test_opening_a_journey_inviting_and_accepting(desk: Desk) -> None:
    """A new journey, an invitation on the person's consent, accepted on its line."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_open("/suivis/nouveau")
    desk.page.select_option("#danger", "moderate")
    desk.page.fill("#contact", "Par sa sœur, le soir")
    desk.page.check("input[name=information][value=donnee]")
    desk.page.select_option("#information_maniere", "spoken")
    desk.page.fill("#connue_comme", "Mme Sorbier")
    desk.page.locator("#contenu").get_by_role("button", name="Ouvrir le suivi").click()
    desk.then_i_see("Le suivi est ouvert", "Mme Sorbier", "Danger modéré", "Par sa sœur, le soir")

    desk.page.get_by_role("link", name="Inviter un partenaire").first.click()
    desk.page.get_by_label("social", exact=True).check()
    desk.page.get_by_label("Accord de la personne").check()
    for compartment in ("Accompagnement", "Social", "Identité"):
        desk.page.get_by_label(compartment, exact=True).check()
    desk.page.select_option("#motif", "ongoing_work")
    desk.page.get_by_role("button", name="Inviter").click()
    desk.then_i_see("L’invitation est envoyée.", "social · invité, sans réponse")
    desk.when_i_log_out()

    desk.given_i_am_logged_in_as("social.un")
    desk.then_i_see("Invitation dans un suivi que pilote cidff")
    desk.page.get_by_role("button", name="Accepter").click()
    desk.then_i_see("Votre institution prend part à ce suivi.", "Mme Sorbier")


def test_english_is_one_press_away(desk: Desk) -> None:
    """The same page in English, kept from page to page."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_press("English")
    assert desk.page.get_attribute("html", "lang") == "en"
    desk.when_i_open("/suivis")
    assert desk.page.get_attribute("html", "lang") == "en"
    desk.when_i_press("Français")
    assert desk.page.get_attribute("html", "lang") == "fr"


# -- what the browser keeps ---------------------------------------------------------------------------


def test_back_shows_nothing_after_logging_out(desk: Desk) -> None:
    """Attack 21: with the back-forward cache that people have, Back after logging out shows no word."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_open_the_journey()
    desk.then_i_see("Mme Ambre V.")
    desk.when_i_log_out()
    desk.page.wait_for_url("**/deconnexion")
    desk.page.go_back()
    desk.page.wait_for_selector("#phrase")
    desk.then_i_do_not_see("Ambre", "permanence")
    desk.page.reload()
    desk.then_i_do_not_see("Ambre", "permanence")


def test_the_browser_keeps_no_word(desk: Desk) -> None:
    """Attack 21: neutral titles, opaque addresses, empty storages."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_open_the_journey()
    assert desk.page.title() == "Suivi · Relais"
    kept = desk.page.evaluate(
        """async () => [localStorage.length, sessionStorage.length,
            (await indexedDB.databases()).length, (await caches.keys()).length, document.cookie]"""
    )
    assert kept == [0, 0, 0, 0, ""]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_cookie_holds_on_this_machine_without_tls(
    house: WebHouse, address: str, chromium: Browser, name: str
) -> None:
    """A demonstration on this machine: Chromium keeps a cookie of one origin, secure, out of reach of scripts."""
    context = chromium.new_context()
    desk = Desk(house, address.replace("127.0.0.1", name), context)
    desk.given_i_am_logged_in_as("cidff.un")
    found = [cookie for cookie in context.cookies() if cookie["name"] == COOKIE]
    context.close()
    assert len(found) == 1
    assert found[0]["httpOnly"]
    assert found[0]["secure"]
    assert found[0]["sameSite"] == "Strict"
    assert datetime.fromtimestamp(max(found[0]["expires"], 0), UTC).year == 1970
