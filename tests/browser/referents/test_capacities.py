"""What an institution does for the person, said and changed in a browser."""

from tests.browser.referents.desk import Desk

PLACE = "Chambre 4, rue des Lices."


def test_who_shelters_her_reads_where_she_is_and_no_longer_once_it_ended(desk: Desk) -> None:
    """Invited for that, by keyboard and by eye; then the lead says that it ended, and the place is sealed again."""
    desk.given_i_am_logged_in_as("cidff.un")
    desk.when_i_open("/suivis/nouveau")
    desk.page.check("input[name=information][value=donnee]")
    desk.page.select_option("#information_maniere", "spoken")
    desk.page.fill("#connue_comme", "Mme Lierre")
    desk.page.locator("#contenu").get_by_role("button", name="Ouvrir le suivi").click()
    desk.then_i_see("Le suivi est ouvert", "Mme Lierre")
    journey = desk.page.url.removeprefix(desk.address).partition("?")[0]

    desk.when_i_open(f"{journey}/inviter")
    shelters = desk.page.locator("[value='abri.shelter']")
    assert not shelters.is_visible()
    desk.page.get_by_label("abri", exact=True).check()
    desk.then_i_see("À quel titre ?", "L’héberge ouvre : Hébergement")
    assert not shelters.is_checked()
    desk.page.get_by_label("L’héberge").check()
    desk.page.get_by_label("Accord de la personne").check()
    for compartment in ("Accompagnement", "Identité", "Hébergement"):
        desk.page.get_by_label(compartment, exact=True).check()
    desk.page.select_option("#motif", "ongoing_work")
    desk.then_it_is_accessible()
    desk.page.get_by_role("button", name="Inviter").click()
    desk.then_i_see("abri · invité, sans réponse · l’héberge")
    desk.page.select_option("#genre", "shelter_place")
    desk.then_i_see("1 personne de 1 institution lira cette action : abri", "Dépôt")
    desk.page.fill("#texte", PLACE)
    desk.page.get_by_role("button", name="Inscrire", exact=True).click()
    desk.when_i_log_out()

    desk.given_i_am_logged_in_as("abri.un")
    desk.page.get_by_role("button", name="Accepter").click()
    desk.then_i_see("Votre institution prend part à ce suivi.", PLACE)
    desk.when_i_log_out()

    _given_i_consult(desk, "cidff.un", journey)
    desk.when_i_press("À quel titre chacun prend part")
    desk.then_i_see("Lit aujourd’hui : Accompagnement, Identité, Hébergement")
    desk.then_it_is_accessible()
    desk.page.get_by_label("L’héberge").uncheck()
    desk.page.get_by_role("button", name="Inscrire").click()
    desk.then_i_see("C’est inscrit.", "ni soins, ni action sociale, ni hébergement")
    desk.when_i_log_out()

    _given_i_consult(desk, "abri.un", journey)
    desk.then_i_see("Inscription scellée · volet Hébergement", "6.2")
    desk.then_i_do_not_see(PLACE)


def _given_i_consult(desk: Desk, login: str, journey: str) -> None:
    desk.given_i_am_logged_in_as(login)
    desk.when_i_open(journey)
    desk.page.get_by_label("Accompagnement en cours").check()
    desk.page.locator("#contenu").get_by_role("button", name="Ouvrir le suivi").click()
