"""The processes to kill: the pages and the worker, started by their commands, and the embedded PostgreSQL."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from random import SystemRandom

from infrastructure.postgres.embedded.cluster import Embedded, start
from tests.databases import CLONE

CHANCE = SystemRandom()
PATIENCE = 30.0


class Program:
    """One of our commands, running in its own process."""

    def __init__(self, words: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", "relais", *words]
        self._environment = {**os.environ, **environment}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, without waiting."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=CLONE, env=self._environment, stdout=log, stderr=log
            )

    def kill(self) -> str:
        """End it as a power cut would; return its name."""
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"{self._command[3]} ended by itself; see {self._log}")
        self._process.kill()
        self._process.wait()
        return self._command[3]

    def stop(self) -> None:
        """End it; if it does not end by itself, kill it."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Server:
    """The embedded PostgreSQL, durable."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.cluster: Embedded = start(CLONE, name=name)

    def start(self) -> None:
        """Start it again if it does not run."""
        self.cluster = start(CLONE, name=self._name)

    def kill(self) -> str:
        """Kill the postmaster or one of its children, at random: either ends every connection and loses its memory."""
        process = self.cluster.process
        if process is None:
            raise RuntimeError("PostgreSQL ended by itself")
        children = _children(process)
        if children and CHANCE.random() < 0.5:
            os.kill(CHANCE.choice(children), signal.SIGKILL)
            return "postgres (child)"
        os.kill(process, signal.SIGKILL)
        while self.cluster.running:
            time.sleep(0.005)
        return "postgres (postmaster)"


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def _children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return [int(word) for word in text.split()]
