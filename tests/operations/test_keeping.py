"""The commands that destroy, as the keeper of the machine runs them; and a database put back from a backup."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.door.refusing import Refused
from application.referent import reading
from application.referent.opening import NewJourney
from application.referent.opening import open_journey as open_with
from domain.journey.code import code_of
from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import House
from infrastructure.ledger.verification.verify import verify
from infrastructure.postgres.embedded.configuration import APP, SUPERUSER
from infrastructure.postgres.migrating import bootstrap
from relais.__main__ import main
from relais.composition import install
from relais.environment import CannotRun, opened_network
from relais.serving.readiness import make_ready
from tests.conftest import FreshDatabase
from tests.town import CHEAP, POLICIES, Town, ambre, chalon, informed


@dataclass
class Kept:
    """A town with two journeys, its house with a copy, and the environment that leads a command to them."""

    town: Town
    database: FreshDatabase
    path: Path
    journeys: list[UUID]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RELAIS_DATABASE_URL": self.database.address(APP),
            "RELAIS_HOUSE": str(self.path / "house"),
            "RELAIS_HOUSE_COPY": str(self.path / "copy"),
        }

    def is_sound(self) -> bool:
        network, key = self.town.services.network, self.town.house.public_key
        return verify(self.database.app, network, "relais.example", key).sound


@pytest.fixture
def kept(database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    town = chalon(database.app, tmp_path)
    (tmp_path / "copy").mkdir()
    made = Kept(town, database, tmp_path, [open_journey(town) for _ in range(2)])
    use(made, monkeypatch)
    return made


def use(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in kept.environment.items():
        monkeypatch.setenv(name, value)


def open_journey(town: Town) -> UUID:
    day = town.clock().date()
    new = NewJourney(informed(day), ambre(), "le matin", "high", "menaces")
    return open_with(town.services, town.who("cidff.un"), new)


def is_read(town: Town, journey: UUID) -> bool:
    try:
        reading.read_journey(town.services, town.who("cidff.un"), journey, "ongoing_work")
    except Refused as refused:
        return not refused.is_constant
    return True


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


@pytest.fixture
def programs(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The server's own ``pg_dump`` and ``pg_restore`` come first."""
    programs = kept.database.cluster.binaries
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return programs


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


# -- a database put back -------------------------------------------------------------------------------


