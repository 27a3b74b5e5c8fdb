"""The commands that destroy, as the keeper of the machine runs them."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from domain.journey.code import code_of
from infrastructure.house.folder import HouseFolder
from infrastructure.postgres.embedded.configuration import APP
from relais.__main__ import main
from tests.databases import FreshDatabase
from tests.operations.kept import Kept, is_read

# -- the commands --------------------------------------------------------------------------------------


@pytest.mark.parametrize("named_by", ["code", "code typed in another way", "id"])
def test_a_journey_is_erased_by_its_code_or_its_id(
    kept: Kept, capsys: pytest.CaptureFixture[str], named_by: str
) -> None:
    journey = kept.journeys[0]
    code = code_of(journey)
    name = {"code": code, "id": str(journey)}.get(named_by, code.lower().replace("-", " "))
    assert main(["erase", name]) == 0
    assert capsys.readouterr().out == f"Le suivi {code} est effacé.\n"
    assert main(["erase", name]) == 0
    assert capsys.readouterr().out == f"Le suivi {code} était déjà effacé.\n"
    assert [is_read(kept.town, journey) for journey in kept.journeys] == [False, True]
    assert kept.is_sound()
    erased = [(kept.town.services.network, journey)]
    assert HouseFolder(kept.path / "house").erased() == erased
    assert HouseFolder(kept.path / "copy").erased() == erased


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("name", ["0000-00", str(uuid4()), "rien"])
def test_an_unknown_journey_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["erase", name]) == 1
    assert capsys.readouterr().err == f"Aucun suivi « {name} » ici.\n"


def test_the_house_key_is_turned_by_a_command(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rotate"]) == 0
    assert capsys.readouterr().out == "Clé de la maison n° 2 : 2 secrets remis sous elle.\n"
    assert set(HouseFolder(kept.path / "copy").keys()) == {1, 2}
    assert all(is_read(kept.town, journey) for journey in kept.journeys)


@pytest.mark.parametrize("command", [["rotate"], ["erase", "--again"]], ids=["rotate", "erase"])
def test_without_its_copy_a_command_says_so_in_one_line(
    kept: Kept, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    (kept.path / "copy").rmdir()
    assert main(command) == 1
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert "RELAIS_HOUSE_COPY" in printed
    assert set(HouseFolder(kept.path / "house").keys()) == {1}


def test_before_the_founding_nothing_is_to_be_erased_again(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAIS_DATABASE_URL", database.address(APP))
    assert main(["erase", "--again"]) == 0
    assert "rien" in capsys.readouterr().out


# -- at once -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("programs")
def test_erased_now_only_the_fresh_backup_opens(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    before = databases(kept)
    backup = kept.path / "fresh.dump"
    assert main(["erase", code_of(kept.journeys[0]), "--now", str(backup)]) == 0
    assert capsys.readouterr().out.endswith("Clés détruites : 1.\n")
    for place in ("house", "copy"):
        assert set(HouseFolder(kept.path / place).keys()) == {2}
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [is_read(kept.town, journey) for journey in kept.journeys] == [False, True]
    assert kept.is_sound()
    assert databases(kept) == before


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("place", ["fresh.dump", "elsewhere/fresh.dump"])
def test_where_no_backup_can_be_written_nothing_is_erased(
    kept: Kept, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    (kept.path / "fresh.dump").write_bytes(b"older")
    assert main(["erase", str(kept.journeys[0]), "--now", str(kept.path / place)]) == 1
    printed = capsys.readouterr().err
    assert (printed.count("\n"), "Rien n'est effacé" in printed) == (1, True)
    assert is_read(kept.town, kept.journeys[0])


def databases(kept: Kept) -> set[str]:
    """Every database of the server: a test of a backup leaves none."""
    with kept.database.superuser.connection() as connection:
        rows = connection.execute("SELECT datname::text FROM pg_database").fetchall()
    return {name for (name,) in rows}


def failing_backup(kept: Kept, monkeypatch: pytest.MonkeyPatch, failure: str) -> Path:
    """The place of a backup that will fail."""
    backup = kept.path / "fresh.dump"
    if failure == "a file is there":
        backup.write_bytes(b"older")
    elif failure == "no programs":
        monkeypatch.setenv("PATH", "")
    elif failure == "no restoring":
        folder = kept.path / "programs"
        folder.mkdir()
        for program, status in (("pg_dump", 0), ("pg_restore", 1)):
            (folder / program).write_text(f"#!/bin/sh\nexit {status}\n", "ascii")
            (folder / program).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    else:
        with kept.database.superuser.connection() as connection:
            connection.execute("DELETE FROM relais.card WHERE originator = %b", (kept.journeys[1],))
    return backup


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    "failure", ["a file is there", "no programs", "no restoring", "a row is missing"]
)
def test_without_a_backup_that_verifies_no_key_is_destroyed(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: str
) -> None:
    before = databases(kept)
    backup = failing_backup(kept, monkeypatch, failure)
    assert main(["erase", str(kept.journeys[0]), "--now", str(backup)]) == 1
    assert capsys.readouterr().err.endswith("Les anciennes clés de la maison restent.\n")
    assert 1 in HouseFolder(kept.path / "house").keys()  # noqa: SIM118 - no mapping
    assert databases(kept) == before
