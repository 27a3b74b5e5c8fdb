"""In what capacity each takes part: said at the opening and in the invitation, changed by the lead, seen by all."""

from application.referent import restricting
from tests.telling.journeys import act_as, journey_under_way
from tests.web.house import Browser, WebHouse
from tests.web.reading import main_words_of, send, version_of
from tests.web.samples import filled
from web.journey.fields import NewJourneyFields

SHELTERS = "l’héberge"


def opened(browser: Browser, *does: str) -> str:
    """The address of a journey that somebody opened, saying what their institution does."""
    form = filled(NewJourneyFields, information_date="2026-03-02", naissance="", titres=list(does))
    answer = browser.post("/suivis/nouveau", form)
    assert answer.status_code == 303, main_words_of(answer)
    address: str = answer.headers["Location"].partition("?")[0]
    return address


def invitation(institution: str, *does: str) -> dict[str, object]:
    """What an invitation sends."""
    return {
        "institution": institution,
        "fondement": "person_consent",
        "volets": ["follow_up", "identity", "social", "shelter"],
        "motif": "ongoing_work",
        "titres": list(does),
    }


def test_who_opens_is_asked_as_far_as_the_directory_entitles(house: WebHouse) -> None:
    """The hostel is asked what opens its own compartments, with what each opens; the CIDFF is not asked."""
    asked = main_words_of(house.browser("abri.un").get("/suivis/nouveau"))
    assert "À quel titre suivez-vous cette personne" in asked
    assert "Travaille avec elle ou sa famille, pour l’action sociale ouvre : Social" in asked
    assert "L’héberge ouvre : Hébergement" in asked
    assert "Prend part à ses soins" not in asked
    assert "À quel titre" not in main_words_of(house.browser("cidff.un").get("/suivis/nouveau"))


def test_what_was_said_at_the_opening_stands_beside_the_name(house: WebHouse) -> None:
    """Nothing is said that was not ticked."""
    browser = house.browser("abri.un")
    seen = main_words_of(browser.get(opened(browser, "shelter")))
    assert f"abri · pilote · {SHELTERS}" in seen
    assert f"a ouvert le suivi : {SHELTERS}" in seen
    assert "abri · pilote Inviter" in main_words_of(browser.get(opened(browser)))


def test_an_invitation_says_in_what_capacity(house: WebHouse) -> None:
    """Ticked beneath the institution that is invited; what is ticked beneath another is of no account."""
    browser = house.browser("cidff.un")
    journey = opened(browser)
    form = browser.get(f"{journey}/inviter").text
    assert 'value="abri.shelter"' in form
    assert 'value="police.' not in form
    assert "checked" not in form
    assert "ouvre, même sans son accord : Santé" in main_words_of(browser.get(f"{journey}/inviter"))
    said = send(browser, journey, "inviter", **invitation("abri", "abri.shelter", "hopital.care"))
    assert f"abri · invité, sans réponse · {SHELTERS}" in said
    assert f"a invité abri : {SHELTERS}" in said


def test_nobody_is_invited_for_what_the_directory_does_not_entitle_to(house: WebHouse) -> None:
    """The refusal stands beside the boxes, with what was typed, and says whom to ask."""
    browser = house.browser("cidff.un")
    journey = opened(browser)
    sent = {**invitation("abri", "abri.care"), "version": version_of(browser, journey)}
    answer = browser.post(f"{journey}/inviter", sent)
    assert answer.status_code == 422
    assert "voyez avec la coordination" in main_words_of(answer)
    assert 'id="titres"' in answer.text
    forged = {**sent, "titres": "abri.landlord"}
    assert browser.post(f"{journey}/inviter", forged).status_code == 422


def test_the_lead_says_it_anew_and_everybody_sees_it(house: WebHouse) -> None:
    """Given a partner invited for nothing, when the lead says what it does, then its place opens, and closes again."""
    browser = house.browser("cidff.un")
    journey = opened(browser)
    send(browser, journey, "inviter", **invitation("abri"))
    page = main_words_of(browser.get(f"{journey}/titres"))
    assert "Lit aujourd’hui : Accompagnement, Identité · 1 personne" in page
    assert "cidff" not in page.partition("À quel titre chacun prend part")[2]

    said = send(browser, journey, "titres", institution="abri", titres=["shelter"])
    assert "C’est inscrit." in said
    assert f"a dit ce que abri fait pour la personne : {SHELTERS}" in said
    page = browser.get(f"{journey}/titres")
    assert "Lit aujourd’hui : Accompagnement, Identité, Hébergement" in main_words_of(page)
    assert page.text.count("checked") == 1

    said = send(browser, journey, "titres", institution="abri")
    assert "ni soins, ni action sociale, ni hébergement" in said
    assert (
        "Hébergement" not in main_words_of(browser.get(f"{journey}/titres")).partition("1 pers")[0]
    )


def test_what_does_not_change_and_what_is_not_entitled_come_back(house: WebHouse) -> None:
    """Given a form that says nothing new, or too much, then 422 beside the boxes of that partner."""
    browser = house.browser("cidff.un")
    journey = opened(browser)
    send(browser, journey, "inviter", **invitation("abri", "abri.shelter"))
    version = version_of(browser, journey)
    for does, said in ((["shelter"], "Rien ne change"), (["care"], "n’habilite pas")):
        sent = {"institution": "abri", "titres": does, "version": version}
        answer = browser.post(f"{journey}/titres", sent)
        assert answer.status_code == 422
        assert said in main_words_of(answer)
        assert 'id="titres"' in answer.text


def test_a_partner_sees_what_each_does_and_changes_nothing_8_2(house: WebHouse) -> None:
    """The page says why, has no form, and no link leads there; a forged form is refused by the article."""
    lead, partner = house.browser("cidff.un"), house.browser("abri.un")
    journey = opened(lead)
    assert "/titres" in lead.get(journey).text
    send(lead, journey, "inviter", **invitation("abri", "abri.shelter"))
    version = version_of(lead, journey)
    partner.post(f"{journey}/invitation", {"reponse": "accepter", "version": version})
    assert f"abri · {SHELTERS}" in main_words_of(partner.get(journey))
    assert "/titres" not in partner.get(journey).text
    page = partner.get(f"{journey}/titres")
    assert "L’institution pilote le dit : voyez avec cidff. article 8.2" in main_words_of(page)
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    sent = {"institution": "abri", "titres": [], "version": version_of(partner, journey)}
    refused = partner.post(f"{journey}/titres", sent)
    assert refused.status_code == 403
    assert "8.2" in main_words_of(refused)


def test_who_is_kept_apart_is_not_counted_among_those_who_read(house: WebHouse) -> None:
    """Given a hospital of which one person is kept apart, then the page counts those who read, not who works there."""
    town, browser = house.town, house.browser("cidff.un")
    journey = journey_under_way(town, "hopital")
    page = f"/suivis/{journey}/titres"
    assert "2 personnes" in main_words_of(browser.get(page))
    hospital = town.institutions["hopital"].id
    apart = frozenset({town.referents["hopital.deux"]})
    act_as(town, "cidff.un", restricting.restrict, journey, hospital, apart)
    assert "2 personnes" not in main_words_of(browser.get(page))
    assert "1 personne" in main_words_of(browser.get(page))
