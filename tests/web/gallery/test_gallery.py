"""Every page in every state: accessible, inside the policy, asking nobody else, never too wide."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from pypdf import PdfReader

from tests.browser.tab import NARROW, WIDE, Tab
from tests.chromium import chromium
from tests.web.gallery import invented, lived
from tests.web.gallery.pages import pages
from tests.web.gallery.serving import invented as invented_pages
from tests.web.gallery.serving import served
from tests.web.house import WebHouse

ROOT = Path(__file__).resolve().parents[3]
NAMES = sorted({*pages(), *lived.asked()})


@dataclass(frozen=True)
class Served:
    """The gallery being served, what its pages complained of, the browser, and the templates of a town's pages."""

    address: str
    violations: list[str]
    browser: Browser
    templates: set[str]


@pytest.fixture(scope="module")
def gallery(house: WebHouse) -> Iterator[Served]:
    """Serve the pages of a town and the invented ones under the real policy, with one browser."""
    html, templates = lived.render(house)
    shown = {**invented_pages(), **html}
    with served(shown) as (address, violations), chromium() as browser:
        yield Served(address, violations, browser, templates)


class Visit(Tab):
    """A tab on the gallery."""

    def __init__(self, gallery: Served, context: BrowserContext) -> None:
        super().__init__(f"{gallery.address}/", context)
        self.gallery = gallery


@pytest.fixture(scope="module", params=[WIDE, NARROW], ids=["wide", "narrow"])
def visit(gallery: Served, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Open a tab of one width."""
    context = gallery.browser.new_context(
        viewport={"width": request.param, "height": 900}, locale="fr-FR", reduced_motion="reduce"
    )
    yield Visit(gallery, context)
    context.close()


@pytest.mark.parametrize("name", NAMES)
def test_page_is_accessible_quiet_and_fits(visit: Visit, name: str) -> None:
    """Given a page in a state, when it is opened by day and by night, then all is well.

    By night only the colours differ, so only what depends on them is looked at again.
    """
    visit.complaints.clear()
    visit.gallery.violations.clear()

    visit.page.emulate_media(color_scheme="light")
    visit.open(name)
    visit.then_it_is_accessible()
    visit.page.emulate_media(color_scheme="dark")
    assert visit.accessibility("color-contrast", "link-in-text-block") == []

    assert visit.complaints == []
    assert visit.gallery.violations == []


def test_every_hour_of_the_picture_of_accesses_is_on_the_screen_and_large_enough(
    visit: Visit,
) -> None:
    """Given the register, when its picture is shown, then none of a week's hours is cut, and its words can be read."""
    visit.open("ledger-full")
    cells = visit.page.locator(".heat rect")
    beyond = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth).length"
    smallest = """all => Math.min(...all.map(
        one => one.getScreenCTM().a * parseFloat(getComputedStyle(one).fontSize)))"""

    assert cells.count() == 7 * 24
    assert cells.evaluate_all(beyond) == 0
    assert visit.page.locator(".heat text").evaluate_all(smallest) >= 12


@pytest.fixture
def tab(gallery: Served) -> Iterator[Visit]:
    """Open a tab for one story."""
    context = gallery.browser.new_context(viewport={"width": WIDE, "height": 900}, locale="fr-FR")
    yield Visit(gallery, context)
    context.close()


def test_audience_follows_the_chosen_action_and_compartment(tab: Visit) -> None:
    """Given the form, when a kind is chosen, then its readers are named; a deposit is told."""
    tab.open("journey-full")
    box = tab.page.locator("#destinataires")
    assert "Choisissez une action" in box.inner_text()

    tab.page.select_option("#genre", "interview")
    assert "11 personnes de 6 institutions liront cette action" in box.inner_text()
    assert "vous ne pourrez plus relire" not in box.inner_text()

    tab.page.select_option("#volet", "health")
    assert "2 personnes de 1 institution liront cette action" in box.inner_text()
    assert "vous ne pourrez plus relire" in box.inner_text()


