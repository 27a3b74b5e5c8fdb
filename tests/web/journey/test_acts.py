"""What the referent's pages do, form by form: sent as a browser sends it, and seen in the page that follows."""

import re
from uuid import uuid4

import pytest

from application.coordination.admissions import admit_institution
from domain.network.members import Institution
from tests.telling.journeys import journey_under_way
from tests.web.house import WebHouse
from tests.web.reading import hidden_fields, log_in, main_words_of, send, version_of


@pytest.fixture
def journey(house: WebHouse) -> str:
    """A journey of this test alone, shared with police and hospital."""
    return f"/suivis/{journey_under_way(house.town, 'police', 'hopital')}"


def test_an_entry_is_corrected_and_its_original_stays_9_2(house: WebHouse, journey: str) -> None:
    """The correction is read, the original too, struck; its level is the one that was there."""
    browser = house.browser("cidff.un")
    form = browser.get(f"{journey}/inscriptions/4/corriger")
    assert re.search(r'value="high" selected', form.text)
    said = send(
        browser,
        journey,
        "inscriptions/4/corriger",
        texte="Menaces de mort répétées.",
        date="02/03/2026",
        niveau="critical",
    )
    assert "La correction est inscrite" in said
    assert "Menaces de mort répétées." in said
    assert "Corrigée, lire l’original" in said
    assert "Danger critique" in said


def test_an_entry_is_withdrawn_and_stays_in_its_place(house: WebHouse, journey: str) -> None:
    """It is marked as withdrawn, with its reason."""
    said = send(
        house.browser("cidff.un"), journey, "inscriptions/5/retirer", raison="wrong_journey"
    )
    assert "Retirée : Inscrite dans le mauvais suivi" in said


def test_a_planned_action_is_said_done_from_the_work_left(house: WebHouse, journey: str) -> None:
    """One press on its line, with the version that the line has."""
    browser = house.browser("cidff.un")
    work = browser.get("/reste-a-faire").text
    place = work.index(f'action="{journey}/inscriptions/6/fait"')
    version = re.search(r'name="version" value="(\d+)"', work[place:])
    assert version
    said = send(browser, journey, "inscriptions/6/fait", version=version[1])
    assert "L’action est inscrite comme faite." in said
    assert journey not in browser.get("/reste-a-faire").text
    browser.post(f"{journey}/consultations", {"motif": "ongoing_work"})
    read = main_words_of(browser.get(journey))
    assert "Achève : Appel téléphonique" in read
    assert "Rien n’attend." in read


def test_the_person_is_completed_and_nothing_else_is_written(house: WebHouse, journey: str) -> None:
    """What was changed is recorded; what was not is no new entry."""
    browser = house.browser("cidff.un")
    known = {"connue_comme": "Mme Ambre V.", "nom": "Vallonne", "prenom": "Ambre"}
    before = int(version_of(browser, journey))
    birth = {"naissance": "1990-04-12", "contact": "Le soir, par sa sœur"}
    assert "Le soir, par sa sœur" in send(browser, journey, "personne", **known, **birth)
    assert int(version_of(browser, journey)) == before + 1
    send(browser, journey, "personne", **known, **birth)
    assert int(version_of(browser, journey)) == before + 1


def test_consent_is_given_withdrawn_and_takes_effect_at_once_8_2(
    house: WebHouse, journey: str
) -> None:
    """After the withdrawal the police has not even the frame's next key: to it the journey is as none."""
    browser, police = house.browser("cidff.un"), house.browser("police.un")
    police.post(f"{journey}/consultations", {"motif": "ongoing_work"})
    assert "Reçue ce matin" in main_words_of(police.get(journey))

    said = send(browser, journey, "accords", acte="retirer", institution="police")
    assert "Le retrait est enregistré" in said
    assert "police · accord retiré" in said
    assert police.get(journey).status_code == 404

    given = {
        "acte": "donner",
        "institution": "police",
        "fondement": "person_consent",
        "volets": ["follow_up", "danger"],
        "motif": "ongoing_work",
    }
    assert "L’accord est enregistré." in send(browser, journey, "accords", **given)
    assert "Reçue ce matin" in main_words_of(police.get(journey))


def test_an_invitation_is_declined_with_its_reason(house: WebHouse) -> None:
    """Without a reason the work left says so; with one the journey is gone from the list."""
    journey = f"/suivis/{journey_under_way(house.town)}"
    invitation = {
        "institution": "social",
        "fondement": "person_consent",
        "volets": ["follow_up"],
        "motif": "ongoing_work",
    }
    assert "invité, sans réponse" in send(
        house.browser("cidff.un"), journey, "inviter", **invitation
    )
    social = house.browser("social.un")
    version = version_of(house.browser("cidff.un"), journey)
    missing = social.post(
        f"{journey}/invitation", {"reponse": "decliner", "raison": "", "version": version}
    )
    assert missing.status_code == 422
    assert "Choisissez une raison." in main_words_of(missing)
    said = send(
        social, journey, "invitation", reponse="decliner", raison="declined", version=version
    )
    assert "L’invitation est déclinée." in said
    assert social.get(journey).status_code == 404


