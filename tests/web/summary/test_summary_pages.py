"""Summaries page by page: composed, approved, framed, released, received; each role its own page."""

import re
from html import unescape
from uuid import UUID

import pytest

from domain.compartments import Compartment
from domain.network.members import Standing
from tests.telling.journeys import append_action, open_journey, share
from tests.telling.town import ambre, consent
from tests.web.house import Browser, WebHouse
from tests.web.reading import words_of

ASKED = {
    "destinataire": "parquet",
    "requisition_numero": "26/1184",
    "requisition_magistrat": "Blanche Cormier",
    "requisition_date": "2026-03-01",
    "requisition_volets": ["follow_up", "danger", "health"],
}
WORDS = ("Mot du CIDFF sur l'entretien.", "Mot de la police sur l'incident.")
HEALTH = "Mot de l'hôpital sur l'hématome."


class Told:
    """A journey with an entry each of CIDFF, police and hospital."""

    def __init__(self, house: WebHouse) -> None:
        self.house = house
        town = house.town
        for login in ("cidff.un", "police.un", "hopital.un"):
            town.log_in(login)
        self.journey = open_journey(town, contact="")
        share(town, self.journey, "police", "hopital", basis=consent(past=True))
        written = [
            ("cidff.un", WORDS[0], Compartment.FOLLOW_UP, "interview"),
            ("police.un", WORDS[1], Compartment.DANGER, "incident"),
            ("hopital.un", HEALTH, Compartment.HEALTH, "medical_certificate"),
        ]
        self.versions = [
            append_action(town, login, self.journey, text, compartment, kind)
            for login, text, compartment, kind in written
        ]

    def compose(self, browser: Browser, **changed: object) -> UUID:
        """A summary of the entries of CIDFF and police."""
        fields = {
            **ASKED,
            "inscriptions": [str(version) for version in self.versions[:2]],
            **changed,
        }
        answer = browser.post(f"/suivis/{self.journey}/synthese", fields)
        assert answer.status_code == 303, words_of(answer.text)
        return UUID(answer.headers["location"].split("/")[2].split("?")[0])

    def approved(self) -> UUID:
        """A summary that everybody approved."""
        summary = self.compose(self.house.browser("cidff.un"))
        for login in ("cidff.deux", "police.un"):
            browser = self.house.browser(login)
            for path in parts_to_judge(browser, summary):
                assert browser.post(path, {"decision": "approuver"}).status_code == 303
        frame = f"/syntheses/{summary}/cadre"
        coordination = self.house.browser("coordination.un")
        assert coordination.post(frame, {"decision": "approuver"}).status_code == 303
        return summary

    def released(self) -> UUID:
        """A summary that was released."""
        summary = self.approved()
        answer = self.house.browser("cidff.un").post(f"/syntheses/{summary}/remettre")
        assert answer.status_code == 303
        return summary


def parts_to_judge(browser: Browser, summary: UUID) -> list[str]:
    """The addresses of the parts that a page offers to judge."""
    page = browser.get(f"/syntheses/{summary}").text
    return re.findall(rf'href="(/syntheses/{summary}/parties/\d+)"', page)


@pytest.fixture
def told(house: WebHouse) -> Told:
    """A journey that three institutions write into."""
    return Told(house)


def test_composing_offers_what_may_be_joined_and_names_the_rest(told: Told) -> None:
    """Given a journey, when the form is shown, then readable entries have a box, and what is sealed is named."""
    page = told.house.browser("cidff.un").get(f"/suivis/{told.journey}/synthese")
    assert page.status_code == 200
    assert re.findall(r'name="inscriptions" value="(\d+)"', page.text) == [
        str(version) for version in reversed(told.versions[:2])
    ]
    words = words_of(page.text)
    assert "volet Santé, 1 inscription" in words
    assert HEALTH not in words
    assert "Hébergement" not in page.text.partition("<fieldset")[0]


