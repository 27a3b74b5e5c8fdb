"""The process of the embedded PostgreSQL: told from other programs, launched, waited for."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from infrastructure.postgres.embedded.account import Account
from infrastructure.postgres.embedded.configuration import PORT
from infrastructure.postgres.embedded.errors import EmbeddedUnavailable, explained

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server of a cluster: its process id, and whether it takes connections."""

    process: int
    ready: bool


def postmaster(data: Path) -> Postmaster | None:
    """What ``postmaster.pid`` says, where its process really is the server of these data."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        process = int(lines[0])
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None
    if not _is_server(process, data):
        return None
    return Postmaster(process, ready=len(lines) > 7 and lines[7].strip() == "ready")


def _is_server(process: int, data: Path) -> bool:
    """Whether a process lives and is the server of these data: after a crash its number may be another's."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    described = Path(f"/proc/{process}")
    if not described.parent.joinpath("self").exists():
        return True
    try:
        command = (described / "cmdline").read_bytes()
    except OSError:
        return False
    # A process that ended and was not waited for has an empty command line.
    return os.fsencode(data.parent / "configuration") in command


def launch(
    account: Account, *, binaries: Path, home: Path, socket: Path, configuration: Path
) -> None:
    """Start the server and wait until it takes connections. Raises ``EmbeddedUnavailable``."""
    data, log = home / "data", home / "log" / "server.log"
    deadline = time.monotonic() + _PATIENCE
    while True:
        # Under our lock nobody else starts one, and none of ours lives: what is left is a killed server's, whose
        # process number may be another program's by now. Its children, if any still live, hold its shared memory,
        # and PostgreSQL looks there too before it starts.
        for left in (data / "postmaster.pid", socket / f".s.PGSQL.{PORT}.lock"):
            left.unlink(missing_ok=True)
        process = _spawn(account, binaries, configuration, log)
        if _becomes_ready(data, process):
            return
        said = log.read_text(encoding="utf-8", errors="replace")
        # Children of a killed server let go of its memory only after a moment.
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise explained("Démarrage de PostgreSQL impossible", said)
        time.sleep(0.05)


# The shell leaves the server to the system and ends: it is nobody's child, and needs no waiting for.
_SPAWN = 'log=$1; shift; "$@" </dev/null >"$log" 2>&1 & echo $!'


def _spawn(account: Account, binaries: Path, configuration: Path, log: Path) -> int:
    server: list[str | Path] = [binaries / "postgres", "-c", f"config_file={configuration}"]
    done = account.run(["/bin/sh", "-c", _SPAWN, "sh", log, *server])
    if done.returncode != 0:
        raise explained("Démarrage de PostgreSQL impossible", done.stderr)
    return int(done.stdout)


def _becomes_ready(data: Path, process: int) -> bool:
    """Wait until the server takes connections; false when it ended instead.

    Raises ``EmbeddedUnavailable`` after a minute.
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        known = postmaster(data)
        if known is not None and known.ready:
            return True
        if not lives(process):
            return False
        time.sleep(0.01)
    message = f"PostgreSQL n'est pas prêt après une minute (voir {data.parent / 'log'})."
    raise EmbeddedUnavailable(message)


def ends(process: int, *, patience: float) -> bool:
    """Wait until a process ended; false when it still lives after ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while lives(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def lives(process: int) -> bool:
    """Whether a process lives; one that ended and was not waited for does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return Path("/proc/self").exists() is False
    return state.split()[0] not in {"Z", "X"}
