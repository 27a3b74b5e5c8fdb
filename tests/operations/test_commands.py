"""The commands of the containers: roles and tables on an existing server, and one French line for a refusal."""

import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infrastructure.postgres.embedded.cluster import Embedded
from infrastructure.postgres.embedded.configuration import APP, OWNER, ROLES, SUPERUSER
from relais.__main__ import main
from relais.commands.installing import bootstrap, migrate
from relais.environment import CannotRun
from tests.databases import FreshDatabase
from tests.telling.town import found_town


@pytest.fixture
def environment(cluster: Embedded, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a container of ours, for a database that does not exist yet."""
    name = f"relais_{uuid4().hex}"
    for role in ROLES:
        (tmp_path / role).write_text(uuid4().hex, "ascii")
    yield {
        "RELAIS_DATABASE_URL": make_conninfo(
            host=str(cluster.socket), port=5432, dbname=name, user="anybody"
        ),
        "RELAIS_DATABASE_PASSWORD_FILE": str(tmp_path),
    }
    with psycopg.connect(cluster.address(SUPERUSER, "postgres"), autocommit=True) as connection:
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(statement.format(sql.Identifier(name)))


def test_an_existing_server_gets_roles_database_and_tables_and_the_second_time_is_harmless(
    environment: dict[str, str],
) -> None:
    assert [bootstrap(environment), migrate(environment)] == [0, 0]
    assert [bootstrap(environment), migrate(environment)] == [0, 0]

    app = make_conninfo(environment["RELAIS_DATABASE_URL"], user=APP)
    with psycopg.connect(app) as connection:
        row = connection.execute("SELECT count(*) FROM relais.event").fetchone()
    assert row == (0,)


def test_each_role_has_the_password_of_its_file_as_a_verifier(
    environment: dict[str, str], cluster: Embedded
) -> None:
    bootstrap(environment)

    with psycopg.connect(cluster.address(SUPERUSER, "postgres")) as connection:
        rows = connection.execute("SELECT rolname, rolpassword FROM pg_authid").fetchall()
    kept: dict[str, str] = dict(rows)
    for role in ROLES:
        if role != SUPERUSER:
            assert kept[role].startswith("SCRAM-SHA-256$")
    assert kept[OWNER] != kept[APP]


@pytest.mark.parametrize(
    "environment",
    [{}, {"RELAIS_DATABASE_URL": "postgresql://127.0.0.1:1/relais"}],
    ids=["nothing", "nobody answers"],
)
def test_a_database_that_cannot_be_prepared_is_refused_in_one_line(
    environment: dict[str, str],
) -> None:
    with pytest.raises(CannotRun) as refused:
        bootstrap(environment)

    assert "\n" not in str(refused.value)


def test_an_address_without_a_database_is_refused(cluster: Embedded) -> None:
    with pytest.raises(CannotRun, match="ne nomme pas la base"):
        bootstrap({"RELAIS_DATABASE_URL": make_conninfo(host=str(cluster.socket), port=5432)})


def test_a_command_whose_database_does_not_answer_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELAIS_DATABASE_URL", "postgresql://127.0.0.1:1/relais")

    assert main(["migrate"]) == 1

    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "127.0.0.1" not in printed.err


def test_a_name_that_cannot_be_one_stops_the_pages_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: FreshDatabase,
    tmp_path: Path,
) -> None:
    found_town(database.app, tmp_path)
    monkeypatch.setenv("RELAIS_DATABASE_URL", database.address(APP))
    monkeypatch.setenv("RELAIS_HOUSE", str(tmp_path / "house"))
    monkeypatch.setenv("RELAIS_HOSTS", "https://relais.example")

    assert main(["serve", "--port", "0"]) == 1

    assert "RELAIS_HOSTS" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "le port est déjà pris"),
        ("192.0.2.1", "cette adresse n'est pas de cette machine"),
        ("nowhere.invalid", "ce nom n'est celui d'aucune machine"),
    ],
)
def test_where_the_pages_cannot_listen_they_say_why_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: FreshDatabase,
    tmp_path: Path,
    host: str,
    why: str,
) -> None:
    found_town(database.app, tmp_path)
    monkeypatch.setenv("RELAIS_DATABASE_URL", database.address(APP))
    monkeypatch.setenv("RELAIS_HOUSE", str(tmp_path / "house"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--host", host, "--port", str(port)]) == 1

    printed = capsys.readouterr().err
    assert printed.startswith(f"{host}, port {port} : {why}.")
    assert printed.count("\n") == 1


@pytest.mark.parametrize(
    ("file", "why"),
    [("nothing.toml", "rien n'est là sous ce nom"), (".", "c'est un dossier")],
)
def test_a_description_that_cannot_be_read_is_told_in_french(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, why: str
) -> None:
    assert main(["found", str(tmp_path / file)]) == 1

    assert capsys.readouterr().err == f"{tmp_path / file} ne se lit pas : {why}.\n"


def test_without_the_houses_folder_a_command_says_where_it_looked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("RELAIS_HOUSE", str(tmp_path / "house"))

    assert main(["verify"]) == 1

    printed = capsys.readouterr().err
    assert printed.startswith("Le dossier de la maison manque")
    assert str(tmp_path / "house") in printed
