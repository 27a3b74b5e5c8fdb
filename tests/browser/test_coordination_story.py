"""Police and CIDFF write and read; the coordination sees both visits, and no word of the journey."""

import re
from pathlib import Path
from uuid import UUID

import pytest

from domain.journey.code import code_of
from tests.browser.tab import NARROW, WIDE
from tests.browser.visiting import Place, Visitor, visitor
from tests.telling.journeys import accept, invite, open_journey

TYPED = {
    "connue_comme": "Mme Sentinelle Quartz",
    "nom": "Quartzelle",
    "prenom": "Opaline",
    "contact": "SMS sentinelle entre neuf et onze",
    "cidff": "Phrase sentinelle du CIDFF, reçue seule.",
    "police": "Phrase sentinelle de la police, plainte annoncée.",
}
"""Every text that is typed in this story."""


@pytest.fixture(scope="module")
def journey(place: Place) -> str:
    """What referents typed, in their browsers: a journey opened, shared and written into; its code."""
    with visitor(place) as cidff:
        cidff.log_in("cidff.un")
        cidff.open("/suivis/nouveau")
        page = cidff.page
        for name in ("connue_comme", "nom", "prenom", "contact"):
            page.fill(f"#{name}", TYPED[name])
        page.fill("#naissance", "1990-04-12")
        page.check("input[name=information][value=donnee]")
        page.select_option("#information_maniere", "spoken")
        page.get_by_role("button", name="Ouvrir le suivi").click()
        page.wait_for_url(re.compile(r"/suivis/[0-9a-f-]{36}"))
        path = "/suivis/" + page.url.split("/suivis/")[1][:36]
        _write(cidff, "interview", TYPED["cidff"])
        town = place.town
        invite(town, town.log_in("cidff.un"), _identifier(path), "police")
        accept(town, town.log_in("police.un"), _identifier(path))
        assert cidff.complaints == []
    with visitor(place) as police:
        police.log_in("police.un")
        police.open(path)
        police.page.check("input[name=motif][value=complaint_ongoing]")
        police.page.get_by_role("button", name="Ouvrir le suivi").click()
        police.page.wait_for_selector("#texte")
        _write(police, "incident", TYPED["police"])
        assert TYPED["police"] in police.words()
    return code_of(_identifier(path))


@pytest.mark.parametrize(
    ("width", "scheme"), [(WIDE, "light"), (NARROW, "light"), (NARROW, "dark"), (WIDE, "dark")]
)
def test_the_coordination_sees_both_visits_and_no_word(
    place: Place, journey: str, tmp_path: Path, width: int, scheme: str
) -> None:
    """Given two visits and words written by both, when the coordination filters by the journey, by keyboard
    alone, then both visits are there, and no typed text is on any of its pages or in its export."""
    with visitor(place, width=width, scheme=scheme) as one:
        one.log_in("coordination.un")
        assert one.page.url == f"{place.address}/registre"
        assert one.page.title() == "Registre des accès · Relais"
        one.check()
        one.tab_to("#suivi")
        one.page.keyboard.type(journey.lower())
        one.press_enter()
        lines = one.page.locator("table.panel tbody tr").all_inner_texts()
        for who, purpose in (("cidff.un", "a inscrit"), ("police.un", "Plainte en cours")):
            assert any(who in line and purpose in line for line in lines)
        assert all(journey in line for line in lines)
        one.check()
        with one.page.expect_download() as downloading:
            one.tab_to("text=Exporter en CSV")
            one.page.keyboard.press("Enter")
        assert downloading.value.suggested_filename == "registre.csv"
        kept = tmp_path / "kept.csv"
        downloading.value.save_as(kept)
        table = kept.read_bytes().decode("utf-8-sig")
        assert journey in table
        for path in ("/syntheses", "/charte", "/registre"):
            one.open(path)
            one.check()
        assert len(one.seen) >= 5
        for text in TYPED.values():
            assert text not in table
            assert not any(text in page for page in one.seen)


def test_a_journeys_address_tells_the_coordination_nothing(place: Place, journey: str) -> None:
    """Given the address of a journey, when the coordination asks for it, then the page says that there is none."""
    known = open_journey(place.town, place.town.log_in("cidff.un"))
    with visitor(place) as one:
        one.log_in("coordination.un")
        one.open(f"/suivis/{known}")
        assert "Ce suivi n’existe pas ou ne vous est pas ouvert." in one.words()
        assert journey not in one.words()


def _write(who: Visitor, kind: str, text: str) -> None:
    who.page.select_option("#genre", kind)
    who.page.fill("#texte", text)
    who.page.press("#texte", "Control+Enter")
    who.page.wait_for_selector(f"text={text}")


def _identifier(path: str) -> UUID:
    return UUID(path.removeprefix("/suivis/"))