def test_every_audience_is_listed_without_scripts(gallery: Served) -> None:
    """Given no scripts, when the form is shown, then each compartment's readers are all there."""
    context = gallery.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery.address}/journey-full")
    words = page.locator("#destinataires").inner_text()
    context.close()
    for name in ("Volet Accompagnement", "Volet Danger", "Volet Santé", "Volet Hébergement"):
        assert name in words


def test_errors_take_the_focus_and_typed_text_is_kept(tab: Visit) -> None:
    """Given a refused form, when it comes back, then the summary has the focus, the text stays."""
    tab.open("journey-errors")
    focused = tab.page.evaluate("document.activeElement.className")
    assert "govuk-error-summary" in focused
    # But for what would turn the order of its letters around.
    kept = invented.HOSTILE.replace("\u202e", "").replace("\u202c", "")
    assert tab.page.input_value("#texte") == kept
    tab.page.click("text=Raccourcissez le texte. >> nth=0")
    assert tab.page.evaluate("document.activeElement.id") == "texte"


def test_control_enter_sends_the_form(tab: Visit) -> None:
    """Given typed text, when Ctrl and Enter are pressed, then the form is posted."""
    tab.open("journey-full")
    tab.page.fill("#texte", "Reçue ce matin.")
    with tab.page.expect_request(lambda request: request.method == "POST") as posted:
        tab.page.press("#texte", "Control+Enter")
    assert posted.value.url.endswith("/inscriptions")


def test_session_warns_then_blanks_when_left_alone(tab: Visit) -> None:
    """Given a lock after 10 minutes, when nobody moves, then the page is blank."""
    tab.page.clock.install()
    tab.open("journey-full")
    tab.page.clock.fast_forward("09:00")
    assert tab.page.locator("#lock").is_hidden()
    tab.page.clock.fast_forward("01:30")
    assert tab.page.locator("#lock").is_visible()
    assert tab.page.locator("main").is_hidden()


def test_session_warning_comes_two_minutes_before_the_end(tab: Visit) -> None:
    """Given somebody at work, when two minutes are left, then the dialog offers to go on."""
    tab.page.clock.install()
    tab.open("journey-full")
    tab.page.clock.fast_forward("06:00")
    tab.page.keyboard.press("Shift")
    tab.page.clock.fast_forward("05:30")
    assert tab.page.locator("#session-warning").is_visible()


def test_hostile_text_stays_text(tab: Visit) -> None:
    """Given a name made of markup, when the page is shown, then no element comes of it."""
    tab.open("journey-hostile")
    assert tab.page.locator("[onload], [onerror], img").count() == 0
    assert invented.HOSTILE.split("\u202e")[0].strip() in tab.page.inner_text("main")


def test_every_template_is_in_the_gallery(gallery: Served) -> None:
    """Given the templates, when those of a town's pages and of the invented ones are counted, then none is missing."""
    frames = {"base.html", "layout.html", "narrow.html"}
    templates = {path.name for path in (ROOT / "web").glob("*/templates/*.html")} - frames
    assert gallery.templates | {page.template for page in pages().values()} == templates


def test_page_can_be_read_at_twice_the_text_size(gallery: Served) -> None:
    """Given text at 200 %, when pages are opened at 1280, then nothing needs sideways scrolling."""
    context = gallery.browser.new_context(viewport={"width": 640, "height": 450})
    visit = Visit(gallery, context)
    beyond = {}
    for name in NAMES:
        visit.open(name)
        beyond[name] = visit.width_beyond()
    context.close()
    assert {name: pixels for name, pixels in beyond.items() if pixels > 0} == {}


def test_paper_says_who_printed_on_every_sheet(gallery: Served) -> None:
    """Given a long page, when printed, then each sheet has the user, the time and the reminder."""
    context = gallery.browser.new_context()
    page = context.new_page()
    page.goto(f"{gallery.address}/journey-full")
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    context.close()
    assert len(sheets) > 1
    for sheet in sheets:
        words = " ".join(sheet.extract_text().split())
        assert "Inès Montbrun · CIDFF · 23 novembre 2026" in words
        assert "ne pas diffuser" in words
