"""The demonstration tells its address once the pages answer there, and not before."""

import signal
import socket
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import cast

import pytest

from infrastructure.postgres.embedded.cluster import Embedded
from relais.demonstration.outlines import network
from relais.demonstration.run import _Place, _serve
from tests.databases import FreshDatabase
from tests.telling.town import found_town


class Terminal(StringIO):
    """Standard output: its reader tries a printed address at once, then ends the demonstration by Ctrl+C."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.tried: list[bool] = []

    def write(self, text: str) -> int:
        if f"http://localhost:{self.port}" in text:
            with socket.socket() as reader:
                self.tried.append(reader.connect_ex(("127.0.0.1", self.port)) == 0)
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


class Cluster:
    """The server of an existing database."""

    def __init__(self, database: FreshDatabase) -> None:
        self._database = database

    def address(self, role: str, _name: str) -> str:
        return self._database.address(role)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl+C ends this process, as in a terminal, even if the tests were started with Ctrl+C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_address_that_is_printed_answers(
    database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_town(database.app, tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    terminal = Terminal(port)
    monkeypatch.setattr(sys, "stdout", terminal)

    with pytest.raises(KeyboardInterrupt):
        _serve(_Place(tmp_path), cast("Embedded", Cluster(database)), network(), port)

    assert terminal.tried == [True]