@pytest.fixture
def put_back(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """The database as a backup from before an erasure and a rotation has it, beside the house of today."""
    dump = kept.path / "relais.dump"
    run(kept.database, "pg_dump", "--format=custom", "--no-unlogged-table-data", f"--file={dump}")
    assert main(["erase", str(kept.journeys[0])]) == 0
    assert main(["rotate"]) == 0
    older = FreshDatabase(kept.database.cluster, f"relais_{uuid4().hex}")
    bootstrap(kept.database.cluster.address(SUPERUSER, "postgres"), older.name)
    try:
        run(older, "pg_restore", "--exit-on-error", "--single-transaction", str(dump))
        house = House.load(kept.path / "house")
        town = kept.town
        installation = install(older.app, town.services.network, house, POLICIES, town.clock, CHEAP)
        again = Town(installation, older.app, house, town.clock)
        again.referents, again.bundles = town.referents, town.bundles
        made = Kept(again, older, kept.path, kept.journeys)
        use(made, monkeypatch)
        yield made
    finally:
        older.drop()


def run(database: FreshDatabase, program: str, *arguments: str) -> None:
    address = f"--dbname={database.address(SUPERUSER)}"
    subprocess.run([database.cluster.binaries / program, *arguments, address], check=True)


def test_it_is_erased_again_before_it_serves(put_back: Kept) -> None:
    # Given a backup that still opens the erased journey, and does not know today's house key.
    assert [is_read(put_back.town, journey) for journey in put_back.journeys] == [True, True]
    with opened_network(put_back.environment) as opened:
        make_ready(put_back.environment, opened)
    # Then it is as it was after the erasure: unknown, under an entry of its own, and everything else works.
    assert [is_read(put_back.town, journey) for journey in put_back.journeys] == [False, True]
    assert put_back.is_sound()
    assert is_read(put_back.town, open_journey(put_back.town))


@pytest.mark.usefixtures("programs")
def test_erased_now_a_dump_from_after_it_was_put_back_opens_no_more(put_back: Kept) -> None:
    # Given a journey opened since, and a dump that has it: under the house key that was the newest then.
    assert main(["erase", "--again"]) == 0
    journey = open_journey(put_back.town)
    with put_back.database.app.connection() as connection:
        row = connection.execute(
            "SELECT house_key FROM relais.shred_secret WHERE originator = %b", (journey,)
        ).fetchone()
    assert row is not None
    # When it is erased at once, then that key is no more.
    assert main(["erase", str(journey), "--now", str(put_back.path / "fresh.dump")]) == 0
    assert row[0] not in set(HouseFolder(put_back.path / "house").keys())


def test_by_hand_it_is_erased_again_once(
    put_back: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    for again in (1, 0):
        assert main(["erase", "--again"]) == 0
        assert capsys.readouterr().out.endswith(f"Suivis effacés de nouveau : {again}.\n")
    assert not is_read(put_back.town, put_back.journeys[0])


@pytest.mark.usefixtures("put_back")
def test_pages_that_cannot_erase_it_again_do_not_serve(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given the environment of a web container: the password of relais_app alone.
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / APP).write_text("any", "ascii")
    monkeypatch.setenv("RELAIS_DATABASE_PASSWORD_FILE", str(tmp_path / "secrets"))
    for command in (["serve", "--port", "0"], ["worker"]):
        assert main(command) == 1
        printed = capsys.readouterr().err
        assert printed.count("\n") == 1
        assert "relais erase --again" in printed


def test_a_house_from_before_a_rotation_serves_nothing(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rotate"]) == 0
    (kept.path / "house" / "keys" / "0002").unlink()
    assert main(["serve", "--port", "0"]) == 1
    assert "plus ancien que la base" in capsys.readouterr().err


def test_a_list_put_back_from_before_an_erasure_learns_from_the_copy(kept: Kept) -> None:
    network = kept.town.services.network
    assert main(["erase", str(kept.journeys[0])]) == 0
    (kept.path / "house" / "erased").write_bytes(b"")
    assert main(["erase", str(kept.journeys[1])]) == 0
    for place in ("house", "copy"):
        named = set(HouseFolder(kept.path / place).erased())
        assert named == {(network, journey) for journey in kept.journeys}


def test_a_list_that_lost_what_the_database_knows_is_completed(kept: Kept) -> None:
    assert main(["erase", str(kept.journeys[0])]) == 0
    for place in ("house", "copy"):
        (kept.path / place / "erased").write_bytes(b"")
    assert main(["erase", "--again"]) == 0
    erased = [(kept.town.services.network, kept.journeys[0])]
    assert HouseFolder(kept.path / "house").erased() == erased


def test_a_house_without_its_list_runs_nothing(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    (kept.path / "house" / "erased").unlink()
    with pytest.raises(Exception, match="house"), opened_network(kept.environment):
        pass
    assert main(["serve", "--port", "0"]) == 1
    assert capsys.readouterr().err.startswith("Le dossier de la maison manque")


def test_a_house_in_order_is_ready_with_the_pages_role_alone(kept: Kept, tmp_path: Path) -> None:
    assert main(["erase", str(kept.journeys[0])]) == 0
    environment = kept.environment | {"RELAIS_DATABASE_PASSWORD_FILE": str(tmp_path / "none")}
    with opened_network(kept.environment) as opened:
        make_ready(environment, opened)
        HouseFolder(kept.path / "house").note_erased(opened.network, kept.journeys[1])
        with pytest.raises(CannotRun):
            make_ready(environment, opened)
