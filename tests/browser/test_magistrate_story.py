"""A magistrate opens a summary on a confirmation, by keyboard alone; the PDF has the words and the mark."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from application.referent import summaries
from domain.journey.code import code_of
from tests.browser.tab import NARROW, WIDE
from tests.browser.visiting import Place, visitor
from tests.telling.story import FRAMED, WORDS, Story, begin_story


@pytest.fixture(scope="module")
def story(place: Place) -> Story:
    """A journey that three institutions write into."""
    return begin_story(place.town)


@pytest.mark.parametrize(
    ("width", "scheme", "login"),
    [
        (WIDE, "light", "parquet.un"),
        (NARROW, "light", "parquet.deux"),
        (NARROW, "dark", "siege.un"),
    ],
)
def test_a_magistrate_opens_what_was_addressed_to_them(
    place: Place, story: Story, tmp_path: Path, width: int, scheme: str, login: str
) -> None:
    """Given a released summary, when its magistrate opens it by keyboard, then no word comes before the
    confirmation, every chosen word after it, and the PDF has the words, the number and the reader's name."""
    institution = login.partition(".")[0]
    summary = story.released(recipient=institution)
    number = _number(story, summary)
    chosen = (WORDS["police"], WORDS["cidff"], WORDS["danger"])
    with visitor(place, width=width, scheme=scheme) as one:
        one.log_in(login)
        assert one.page.url == f"{place.address}/syntheses"
        assert one.page.title() == "Synthèses reçues · Relais"
        one.check()
        one.tab_to(f"a:has-text('{number}')")
        one.press_enter()
        assert "vaut accusé de réception" in one.words()
        assert FRAMED in one.words()
        one.check()
        assert not any(word in page for page in one.seen for word in WORDS.values())

        one.tab_to("button:has-text('Ouvrir et accuser réception')")
        one.press_enter()
        for word in chosen:
            assert word in one.words()
        assert WORDS["health"] not in one.words()
        assert f"Exemplaire n° 1, pour {login}, {institution}" in one.words().replace("\u00a0", " ")
        assert code_of(story.journey) in one.words()
        one.check()

        one.tab_to("text=Télécharger le PDF")
        with one.page.expect_download() as downloading:
            one.page.keyboard.press("Enter")
        assert downloading.value.suggested_filename == "synthese.pdf"
        kept = tmp_path / "kept.pdf"
        downloading.value.save_as(kept)
        assert one.complaints == []
    read = "".join(page.extract_text() for page in PdfReader(kept).pages)
    told = re.sub(r"[\s\u200b]+", "", read)
    for text in (*chosen, number, f"exemplaire n° 1 — remis à {login}, {institution}"):
        assert re.sub(r"\s+", "", text) in told
    assert re.sub(r"\s+", "", WORDS["health"]) not in told
    assert re.sub(r"\s+", "", WORDS["contact"]) not in told


def test_what_is_addressed_to_another_is_nowhere(place: Place, story: Story) -> None:
    """Given a summary for the prosecution, when the bench lists and asks for it, then there is nothing of it."""
    summary = story.released(recipient="parquet")
    with visitor(place) as one:
        one.log_in("siege.un")
        assert _number(story, summary) not in one.words()
        one.open(f"/syntheses/{summary}")
        assert "n’existe pas ou ne vous est pas ouvert" in one.words()


def test_a_summary_is_composed_and_approved_in_browsers(place: Place, story: Story) -> None:
    """Given a journey, when a referent composes, colleagues approve with the words before them, and the
    coordination approves the frame, then each page is accessible at 320 pixels, and the coordination has seen
    no word."""
    with visitor(place, width=NARROW) as cidff:
        cidff.log_in("cidff.un")
        cidff.open(f"/suivis/{story.journey}/synthese")
        cidff.check()
        page = cidff.page
        page.get_by_role("button", name="Demander les approbations").click()
        assert "À corriger avant de continuer" in cidff.words()
        cidff.check()
        page.check("input[name=destinataire][value=parquet]")
        page.fill("#requisition_numero", f"{FRAMED}-1")
        page.fill("#requisition_date", "2026-02-20")
        page.fill("#requisition_magistrat", f"{FRAMED} Rosier")
        page.check("input[name=requisition_volets][value=danger]")
        for about in ("police", "danger"):
            page.check(f"input[name=inscriptions][value='{story.versions[about]}']")
        page.get_by_role("button", name="Demander les approbations").click()
        page.wait_for_url(re.compile("composee"))
        cidff.check()
        path = page.url.removeprefix(place.address).partition("?")[0]
        cidff.open("/syntheses")
        cidff.check()
        assert cidff.complaints == []
    for login, about in (("police.un", "police"), ("cidff.deux", "danger")):
        with visitor(place, width=NARROW) as one:
            one.log_in(login)
            one.open(path)
            one.page.get_by_role("link", name="Lire et se prononcer").click()
            one.page.wait_for_url(re.compile("/parties/"))
            assert WORDS[about] in one.words()
            one.check()
            one.page.check("input[name=decision][value=approuver]")
            one.page.get_by_role("button", name="Enregistrer la décision").click()
            one.page.wait_for_url(re.compile("approuvee"))
            one.check()
    with visitor(place, width=NARROW) as coordination:
        coordination.log_in("coordination.un")
        coordination.open("/syntheses")
        coordination.check()
        coordination.open(path)
        coordination.check()
        coordination.page.check("input[name=decision][value=refuser]")
        coordination.page.get_by_role("button", name="Enregistrer la décision").click()
        coordination.page.wait_for_selector(".govuk-error-summary")
        assert "Choisissez une raison." in coordination.words()
        coordination.check()
        coordination.page.check("input[name=decision][value=approuver]")
        coordination.page.get_by_role("button", name="Enregistrer la décision").click()
        coordination.page.wait_for_url(re.compile("approuvee"))
        coordination.check()
        for word in WORDS.values():
            assert not any(word in page for page in coordination.seen)


def _number(story: Story, summary: object) -> str:
    session = story.town.who("cidff.un")
    rows = summaries.my_summaries(story.services, session)
    return next(row.card.number for row in rows if row.summary == summary)
