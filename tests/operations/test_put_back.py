"""A database put back from a backup, and a house put back from its copy: nothing erased opens again."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from infrastructure.house.folder import HouseFolder
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.embedded.configuration import APP, SUPERUSER
from infrastructure.postgres.migrating import bootstrap
from relais.__main__ import main
from relais.composition import install
from relais.environment import CannotRun, opened_network
from relais.serving.readiness import make_ready
from tests.databases import FreshDatabase
from tests.operations.kept import Kept, is_read, open_journey, use
from tests.telling.town import CHEAP, POLICIES, Town


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
        house = HouseSecrets.load(kept.path / "house")
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
