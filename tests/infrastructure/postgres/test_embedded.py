"""The embedded PostgreSQL: started, killed, stopped, removed, wherever it stands."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from infrastructure.postgres.embedded import binaries as embedded_binaries
from infrastructure.postgres.embedded import cluster as embedded
from infrastructure.postgres.embedded.cluster import Embedded, EmbeddedUnavailable, existing, start
from infrastructure.postgres.embedded.configuration import OWNER, SUPERUSER
from infrastructure.postgres.embedded.errors import explained
from infrastructure.postgres.migrating import bootstrap
from tests.infrastructure.postgres.server import CLONE, NAME, ask, is_root, wait_until_it_answers


def test_a_second_start_finds_the_first(server: Embedded) -> None:
    process = server.process

    again = start(CLONE, name=NAME)

    assert again == server
    assert again.process == process


def test_starts_at_once_give_one_server() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: start(CLONE, name=NAME), range(4)))
    try:
        assert len({(one.home, one.process) for one in made}) == 1
        assert len(ask(made[0], b"SELECT 1")) == 1
    finally:
        made[0].remove()


def test_what_was_committed_survives_kill_9(server: Embedded) -> None:
    ask(server, b"CREATE TABLE kept (line text)")
    ask(server, b"INSERT INTO kept VALUES ('here')")
    process = server.process
    assert process is not None

    os.kill(process, signal.SIGKILL)
    again = start(CLONE, name=NAME)

    assert again.process != process
    assert ask(again, b"SELECT line FROM kept") == [("here",)]


def test_a_stale_process_number_that_another_program_has_by_now(server: Embedded) -> None:
    server.stop()
    ours = f"{os.getpid()}\n{server.data}\n"
    (server.data / "postmaster.pid").write_text(ours)

    again = start(CLONE, name=NAME)

    assert again.process not in {None, os.getpid()}
    assert ask(again, b"SELECT 1") == [(1,)]


def test_stop_is_clean_and_keeps_the_data(server: Embedded) -> None:
    ask(server, b"CREATE TABLE kept ()")

    server.stop()
    server.stop()

    assert not server.running
    assert not (server.data / "postmaster.pid").exists()
    with pytest.raises(psycopg.OperationalError):
        ask(server, b"SELECT 1")
    again = start(CLONE, name=NAME)
    assert ask(again, b"SELECT to_regclass('kept')::text") == [("kept",)]
    log = (server.home / "log" / "server.log").read_text()
    assert "not properly shut down" not in log


def test_removed_it_leaves_nothing() -> None:
    made = start(CLONE, name=NAME)

    made.remove()

    assert not made.home.exists()
    assert not made.running
    assert made.home not in [cluster.home for cluster in existing(CLONE)]


def test_no_statement_and_no_value_reaches_the_log(server: Embedded) -> None:
    ask(server, b"CREATE TABLE named (name text PRIMARY KEY)")
    ask(server, b"INSERT INTO named VALUES ('Clothilde')")
    for refused in (
        b"INSERT INTO named VALUES ('Clothilde')",
        b"SELECT 'Clothilde'::integer",
        b"SELECT Clothilde",
        b"DO $$ BEGIN RAISE EXCEPTION 'Clothilde'; END $$",
        b"SELECT pg_terminate_backend(pg_backend_pid()) -- Clothilde",
    ):
        with pytest.raises(psycopg.Error):
            ask(server, refused)
    with psycopg.connect(server.address(SUPERUSER, "postgres")) as connection:
        working = connection.info.backend_pid
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(connection.execute, b"SELECT pg_sleep(60) -- Clothilde")
            os.kill(working, signal.SIGKILL)
            assert isinstance(running.exception(), psycopg.OperationalError)
    wait_until_it_answers(server)

    log = (server.home / "log" / "server.log").read_text()

    assert "signal 9" in log
    assert "clothilde" not in log.lower()


def test_it_is_durable_and_encoded_as_utf_8(server: Embedded) -> None:
    durable = b"""
        SELECT current_setting('fsync'), current_setting('synchronous_commit'),
               current_setting('full_page_writes'), current_setting('data_checksums'),
               current_setting('server_encoding')
    """
    assert ask(server, durable) == [("on", "on", "on", "on", "UTF8")]


def test_a_long_and_odd_path_gets_a_short_socket(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = open_folder / ('l\'été, "$HOME" ' * 8)
    (clone / "var").mkdir(parents=True)
    monkeypatch.setattr(embedded, "_CACHE", clone / "cache")

    made = start(clone, name=NAME)
    try:
        assert len(str(made.socket)) < 80
        assert made.socket.stat().st_mode & 0o777 == 0o700
        assert ask(made, b"SELECT 1") == [(1,)]
        made.stop()
        again = start(clone, name=NAME)
        assert again == made
        assert ask(again, b"SELECT 1") == [(1,)]
    finally:
        made.remove()
    assert not made.socket.exists()


def test_the_programs_of_the_wheel(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root, from a folder that the server's account cannot reach, they are copied once."""
    programs = embedded_binaries._wheel_folders()[0].parent
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for part in (programs.parent, programs.parent.with_name(f"{programs.parent.name}.libs")):
        (closed / part.name).symlink_to(part)
    reached = closed / programs.parent.name / programs.name / "bin"
    monkeypatch.setattr(embedded, "_CACHE", open_folder / "cache")
    monkeypatch.setattr(embedded_binaries, "_wheel_folders", lambda: [reached])
    clone = open_folder / "clone"
    (clone / "var").mkdir(parents=True)

    made = start(clone, name=NAME, wheel=True)
    try:
        assert made.binaries.is_relative_to(open_folder / "cache") == is_root()
        bootstrap(made.address(SUPERUSER, "postgres"), "relais")
        with psycopg.connect(made.address(OWNER, "relais")) as connection:
            assert connection.info.server_version >= 18_00_00
    finally:
        made.remove()


def test_data_of_another_version_are_refused_in_one_line(server: Embedded) -> None:
    server.stop()
    version = server.data / "PG_VERSION"
    kept = version.read_text()
    version.write_text("9\n")

    with pytest.raises(EmbeddedUnavailable, match="PostgreSQL 9, introuvable") as refused:
        start(CLONE, name=NAME)

    assert "\n" not in str(refused.value)
    version.write_text(kept)


def test_a_broken_start_is_told_in_one_line(server: Embedded) -> None:
    server.stop()
    (server.data / "global" / "pg_control").unlink()

    with pytest.raises(EmbeddedUnavailable, match="Démarrage de PostgreSQL impossible") as refused:
        start(CLONE, name=NAME)

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("initdb: error: could not write: No space left on device\nmore", "plus de place"),
        ("FATAL:  could not create file: Permission denied", "droit d'accès"),
        ("HINT: x\nFATAL:  something else\nHINT: y", "FATAL:  something else"),
        ("", "sans explication"),
    ],
)
def test_the_cause_is_told(said: str, told: str) -> None:
    line = str(explained("Démarrage impossible", said))

    assert line.startswith("Démarrage impossible : ")
    assert told in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["", "../other", "a b", "-x", "A"])
def test_a_name_that_is_a_path_is_refused(name: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is the name itself
        start(CLONE, name=name)

    assert refused.value.args == (name,)
