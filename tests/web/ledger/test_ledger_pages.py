"""The audit's pages: who sees them, what a filter leaves, what is exported; and no word of a journey."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.door.refusing import Refused
from domain.access import LedgerAct
from domain.journey.code import code_of
from policies.acts import Act
from tests.telling.journeys import read_journey
from tests.telling.town import ambre
from tests.web.house import Browser, WebHouse
from tests.web.reading import words_of
from web.drawing.acts import ACTS
from web.drawing.spreadsheet import cell, spreadsheet
from web.ledger.presenter import COLUMNS, ROWS_SHOWN

EXECUTES = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula."""

ANY_TEXT = st.text(max_size=80) | st.text(
    alphabet=st.sampled_from("=+-@'\";,|\t\r\n \x00＝a1HYPERLINK()"), max_size=40
)


def lines_of(page: str) -> list[str]:
    """The lines of the ledger's table."""
    table = page.partition('<table class="table panel accesses">')[2].partition("</table>")[0]
    return [words_of(row) for row in table.split("<tr>")[2:]]


def export(browser: Browser, **fields: str) -> list[list[str]]:
    """The rows of an export, its head first."""
    sent = browser.post("/registre.csv", fields)
    assert sent.status_code == 200
    return read(sent.content, ";")


def read(content: bytes, delimiter: str) -> list[list[str]]:
    """The rows of a CSV as a spreadsheet reads it."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.fixture
def visited(house: WebHouse) -> WebHouse:
    """Police and CIDFF consulted the journey."""
    for login in ("police.un", "cidff.un"):
        session = house.town.log_in(login)
        read_journey(house.town, session, house.journeys["ambre"])
    return house


def test_the_coordination_sees_both_visits_and_no_word(visited: WebHouse) -> None:
    """Given two visits to a journey, when the coordination opens the ledger, then both are there with purpose
    and article, and nothing of what was written into the journey."""
    code = code_of(visited.journeys["ambre"])
    page = visited.browser("coordination.un").post("/registre", {"suivi": code, "acte": "consult"})
    assert page.status_code == 200
    lines = lines_of(page.text)
    for who in ("police.un", "cidff.un"):
        assert any(
            who in line and "Accompagnement en cours" in line and "2.1" in line for line in lines
        )
    assert all(code in line for line in lines)
    whole = words_of(visited.browser("coordination.un").get("/registre").text)
    person = ambre()
    for word in (
        person.known_as,
        person.surname,
        person.first_name,
        "SMS le matin",
        "Menaces répétées",
        "Reçue ce matin",
        "Rappeler par SMS",
    ):
        assert word not in whole


def test_the_page_begins_with_whether_the_ledger_is_whole(house: WebHouse) -> None:
    """Given a ledger that was not verified since the start, when it is shown, then the page says so, and how
    far the last seal reaches."""
    words = words_of(house.browser("coordination.un").get("/registre").text)
    assert "Le registre n’a pas encore été vérifié depuis le démarrage" in words
    assert "ne lit aucun suivi" in words


def test_the_second_auditor_has_the_same_page(visited: WebHouse) -> None:
    """Given an audit by the coordination, when the second auditor filters by its name, then that audit is
    there."""
    visited.browser("coordination.un").get("/registre")
    page = visited.browser("auditeur.un").post("/registre", {"personne": "coordination un"})
    assert any("a consulté le registre" in line for line in lines_of(page.text))


@pytest.mark.parametrize("login", ["cidff.un", "parquet.un"])
def test_nobody_else_has_the_page_or_the_export(house: WebHouse, login: str) -> None:
    """Given a referent or a magistrate, when they ask for the ledger, then 10.2 is named and nothing is shown."""
    browser = house.browser(login)
    for answer in (
        browser.get("/registre"),
        browser.post("/registre", {"du": "2026-01-01"}),
        browser.post("/registre.csv", {}),
        browser.post("/registre", {"du": "hier"}),
    ):
        assert answer.status_code == 403
        assert "Article 10.2" in words_of(answer.text)
        assert "<table" not in answer.text


def test_repeated_consults_are_one_line(visited: WebHouse) -> None:
    """Given three visits by one person, when the day is shown, then one line says three times."""
    town = visited.town
    session = town.log_in("hopital.un")
    for _ in range(3):
        town.clock.forward(minutes=16)
        read_journey(town, session, visited.journeys["ambre"], "handover")
    fields = {"personne": "hopital.un", "acte": "consult"}
    lines = lines_of(visited.browser("coordination.un").post("/registre", fields).text)
    assert sum("(3 fois)" in line for line in lines) == 1


def test_refusals_are_marked_and_filtered(house: WebHouse) -> None:
    """Given a refusal, when refusals alone are shown, then every line is one, with its article."""
    with pytest.raises(Refused):
        read_journey(house.town, house.town.log_in("spip.un"), house.journeys["ambre"], None)
    lines = lines_of(house.browser("coordination.un").post("/registre", {"refus": "oui"}).text)
    assert lines
    assert all("refus" in line for line in lines)
    assert any("spip.un" in line and "2.1" in line for line in lines)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"du": "pas un jour"}, "Donnez un jour"),
        ({"du": "2026-03-05", "au": "2026-03-01"}, "La fin de la période précède son début."),
        ({"institution": "inconnue"}, "Choisissez une institution dans la liste."),
        ({"acte": "inconnu"}, "Choisissez un acte dans la liste."),
        ({"page": "zéro"}, "Choisissez une réponse"),
    ],
)
@pytest.mark.parametrize("path", ["/registre", "/registre.csv"])
def test_a_filter_that_makes_no_sense_comes_back(
    house: WebHouse, path: str, fields: dict[str, str], beside: str
) -> None:
    """Given a filter that cannot be, when it is sent, then it comes back with what was typed and what is wrong."""
    answer = house.browser("coordination.un").post(path, {"personne": "Inès", **fields})
    assert answer.status_code == 422
    assert beside in words_of(answer.text)
    assert 'value="Inès"' in answer.text


def test_a_filter_that_leaves_nothing_says_so(house: WebHouse) -> None:
    """Given a name that nobody has, when it is sent, then one sentence and one way back are shown."""
    answer = house.browser("coordination.un").post("/registre", {"personne": "personne de tel"})
    assert "Aucun accès ne répond à ces filtres." in words_of(answer.text)
    assert 'href="/registre"' in answer.text


def test_long_ledgers_have_pages(house: WebHouse) -> None:
    """Given more lines than a page shows, when the next page is asked for, then it goes on, and a page too far
    is the last."""
    for number in range(ROWS_SHOWN + 5):
        house.town.log_in(("cidff.un", "police.un")[number % 2])
    browser = house.browser("coordination.un")
    first = lines_of(browser.post("/registre", {"acte": "log_in"}).text)
    second = browser.post("/registre", {"acte": "log_in", "page": "2"})
    last = browser.post("/registre", {"acte": "log_in", "page": "900"})
    assert len(first) == ROWS_SHOWN
    assert "Page 2 sur" in words_of(second.text)
    assert lines_of(last.text)
    assert 'name="acte" value="log_in"' in second.text


def test_the_export_has_every_access_and_a_neutral_name(visited: WebHouse) -> None:
    """Given a filter, when it is exported, then a table with a mark, semicolons and a constant name comes, and
    the export is recorded."""
    browser = visited.browser("coordination.un")
    code = code_of(visited.journeys["ambre"])
    sent = browser.post("/registre.csv", {"suivi": code, "acte": "consult"})
    assert sent.content.startswith(b"\xef\xbb\xbf")
    assert sent.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert sent.headers["Content-Disposition"] == 'attachment; filename="registre.csv"'
    assert sent.headers["Cache-Control"] == "no-store"
    head, *rows = read(sent.content, ";")
    assert tuple(head) == COLUMNS
    assert {row[6] for row in rows} == {code}
    assert {row[12] for row in rows} <= {"permis", "refusé"}
    assert any(row[3] == "police.un" and "art. 2.1" in row[11] for row in rows)
    page = visited.browser("auditeur.un").post("/registre", {"acte": "export_audit"})
    assert any("a exporté le registre" in line for line in lines_of(page.text))


def test_the_export_has_no_word_of_the_journey(visited: WebHouse) -> None:
    """Given a journey full of words, when everything is exported, then none of them is in the table."""
    told = repr(export(visited.browser("coordination.un")))
    for word in (ambre().surname, ambre().known_as, "Menaces répétées", "Reçue ce matin", "SMS"):
        assert word not in told


def test_every_act_has_words(house: WebHouse) -> None:
    """Given every act of the charter and every act in a whole town's ledger, when shown, then each has words."""
    nobody_does, told_as_one = {"hold", "open_past"}, {"suspend", "reinstate", "record_departure"}
    assert {act.value for act in Act} - set(ACTS) <= nobody_does | told_as_one
    assert LedgerAct.SET_STANDING in ACTS
    known = set(ACTS.values())
    assert {row[5] for row in export(house.browser("coordination.un"))[1:]} <= known


