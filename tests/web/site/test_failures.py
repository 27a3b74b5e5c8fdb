"""What breaks under the pages: a database gone, bytes altered, an error."""

from html import unescape

import pytest

from tests.databases import FreshDatabase
from tests.telling.journeys import journey_under_way
from tests.telling.town import Town
from tests.web.house import WebHouse, open_house
from tests.web.samples import filled
from web.journey.fields import ActionFields

WORDS = "Des mots à ne pas perdre."


@pytest.fixture
def doomed(
    assets: None,  # noqa: ARG001 - built before they are served
    town: Town,
    database: FreshDatabase,
) -> WebHouse:
    """A house of one test, which may break it."""
    doomed = open_house(town, database)
    doomed.journeys["ambre"] = journey_under_way(town)
    return doomed


def test_without_a_database_reading_is_suspended(doomed: WebHouse) -> None:
    """Given pages that were served, when the database is gone, then 503 in words, and nothing is shown."""
    browser = doomed.browser("cidff.un")
    path = f"/suivis/{doomed.journeys['ambre']}"
    assert browser.get(path).status_code == 200
    with doomed.database.superuser.connection() as connection:
        connection.execute("ALTER TABLE relais.session RENAME TO hidden")
    assert browser.get(path).status_code == 500
    with doomed.database.superuser.connection() as connection:
        connection.execute("ALTER TABLE relais.hidden RENAME TO session")
        connection.execute("ALTER ROLE relais_app NOLOGIN")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'relais_app'"
            " AND datname = current_database()"
        )
    try:
        answer = browser.get(path)
        sent = browser.post(f"{path}/inscriptions", filled(ActionFields, WORDS))
    finally:
        with doomed.database.superuser.connection() as connection:
            connection.execute("ALTER ROLE relais_app LOGIN")
    assert answer.status_code == 503
    assert "Lecture suspendue" in answer.text
    assert "Ambre" not in answer.text
    assert sent.status_code == 503
    assert WORDS in unescape(sent.text)
    assert browser.get(path).status_code == 200


def test_what_was_altered_is_never_shown(doomed: WebHouse) -> None:
    """Given one byte of a journey altered by a superuser, when it is read, then 503, the banner, and a reference."""
    browser = doomed.browser("cidff.un")
    journey = doomed.journeys["ambre"]
    with doomed.database.superuser.connection() as connection:
        connection.execute("ALTER TABLE relais.event DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE relais.event SET state = set_byte(state, octet_length(state) - 1,"
            " get_byte(state, octet_length(state) - 1) # 1) WHERE originator = %s AND version = 4",
            (journey,),
        )
    answer = browser.get(f"/suivis/{journey}")
    assert answer.status_code == 503
    assert "Le registre ne se vérifie pas" in unescape(answer.text)
    assert "Ambre" not in answer.text
    assert '"error": "Tampered"' in doomed.log.getvalue()


def test_an_error_says_a_reference_and_nothing_else(
    doomed: WebHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a fault whose words hold content, when a page meets it, then page and log have a reference alone."""

    def fault(*_: object) -> None:
        raise RuntimeError("Vallonne, 3 rue des Aubépines")

    browser = doomed.browser("cidff.un")
    monkeypatch.setattr(type(doomed.town.services.cards), "cards", fault)
    answer = browser.get("/suivis")
    assert answer.status_code == 500
    assert "Vallonne" not in answer.text + doomed.log.getvalue()
    line = next(one for one in doomed.log.getvalue().splitlines() if "RuntimeError" in one)
    reference = line.split('"reference": "')[1].split('"')[0]
    assert reference in answer.text
