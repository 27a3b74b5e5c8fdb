"""A form whose journey changed before it was sent: the author looks again, and no word is lost."""

from html import unescape
from uuid import UUID

import pytest

from application.referent import sharing
from tests.telling.journeys import journey_under_way
from tests.telling.town import consent
from tests.web.house import WebHouse
from tests.web.reading import hidden_fields
from tests.web.samples import filled
from tests.web.site.test_bad_input import WORDS, filled_action
from web.journey.fields import ReasonFields


@pytest.fixture
def journey(house: WebHouse) -> str:
    """A journey of this test alone, shared with the police."""
    return f"/suivis/{journey_under_way(house.town, 'police')}"


def test_who_would_read_has_changed_since_it_was_shown(house: WebHouse, journey: str) -> None:
    """Given a form that named its readers, when another is invited before it is sent, then 409 and the new readers."""
    browser = house.browser("cidff.un")
    sent = filled_action(browser, journey)
    town = house.town
    hospital = town.institutions["hopital"].id
    identifier = journey.rsplit("/", 1)[1]
    sharing.invite(town.services, town.who("cidff.un"), UUID(identifier), hospital, consent())
    answer = browser.post(f"{journey}/inscriptions", sent)
    page = unescape(answer.text)
    assert answer.status_code == 409
    assert "Les destinataires ont changé" in page
    assert WORDS in page
    again = {**sent, "destinataires": hidden_fields(answer.text)["destinataires"]}
    assert browser.post(f"{journey}/inscriptions", again).status_code == 303


def test_a_decision_on_what_has_changed_is_asked_again(house: WebHouse, journey: str) -> None:
    """Given a stale version, when a journey is closed on it, then 409 says what changed, and may be confirmed."""
    browser = house.browser("cidff.un")
    sent = filled(ReasonFields, raison="protected", version="2")
    stale = browser.post(f"{journey}/clore", sent)
    page = unescape(stale.text)
    assert stale.status_code == 409
    assert "Ce suivi a changé entre-temps" in page
    assert "a invité police" in page
    kept = hidden_fields(stale.text)
    confirmed = browser.post(
        f"{journey}/clore", {name: kept[name] for name in ("raison", "version")}
    )
    assert confirmed.headers["Location"].startswith(f"{journey}?fait=clos")


def test_a_closed_journey_takes_no_entry_and_loses_no_word(house: WebHouse, journey: str) -> None:
    """Given a form open while the journey is closed, when it is sent, then it is refused with its words."""
    browser = house.browser("cidff.un")
    sent = filled_action(browser, journey)
    version = hidden_fields(browser.get(journey).text)["version"]
    closed = browser.post(f"{journey}/clore", {"raison": "protected", "version": version})
    assert closed.status_code == 303
    answer = browser.post(f"{journey}/inscriptions", sent)
    assert answer.status_code in (403, 409)
    assert WORDS in unescape(answer.text)


def test_whoever_may_no_longer_consult_is_told_nothing_of_what_changed(
    house: WebHouse, journey: str
) -> None:
    """Given a stale form of somebody who must say first why they consult, when it is sent, then they are asked."""
    browser = house.browser("police.un")
    answer = browser.post(f"{journey}/quitter", {"raison": "work_done", "version": "1"})
    page = unescape(answer.text)
    assert "Pourquoi consulter" in page
    assert "Votre texte est gardé" in page
    assert "a changé entre-temps" not in page
