"""Attack 21: what is found by whoever takes the place at the browser after a referent has logged out.

A browser with a profile on the disk and the back-forward cache that people have: Playwright gives neither by itself.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser.referents.desk import Desk
from tests.browser.referents.test_every_page import paths
from tests.chromium import launch_options
from tests.security.searching import forms_of, search
from tests.web.house import WebHouse

TYPED = {
    "connue_comme": "Mme Topazine",
    "nom": "Onyxelle",
    "prenom": "Jaspine",
    "contact": "Calcédoine vers dix-neuf heures",
    "texte": "Malachite pendant deux heures",
    "refused": "Aventurine sans genre choisi",
    "left": "Lazulite jamais envoyée",
    "recherche": "Chrysoprase",
}
"""Every word that is typed in this story."""
WORDS = (*TYPED.values(), "Mme Ambre V.", "Vallonne", "Reçue ce matin à la permanence")
"""With those of the journey that was there before."""

TITLES = frozenset(
    {
        "Connexion",
        "Déconnexion",
        "Reste à faire",
        "Suivis",
        "Nouveau suivi",
        "Suivi",
        "Consultations",
        "Charte",
        "Signature de la charte",
        "Synthèses",
        "Erreur : Suivi",
        "Accords",
        "À quel titre",
        "Clôture",
        "Correction",
        "Départ",
        "Destinataires",
        "Invitation",
        "Nouvelle synthèse",
        "Personne accompagnée",
        "Refus",
        "Restriction",
        "Retrait",
        "Réouverture",
        "Suivi introuvable",
    }
)
"""A title says a kind of page and nothing else."""

KEPT_BY_THE_PAGE = """async () => [localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await caches.keys()).length, document.cookie]"""
TYPED_IN_FIELDS = """() => [...document.querySelectorAll('input, textarea')]
    .filter(one => one.type !== 'hidden').map(one => one.value).join('')"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Where the browser keeps what it keeps."""
    return tmp_path / "profile"


@pytest.fixture
def shared(profile: Path) -> Iterator[BrowserContext]:
    """The browser of a shared desk; closing it is the test's own act."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch_persistent_context(
            profile,
            ignore_default_args=["--disable-back-forward-cache"],
            viewport={"width": 1280, "height": 900},
            locale="fr-FR",
            **launch_options(),
        )


def test_who_comes_after_finds_nothing(
    house: WebHouse, address: str, shared: BrowserContext, profile: Path
) -> None:
    """Given a day's work and a log-out, when somebody goes back through all of it, asks each page anew, looks into the
    storages, the fields and then, the browser closed, into its files, then no word is there."""
    shown: list[bool] = []
    shared.expose_binding("shown", lambda _source, persisted: shown.append(persisted))
    shared.add_init_script("addEventListener('pageshow', one => shown(one.persisted))")
    desk = Desk(house, address, shared)
    _given_a_days_work(desk, shown)
    assert any(shown), "this browser keeps no left page: the story would show nothing"
    desk.when_i_log_out()
    desk.page.wait_for_url("**/deconnexion")

    left = desk.page.evaluate("history.length")
    titles = {desk.page.title()}
    for _ in range(left - 2):
        _when_i_go_back(desk, shown)
        _then_no_word_is_there(desk)
        titles.add(desk.page.title())
    desk.page.reload()
    _then_no_word_is_there(desk)
    assert desk.page.evaluate(KEPT_BY_THE_PAGE) == [0, 0, 0, 0, ""]

    shared.close()
    wanted = {form for words in WORDS for form in (*forms_of(words), quote_plus(words).encode())}
    # What Chromium writes down to open its tabs again may hold a form that was just refused: the threat model says so.
    places = [
        path for path in (profile / "Default").iterdir() if not path.name.startswith("Sessions")
    ]
    assert search(places, wanted) == []
    visited = _rows(profile / "Default" / "History", "SELECT title, url FROM urls")
    assert len(visited) > 15
    titles |= {title for title, _url in visited if title}
    assert {title.removesuffix(" · Relais") for title in titles} <= TITLES
    assert _rows(profile / "Default" / "Web Data", "SELECT name, value FROM autofill") == []
    assert _rows(profile / "Default" / "History", "SELECT term FROM keyword_search_terms") == []


def _given_a_days_work(desk: Desk, shown: list[bool]) -> None:
    """Every page looked at, words typed into every kind of field: sent, refused and left unsent."""
    page = desk.page
    desk.given_i_am_logged_in_as("cidff.un")
    for path in paths(desk.house):
        desk.when_i_open(path)
    desk.when_i_open("/suivis")
    desk.when_i_open("/charte")
    _when_i_go_back(desk, shown)
    page.fill("#recherche", TYPED["recherche"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    desk.when_i_open("/suivis/nouveau")
    for name in ("connue_comme", "nom", "prenom", "contact"):
        page.fill(f"#{name}", TYPED[name])
    page.check("input[name=information][value=donnee]")
    page.select_option("#information_maniere", "spoken")
    page.locator("#contenu").get_by_role("button", name="Ouvrir le suivi").click()
    desk.then_i_see("Le suivi est ouvert", TYPED["connue_comme"], TYPED["contact"])
    page.select_option("#genre", "interview")
    page.fill("#texte", TYPED["texte"])
    page.get_by_role("button", name="Inscrire", exact=True).click()
    desk.then_i_see("L’action est inscrite", TYPED["texte"])
    page.fill("#texte", TYPED["refused"])
    page.get_by_role("button", name="Inscrire", exact=True).click()
    desk.then_i_see("À corriger avant de continuer")
    page.wait_for_load_state()
    desk.when_i_open_the_journey()
    desk.then_i_see("Mme Ambre V.")
    page.fill("#texte", TYPED["left"])


def _when_i_go_back(desk: Desk, shown: list[bool]) -> None:
    """Back, until the browser has shown a page that is no kept one: a kept page asks itself anew."""
    before = len(shown)
    desk.page.go_back(wait_until="commit")
    for _ in range(200):
        if len(shown) > before and not shown[-1]:
            return
        desk.page.wait_for_timeout(50)
    raise AssertionError(f"nothing but kept pages is shown at {desk.page.url}")


def _then_no_word_is_there(desk: Desk) -> None:
    desk.then_i_do_not_see(*WORDS)
    typed = desk.page.evaluate(TYPED_IN_FIELDS)
    assert [words for words in WORDS if words in typed] == []


def _rows(database: Path, statement: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()
