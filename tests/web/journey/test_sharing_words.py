"""What the pages of an invitation promise is what happens: when a partner reads, and how much of the past."""

import re

from application.door.journey import enter
from domain.compartments import Compartment
from policies.charter import Act
from tests.telling.journeys import invite, journey_under_way
from tests.web.house import WebHouse
from tests.web.reading import main_words_of, version_of

ALWAYS = re.compile(r"Ouvrir aussi le passé des autres volets (.+?) s’ouvrent toujours")
UNLESS = re.compile(r"Passé ouvert pour (.+?) seulement")
PARTNERS = ("police", "hopital", "social", "abri", "spip")


def named_in(words: str) -> set[Compartment]:
    """The compartments whose labels stand in words."""
    return {place for place in Compartment if place.label.lower() in words.lower()}


def test_the_past_that_opens_to_everybody_is_the_one_that_the_pages_name(house: WebHouse) -> None:
    """Given partners of every sort, invited for every compartment without the past, then what is open to them of the
    past is what the invitation and the consents say (article 8.2)."""
    town, browser = house.town, house.browser("cidff.un")
    journey = journey_under_way(town)
    asked = main_words_of(browser.get(f"/suivis/{journey}/inviter"))
    for partner in PARTNERS:
        invite(town, "cidff.un", journey, partner)
    entered = enter(
        town.services, town.who("cidff.un"), journey, Act.CONSULT, purpose="ongoing_work"
    )
    partners = {town.institutions[partner].id for partner in PARTNERS}
    opened = {
        compartment
        for compartment in Compartment
        if compartment is not Compartment.FRAME
        and entered.audience(compartment).opens_past & partners
    }
    promised = ALWAYS.search(asked)
    assert promised is not None
    assert named_in(promised[1]) == opened
    told = UNLESS.findall(main_words_of(browser.get(f"/suivis/{journey}/accords")))
    assert [named_in(words) for words in told] == [opened] * len(PARTNERS)


def test_an_invited_institution_reads_and_does_not_write_before_it_accepts(
    house: WebHouse,
) -> None:
    town, lead = house.town, house.browser("cidff.un")
    journey = journey_under_way(town)
    assert "Il lit dès l’invitation" in main_words_of(lead.get(f"/suivis/{journey}/inviter"))
    invite(town, "cidff.un", journey, "police")
    invited = house.browser("police.un")
    assert "Voir ce qui est partagé" in main_words_of(invited.get("/reste-a-faire"))
    page = invited.get(f"/suivis/{journey}")
    assert page.status_code == 200
    assert "Mme Ambre V." in main_words_of(page)
    assert "Ajouter une action" not in main_words_of(page)
    assert "Votre institution est invitée" in main_words_of(page)
    assert "Quitter le suivi" not in main_words_of(page)
    accepted = invited.post(
        f"/suivis/{journey}/invitation",
        {"version": version_of(invited, f"/suivis/{journey}"), "reponse": "accepter"},
    )
    assert accepted.status_code == 303
    joined = main_words_of(invited.get(f"/suivis/{journey}"))
    assert "Ajouter une action" in joined
    assert "Quitter le suivi" in joined
    assert "Votre institution est invitée" not in joined
