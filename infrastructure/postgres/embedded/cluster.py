"""The embedded PostgreSQL: found, made, started, reused and stopped by our own few lines.

It listens on one socket in a folder of mode 0700, never on a network, and takes the word of the operating
system for who connects: the account that runs us may be one of our roles, nobody else may be anything.
Run as root, the server runs as the account ``relais``, with its data under ``/var/cache/relais``.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from infrastructure.postgres.embedded.account import Account, server_account
from infrastructure.postgres.embedded.binaries import Binaries, find_binaries
from infrastructure.postgres.embedded.configuration import PORT, SUPERUSER, write_configuration
from infrastructure.postgres.embedded.errors import EmbeddedUnavailable, explained, explained_system
from infrastructure.postgres.embedded.process import ends, launch, postmaster

__all__ = ["Embedded", "EmbeddedUnavailable", "existing", "start"]

_CACHE = Path("/var/cache/relais")
_LONGEST_SOCKET_PATH = 107
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./ -]+")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Embedded:
    """One cluster. ``data`` is PostgreSQL's data directory, ``socket`` the folder of its socket, ``binaries`` the
    folder of the programs that run it, ``home`` the folder that holds all but perhaps the socket."""

    home: Path
    data: Path
    socket: Path
    binaries: Path

    def address(self, role: str, database: str) -> str:
        """How to connect as a role to a database, as libpq's connection string. It holds no secret."""
        return make_conninfo(host=str(self.socket), port=PORT, user=role, dbname=database)

    @property
    def running(self) -> bool:
        """Whether its server runs and takes connections."""
        return (known := postmaster(self.data)) is not None and known.ready

    @property
    def process(self) -> int | None:
        """The process id of its server, where one runs."""
        known = postmaster(self.data)
        return known.process if known else None

    def stop(self) -> None:
        """End its server: open transactions are rolled back. Nothing happens where none runs.

        Where it does not end cleanly within 20 seconds it is ended at once, and recovers at its next start.
        Raises ``EmbeddedUnavailable`` when even that fails.
        """
        # PostgreSQL's names: SIGINT is the fast shutdown, SIGQUIT the immediate one.
        self._end(signal.SIGINT, signal.SIGQUIT)

    def remove(self) -> None:
        """End it at once and delete everything that it kept."""
        if self.home.exists():
            self._end(signal.SIGQUIT, signal.SIGKILL)
        if not self.socket.is_relative_to(self.home):
            shutil.rmtree(self.socket, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def _end(self, *orders: signal.Signals) -> None:
        with _locked(self.home):
            known = postmaster(self.data)
            if known is None:
                return
            for order in orders:
                os.kill(known.process, order)
                if ends(known.process, patience=20.0):
                    return
        message = f"PostgreSQL (processus {known.process}) ne s'arrête pas."
        raise EmbeddedUnavailable(message)


def start(
    clone: Path, *, name: str = "demo", durable: bool = True, wheel: bool = False
) -> Embedded:
    """The cluster ``name`` of a clone, running: found running, started, or made from nothing.

    ``durable=False`` is for clusters of tests alone: a crash of the machine may lose everything in them.
    ``wheel=True`` passes over the system's programs. Starts at once, in several processes, give one server.
    Raises ``EmbeddedUnavailable``.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    account = server_account()
    home = _homes(clone, account) / name
    doing = "Préparation de PostgreSQL impossible"
    try:
        _make_home(clone, account, home)
        with _locked(home):
            return _started(account, home, durable=durable, wheel=wheel)
    except OSError as error:
        raise explained_system(doing, error) from None


def existing(clone: Path) -> list[Embedded]:
    """Every cluster that this account keeps for a clone, running or not, half-made ones too."""
    homes = _homes(clone, server_account())
    if not homes.is_dir():
        return []
    found = [home for home in sorted(homes.iterdir()) if (home / "lock").exists()]
    return [Embedded(home, home / "data", _socket(home), _programs(home)) for home in found]


def _started(account: Account, home: Path, *, durable: bool, wheel: bool) -> Embedded:
    data = home / "data"
    found = Embedded(home, data, _socket(home), _programs(home))
    if _answers_in_time(found):
        return found
    version = data / "PG_VERSION"
    major = int(version.read_text()) if version.exists() else None
    binaries = find_binaries(account, _binaries_cache(home, account), major, wheel=wheel)
    if major is None:
        _make_data(account, binaries, data, durable=durable)
    socket = _make_socket(account, home)
    (home / "programs").write_text(str(binaries.folder), encoding="utf-8")
    configuration = write_configuration(
        home / "configuration", data=data, socket=socket, caller=account.caller, durable=durable
    )
    launch(
        account,
        binaries=binaries.folder,
        home=home,
        socket=socket,
        configuration=configuration,
    )
    return Embedded(home, data, socket, binaries.folder)


def _answers_in_time(found: Embedded) -> bool:
    """Whether its server runs and answers; false when none runs, or none any more.

    One that was killed a moment ago still looks alive, and one that recovers refuses for a while: both are waited for.
    """
    deadline = time.monotonic() + 60.0
    while (known := postmaster(found.data)) is not None:
        if known.ready and _answers(found):
            return True
        if time.monotonic() > deadline:
            message = f"PostgreSQL tourne mais ne répond pas (processus {known.process})."
            raise EmbeddedUnavailable(message)
        time.sleep(0.02)
    return False


def _answers(found: Embedded) -> bool:
    try:
        with psycopg.connect(found.address(SUPERUSER, "postgres"), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


# Folders.


def _homes(clone: Path, account: Account) -> Path:
    if account.lowered:
        return _CACHE / hashlib.sha256(os.fsencode(clone.resolve())).hexdigest()[:16]
    return clone.resolve() / "var" / "postgresql"


def _binaries_cache(home: Path, account: Account) -> Path:
    return _CACHE / "programs" if account.lowered else home.parent / "programs"


def _make_home(clone: Path, account: Account, home: Path) -> None:
    if account.lowered:
        _CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        _CACHE.chmod(0o755)
        account.share(home.parent)
        # Whose data these are, for who cleans the cache one day.
        (home.parent / "clone").write_text(f"{clone.resolve()}\n", encoding="utf-8")
    else:
        home.parent.parent.mkdir(mode=0o755, exist_ok=True)
        account.share(home.parent)
    account.share(home)
    account.share(home / "configuration")
    account.own(home / "log")


def _make_socket(account: Account, home: Path) -> Path:
    """A folder for the socket, of mode 0700: beside the data, else a short one under the temporary folder."""
    beside = home / "socket"
    longest = len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock"))
    # libpq and postgresql.conf both take a comma for the end of a path.
    if longest <= _LONGEST_SOCKET_PATH and _PLAIN_PATH.fullmatch(str(beside)):
        account.own(beside)
        chosen = beside
    else:
        kept = _socket(home)
        if kept == beside or not _is_ours(kept, account):
            kept = Path(tempfile.mkdtemp(prefix="relais-", dir="/tmp"))
            account.own(kept)
        chosen = kept
    (home / "socket-folder").write_text(str(chosen), encoding="utf-8")
    return chosen


def _is_ours(folder: Path, account: Account) -> bool:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return found.st_uid == account.user and (found.st_mode & 0o170777) == 0o040700


def _socket(home: Path) -> Path:
    try:
        return Path((home / "socket-folder").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return home / "socket"


def _programs(home: Path) -> Path:
    try:
        return Path((home / "programs").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return home


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# The data, made once.


def _make_data(account: Account, binaries: Binaries, data: Path, *, durable: bool) -> None:
    # Made beside and renamed, so that a half-made one is never taken for whole. The folder that holds it
    # is not the server's account's to write, so it makes its data one level further down.
    nest = data.parent / "nest"
    shutil.rmtree(nest, ignore_errors=True)
    account.own(nest)
    command: list[str | Path] = [
        binaries.folder / "initdb",
        f"--pgdata={nest / 'data'}",
        "--username=relais_setup",
        "--auth=reject",
        "--encoding=UTF8",
        "--lc-messages=C",
        "--data-checksums",
        *([] if durable else ["--no-sync"]),
    ]
    done = account.run([*command, "--locale=C.UTF-8"])
    if done.returncode != 0 and "locale" in done.stderr:
        shutil.rmtree(nest / "data", ignore_errors=True)
        done = account.run([*command, "--locale=C"])
    if done.returncode != 0:
        shutil.rmtree(nest, ignore_errors=True)
        raise explained("Création de la base embarquée impossible", done.stderr)
    (nest / "data").rename(data)
    nest.rmdir()