@given(rows=st.lists(st.lists(ANY_TEXT, min_size=2, max_size=4), min_size=1, max_size=5))
def test_a_table_is_read_back_as_it_was(rows: list[list[str]]) -> None:
    """Given any values, when the table is read back, then each is the value, but for the apostrophes that stand
    before what would be a formula (attack case 34)."""
    found = read(spreadsheet(rows), ";")
    assert found == [[cell(value) for value in row] for row in rows]
    for row, kept in zip(rows, found, strict=True):
        for value, shown in zip(row, kept, strict=True):
            assert shown.replace("'", "") == value.replace("\x00", "\ufffd").replace("'", "")


@given(rows=st.lists(st.lists(ANY_TEXT, min_size=1, max_size=4), min_size=1, max_size=5))
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_no_cell_is_a_formula_however_the_lines_are_split(
    delimiter: str, rows: list[list[str]]
) -> None:
    """Given any values, when the table is opened with any separator, then no cell begins as a formula does
    (attack 34)."""
    for row in read(spreadsheet(rows), delimiter):
        for value in row:
            assert not value.startswith(EXECUTES[:8])
            assert not value.lstrip(" \"'\t\r\n").startswith(EXECUTES[:8]) or "'" in value
    for row in read(spreadsheet(rows), ";"):
        assert not any(value.startswith(EXECUTES) for value in row)


@pytest.mark.parametrize(
    "value",
    ['=HYPERLINK("http://x","y")', "+33 6", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "a;=1"],
)
def test_what_would_be_a_formula_has_its_apostrophe(value: str) -> None:
    """Given a formula, when it stands in a cell, then an apostrophe comes before it."""
    assert "'" in cell(value)
    assert not cell(value).startswith(EXECUTES)


@pytest.mark.parametrize("value", ["", "Inès Montbrun", "7F3K-2Q", "art. 2.1", "a-b", "l'été"])
def test_a_plain_value_stays_as_it_is(value: str) -> None:
    """Given a value that is no formula, when it stands in a cell, then it is unchanged."""
    assert cell(value) == value