def test_a_summary_goes_from_hand_to_hand(told: Told) -> None:
    """Given a journey, when a summary is composed, approved by each, framed and released, then each sees what
    awaits them, and the magistrate reads the words after a confirmation."""
    house = told.house
    summary = told.compose(house.browser("cidff.un"))
    composer = house.browser("cidff.un")
    assert "Attendent votre institution" in words_of(composer.get("/syntheses").text)
    assert parts_to_judge(composer, summary) == []

    police = house.browser("police.un")
    (path,) = parts_to_judge(police, summary)
    part = words_of(police.get(path).text)
    assert WORDS[1] in part
    assert WORDS[0] not in part
    answer = police.post(path, {"decision": "approuver"})
    assert answer.headers["location"] == f"/syntheses/{summary}?fait=approuvee"
    assert "L’approbation est enregistrée." in words_of(police.get(answer.headers["location"]).text)
    assert "Votre institution s’est déjà prononcée" in words_of(police.get(path).text)
    colleague = house.browser("cidff.deux")
    (path,) = parts_to_judge(colleague, summary)
    colleague.post(path, {"decision": "approuver"})

    coordination = house.browser("coordination.un")
    assert "Cadres à approuver" in words_of(coordination.get("/syntheses").text)
    frame = coordination.get(f"/syntheses/{summary}").text
    for word in (*WORDS, HEALTH, ambre().known_as, ambre().surname):
        assert word not in unescape(frame)
    assert "information factuelle" in words_of(frame)
    assert "26/1184" in frame
    coordination.post(f"/syntheses/{summary}/cadre", {"decision": "approuver"})

    assert "Remettre la synthèse" in words_of(composer.get(f"/syntheses/{summary}").text)
    answer = composer.post(f"/syntheses/{summary}/remettre")
    assert "La synthèse est remise" in words_of(composer.get(answer.headers["location"]).text)

    magistrate = house.browser("parquet.un")
    assert str(summary) in magistrate.get("/syntheses").text
    asked = words_of(magistrate.get(f"/syntheses/{summary}").text)
    assert "Ouvrir et accuser réception" in asked
    assert WORDS[0] not in asked
    assert magistrate.get(f"/syntheses/{summary}/document.pdf").status_code == 303
    assert magistrate.post(f"/syntheses/{summary}/ouvrir").status_code == 303
    opened = words_of(magistrate.get(f"/syntheses/{summary}").text)
    for word in WORDS:
        assert word in opened
    assert "Exemplaire n° 1, pour parquet.un, parquet" in opened
    assert "volet Santé, 1 inscription" in opened
    document = magistrate.get(f"/syntheses/{summary}/document.pdf")
    assert document.content.startswith(b"%PDF-")
    assert document.headers["Content-Type"] == "application/pdf"
    assert document.headers["Content-Disposition"] == 'attachment; filename="synthese.pdf"'
    assert document.headers["Cache-Control"] == "no-store"
    assert "Reçue et ouverte" in words_of(police.get(f"/syntheses/{summary}").text)


def test_another_partner_joins_what_it_reads(told: Told) -> None:
    """Given a summary without the hospital's entry, when the hospital asks to join, then it is offered, joined
    and approved by a colleague; the composer sees its number and no word."""
    house = told.house
    summary = told.compose(house.browser("cidff.un"))
    hospital = house.browser("hopital.un")
    page = hospital.get(f"/syntheses/{summary}/inscriptions")
    assert HEALTH in words_of(page.text)
    empty = hospital.post(f"/syntheses/{summary}/inscriptions", {})
    assert empty.status_code == 422
    assert "Choisissez au moins une inscription" in words_of(empty.text)
    fields = {"inscriptions": [str(told.versions[2])]}
    answer = hospital.post(f"/syntheses/{summary}/inscriptions", fields)
    assert "Les inscriptions sont jointes" in words_of(
        hospital.get(answer.headers["location"]).text
    )
    composer = words_of(house.browser("cidff.un").get(f"/syntheses/{summary}").text)
    assert "volet Santé · 1 inscription" in composer
    assert HEALTH not in composer
    assert len(parts_to_judge(house.browser("hopital.deux"), summary)) == 1


def test_a_refusal_is_shown_with_its_reason(told: Told) -> None:
    """Given a part refused by its institution, when the composer looks, then the reason and what is missing are
    there."""
    house = told.house
    summary = told.compose(house.browser("cidff.un"))
    police = house.browser("police.un")
    (part,) = parts_to_judge(police, summary)
    police.post(part, {"decision": "refuser", "raison": "inaccurate"})
    words = words_of(house.browser("cidff.un").get(f"/syntheses/{summary}").text)
    assert "À corriger d’abord dans le suivi" in words
    assert "non approuvée par l’institution qui l’a écrite" in words