def test_a_restriction_closes_the_journey_to_who_is_not_named_11_1(
    house: WebHouse, journey: str
) -> None:
    """To the colleague kept out the journey does not exist any more; to the one named it does."""
    town = house.town
    one, two = house.browser("police.un"), house.browser("police.deux")
    for browser in (one, two):
        browser.post(f"{journey}/consultations", {"motif": "ongoing_work"})
        assert browser.get(journey).status_code == 200
    said = send(
        house.browser("cidff.un"),
        journey,
        "restreindre",
        institution="police",
        referents=[str(town.referents["police.un"])],
    )
    assert "Seules les personnes nommées" in said
    assert one.get(journey).status_code == 200
    kept_out, nowhere = two.get(journey), two.get(f"/suivis/{uuid4()}")
    assert kept_out.status_code == 404
    assert main_words_of(kept_out) == main_words_of(nowhere)


def test_a_journey_is_closed_and_opened_again(house: WebHouse, journey: str) -> None:
    """Closed, it is read and takes nothing; opened again, it takes actions."""
    browser = house.browser("cidff.un")
    said = send(browser, journey, "clore", raison="protected")
    assert "Le suivi est clos." in said
    assert "Ce suivi est clos : rien ne s’y inscrit." in said
    listed = browser.post("/suivis", {"etat": "clos"})
    assert journey in listed.text
    version = hidden_fields(browser.get(f"{journey}/rouvrir").text)["version"]
    said = send(browser, journey, "rouvrir", raison="De nouvelles menaces.", version=version)
    assert "a rouvert le suivi : De nouvelles menaces." in said
    assert "Ajouter une action" in said


def test_an_institution_leaves_and_the_lead_cannot(house: WebHouse, journey: str) -> None:
    """Who left does not find the journey any more; the lead is told why not."""
    hospital = house.browser("hopital.un")
    hospital.post(f"{journey}/consultations", {"motif": "ongoing_work"})
    assert "ne prend plus part" in send(hospital, journey, "quitter", raison="work_done")
    assert hospital.get(journey).status_code == 404
    page = house.browser("cidff.un").get(f"{journey}/quitter")
    assert "L’institution pilote ne peut pas quitter le suivi" in main_words_of(page)


def test_a_journey_is_found_by_its_code_or_by_its_name(house: WebHouse, journey: str) -> None:
    """Whatever the accents and the case; nothing sought stands in an address."""
    browser = house.browser("cidff.un")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{2}", main_words_of(browser.get(journey)))
    assert code
    for sought in (code[0].lower(), "mme ÀMBRE"):
        assert journey in browser.post("/suivis", {"recherche": sought, "etat": "tous"}).text
    nothing = browser.post("/suivis", {"recherche": "Personne de ce nom"})
    assert "Aucun de vos suivis ne répond" in main_words_of(nothing)


def test_nothing_opens_before_both_have_signed_1_1(house: WebHouse) -> None:
    """Given a new institution, when its referent logs in, then only the charter is shown until both have signed."""
    town = house.town
    member = Institution(uuid4(), f"nouvelle-{uuid4().hex[:6]}", "Nouvelle", "support")
    login = f"nora.{uuid4().hex[:6]}"
    account = town.new_account(member.id, login, "Nora Neuve")
    admit_institution(town.services, town.log_in("coordination.un"), member, account)
    browser = house.browser()
    house.web.limits.forget()
    log_in(browser, login, account.passphrase)
    assert browser.get("/").headers["Location"] == "/charte/signature"
    for path in ("/suivis", "/reste-a-faire", f"/suivis/{house.journeys['ambre']}"):
        assert browser.get(path).headers["Location"] == "/charte/signature"
    refused = browser.post("/suivis/nouveau", {"connue_comme": "Mme Neuve", "contact": "Le soir"})
    assert refused.status_code == 403
    assert "Mme Neuve" in main_words_of(refused)

    page = browser.get("/charte/signature")
    fingerprint = hidden_fields(page.text)["empreinte"]
    assert browser.post("/charte/signature", {"empreinte": fingerprint}).status_code == 422
    stale = browser.post("/charte/signature", {"empreinte": "0" * 64, "lu": "oui"})
    assert stale.status_code == 422
    browser.post("/charte/signature", {"empreinte": fingerprint, "lu": "oui"})
    assert browser.get("/suivis").headers["Location"] == "/charte/signature"
    signed = {"empreinte": fingerprint, "lu": "oui", "institution": "oui"}
    assert browser.post("/charte/signature", signed).status_code == 303
    assert browser.get("/suivis").status_code == 200
