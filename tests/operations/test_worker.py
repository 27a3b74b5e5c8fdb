"""The background work: it orders the ledger, verifies it, shows that it lives, and says why it ended."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest

import relais.serving.background
from infrastructure.ledger.verification.report import Report
from infrastructure.ledger.verification.verify import verify
from infrastructure.ledger.watch import LedgerWatch
from infrastructure.postgres.embedded.configuration import APP
from relais.__main__ import main
from relais.serving.background import BackgroundWork
from tests.databases import FreshDatabase
from tests.telling.town import found_town
from web.site.request_log import ALLOWED, request_logger

PATIENCE = 60.0


def _background(
    database: FreshDatabase,
    folder: Path,
    printed: StringIO,
    clock: Callable[[], datetime] | None = None,
) -> BackgroundWork:
    town = found_town(database.app, folder)
    network = town.services.network
    return BackgroundWork(
        database.app,
        network,
        town.house,
        clock or town.clock,
        LedgerWatch(database.app, network),
        heartbeat=folder / "heartbeat",
        log=request_logger(printed),
    )


def test_a_worker_shows_at_each_round_that_it_lives(
    database: FreshDatabase, tmp_path: Path
) -> None:
    printed = StringIO()
    heartbeat = tmp_path / "heartbeat"
    background = _background(database, tmp_path, printed)

    background.start(sequencing=True)
    try:
        _until(lambda: heartbeat.exists() and "ledger_verified" in printed.getvalue())
        heartbeat.unlink()
        _until(heartbeat.exists)
    finally:
        background.stop()

    for line in printed.getvalue().splitlines():
        assert set(json.loads(line)) <= ALLOWED


def test_a_worker_whose_ledger_is_out_of_step_says_so_and_quotes_nothing(
    database: FreshDatabase, tmp_path: Path
) -> None:
    printed = StringIO()
    background = _background(database, tmp_path, printed)
    with database.superuser.connection() as connection:
        connection.execute(
            "INSERT INTO relais.checkpoint (network, size, note) VALUES (%b, 5, 'Ambre V.')",
            (background.network,),
        )

    background.start(sequencing=True)
    try:
        _until(lambda: "ledger_mismatch" in printed.getvalue())
    finally:
        background.stop()

    assert all(set(json.loads(line)) <= ALLOWED for line in printed.getvalue().splitlines())
    assert "Ambre" not in printed.getvalue()


def test_a_verification_that_the_database_interrupts_is_put_off_and_done_later(
    database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a ledger out of step and a database that goes away while it is verified, when it is back, then the
    mismatch is still found: nothing ended meanwhile."""
    printed = StringIO()
    background = _background(database, tmp_path, printed)
    background.rest = timedelta(milliseconds=10)
    with database.superuser.connection() as connection:
        connection.execute(
            "INSERT INTO relais.checkpoint (network, size, note) VALUES (%b, 5, 'note')",
            (background.network,),
        )

    def interrupted(*arguments: Any) -> Report:
        if "verification_put_off" not in printed.getvalue():
            raise psycopg.errors.AdminShutdown
        return verify(*arguments)

    monkeypatch.setattr(relais.serving.background, "verify", interrupted)
    background.start(sequencing=True)
    try:
        _until(lambda: "ledger_mismatch" in printed.getvalue())
    finally:
        background.stop()

    assert "verification_put_off" in printed.getvalue()
    assert "work_ended" not in printed.getvalue()


def test_an_error_that_ends_a_workers_task_is_named_without_its_words(
    database: FreshDatabase, tmp_path: Path
) -> None:
    printed = StringIO()

    def broken() -> datetime:
        raise LookupError("Ambre V.")

    background = _background(database, tmp_path, printed, broken)

    background.start(sequencing=True)
    try:
        _until(lambda: printed.getvalue().count("work_ended") == 2)
    finally:
        background.stop()

    for line in printed.getvalue().splitlines():
        logged = json.loads(line)
        assert (logged["error"], logged["event"]) == ("LookupError", "work_ended")
        assert set(logged) <= ALLOWED
    assert "Ambre" not in printed.getvalue()


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_checkpoint_kept_with_blank_lines_at_its_end_is_still_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database: FreshDatabase,
    tmp_path: Path,
) -> None:
    background = _background(database, tmp_path, StringIO())
    background.interval = timedelta(seconds=1)
    background.start(sequencing=True)
    try:
        _until(lambda: _note(database) is not None)
    finally:
        background.stop()
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(f"{_note(database)}\n\n", "utf-8")
    monkeypatch.setenv("RELAIS_DATABASE_URL", database.address(APP))
    monkeypatch.setenv("RELAIS_HOUSE", str(tmp_path / "house"))

    assert main(["verify", "--against", str(kept)]) == 0
    kept.write_text(f"{_note(database)}x\n", "utf-8")
    assert main(["verify", "--against", str(kept)]) == 1

    assert "pas signé par la maison" in capsys.readouterr().out


def _note(database: FreshDatabase) -> str | None:
    with database.app.connection() as connection:
        row = connection.execute(
            "SELECT note FROM relais.checkpoint ORDER BY size DESC LIMIT 1"
        ).fetchone()
    return None if row is None else str(row[0])