def test_the_composer_is_told_why_they_do_not_approve(told: Told) -> None:
    """Given one's own part, when it is asked for by its address, then 14.2 is named."""
    summary = told.compose(told.house.browser("cidff.un"))
    for part in (1, 2):
        answer = told.house.browser("cidff.un").get(f"/syntheses/{summary}/parties/{part}")
        assert answer.status_code == 403
        assert "Article 14.2" in words_of(answer.text)


def test_nobody_but_the_coordination_has_the_frame(told: Told) -> None:
    """Given a partner or a magistrate, when they ask for a frame, then 14.2 is named, as for a frame of
    nothing."""
    summary = told.compose(told.house.browser("cidff.un"))
    for login in ("cidff.deux", "parquet.un"):
        browser = told.house.browser(login)
        for known in (summary, told.journey):
            assert browser.get(f"/syntheses/{known}/cadre").status_code == 403
            answer = browser.post(f"/syntheses/{known}/cadre", {"decision": "approuver"})
            assert answer.status_code == 403


def test_a_released_summary_offers_nothing_more(told: Told) -> None:
    """Given a released summary, when it is released, framed or added to again, then it is refused by 14.4 or
    14.2."""
    summary = told.released()
    house = told.house
    assert house.browser("cidff.un").post(f"/syntheses/{summary}/remettre").status_code == 403
    refused = house.browser("coordination.un").post(
        f"/syntheses/{summary}/cadre", {"decision": "approuver"}
    )
    assert refused.status_code == 409
    assert "Article 14.4" in words_of(refused.text)
    assert "/cadre" not in house.browser("coordination.un").get(f"/syntheses/{summary}").text


def test_to_who_may_not_a_summary_does_not_exist(told: Told) -> None:
    """Given a summary, and an id of nothing (attack case 13), when somebody outside asks for either, then
    status, headers and bytes are the same."""
    summary = told.approved()
    nothing = UUID(int=summary.int ^ 1)
    for login in ("spip.un", "parquet.un", "siege.un"):
        browser = told.house.browser(login)
        for method, path, fields in (
            ("get", "/syntheses/{}", {}),
            ("get", "/syntheses/{}/inscriptions", {}),
            ("get", "/syntheses/{}/parties/1", {}),
            ("get", "/syntheses/{}/document.pdf", {}),
            ("post", "/syntheses/{}/ouvrir", {}),
            ("post", "/syntheses/{}/remettre", {}),
            ("post", "/syntheses/{}/inscriptions", {"inscriptions": "3"}),
            ("post", "/syntheses/{}/parties/1", {"decision": "approuver"}),
        ):
            answers = [
                browser.post(path.format(identifier), fields)
                if method == "post"
                else browser.get(path.format(identifier))
                for identifier in (summary, nothing)
            ]
            seen = [
                (answer.status_code, dict(answer.headers), _stable(answer.text))
                for answer in answers
            ]
            seen = [
                (answer.status_code, dict(answer.headers), _stable(answer.text))
                for answer in answers
            ]
            assert seen[0] == seen[1]
            assert answers[0].status_code == 404


def test_the_bench_does_not_see_what_the_prosecution_received(told: Told) -> None:
    """Given a summary released to the prosecution, when the bench lists and asks, then there is nothing."""
    summary = told.released()
    bench = told.house.browser("siege.un")
    assert str(summary) not in bench.get("/syntheses").text
    assert bench.get(f"/syntheses/{summary}").status_code == 404


def test_a_suspended_magistrate_opens_nothing(told: Told) -> None:
    """Given a magistrate who is suspended, when they ask, then 2.2 is named and no word shown."""
    summary = told.released()
    town = told.house.town
    browser = told.house.browser("parquet.deux")
    for standing in (Standing.SUSPENDED, Standing.ACTIVE):
        town.set_standing(town.referents["parquet.deux"], standing)
        answer = browser.post(f"/syntheses/{summary}/ouvrir")
        assert (answer.status_code == 403) is (standing is Standing.SUSPENDED)


def test_parts_are_numbers_as_we_write_them(told: Told) -> None:
    """Given an address with a part that is none of ours, when it is asked for, then there is nothing."""
    summary = told.compose(told.house.browser("cidff.un"))
    police = told.house.browser("police.un")
    for part in ("0", "01", "-1", "x", "99", "1e1"):
        assert police.get(f"/syntheses/{summary}/parties/{part}").status_code == 404


def _stable(page: str) -> str:
    """A page without what changes with time alone."""
    return re.sub(r"\d+( |\u00a0)h( |\u00a0)\d+|session-left[^/]*|data-minutes=\"\d+\"", "", page)
