"""The account that runs the embedded PostgreSQL, which refuses to run as root."""

import grp
import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from infrastructure.postgres.embedded.errors import EmbeddedUnavailable, explained

ACCOUNT = "relais"
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server. ``caller`` is the name of the account that runs us: nobody else may connect.

    ``lowered`` is true when we are root and the server runs as ``relais``.
    """

    caller: str
    user: int
    group: int
    lowered: bool

    def run(
        self, command: Sequence[str | Path], *, extra: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as the server's account, with nothing of our environment.

        Raises ``OSError`` when the account cannot reach the program.
        """
        environment = {**_ENVIRONMENT, **(extra or {})}
        if self.lowered:
            return subprocess.run(
                command,
                user=self.user,
                group=self.group,
                extra_groups=[],
                umask=0o077,
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                start_new_session=True,
            )
        return subprocess.run(
            command,
            umask=0o077,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
        )

    def own(self, folder: Path) -> None:
        """Make a folder that only the server's account may enter, or check that it is one.

        Raises ``EmbeddedUnavailable`` when somebody else owns it.
        """
        self._make(folder, user=self.user, group=self.group, mode=0o700)

    def share(self, folder: Path) -> None:
        """Make a folder that is ours, and that the server's account may read and not write."""
        self._make(folder, user=os.geteuid(), group=self.group, mode=0o750)

    def _make(self, folder: Path, *, user: int, group: int, mode: int) -> None:
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if found.st_uid not in {user, os.geteuid()} or folder.is_symlink():
                message = f"Le dossier {folder} appartient à un autre compte : supprimez-le."
                raise EmbeddedUnavailable(message) from None
        if self.lowered:
            os.chown(folder, user, group, follow_symlinks=False)
        folder.chmod(mode)


def server_account() -> Account:
    """The account that will run the server; as root, ``relais``, made when it is missing.

    Raises ``EmbeddedUnavailable``.
    """
    user = os.geteuid()
    try:
        caller = pwd.getpwuid(user).pw_name
    except KeyError:
        message = f"Le compte numéro {user} n'a pas de nom dans /etc/passwd : PostgreSQL l'exige."
        raise EmbeddedUnavailable(message) from None
    if user != 0:
        return Account(caller, user, os.getegid(), lowered=False)
    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        _make_system_account()
        found = pwd.getpwnam(ACCOUNT)
    if found.pw_uid == 0:
        message = f"Le compte système « {ACCOUNT} » est un compte root : PostgreSQL le refuse."
        raise EmbeddedUnavailable(message)
    return Account(caller, found.pw_uid, found.pw_gid, lowered=True)


def _make_system_account() -> None:
    doing = f"Création du compte système « {ACCOUNT} » impossible"
    if program := which("useradd") or which("useradd", path="/usr/sbin:/sbin"):
        group = ["--gid", ACCOUNT] if _has_group() else ["--user-group"]
        options = ["--system", "--no-create-home", "--home-dir", "/nonexistent"]
        command = [program, *options, *group, "--shell", "/usr/sbin/nologin", ACCOUNT]
    elif program := which("adduser", path="/usr/sbin:/sbin:/bin:/usr/bin"):
        command = [program, "-S", "-D", "-H", ACCOUNT]
    else:
        raise EmbeddedUnavailable(f"{doing} : ni useradd ni adduser sur cette machine.")
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    # Two first starts at once: the other one made it.
    if done.returncode != 0 and not _has_account():
        raise explained(doing, done.stderr)


def _has_account() -> bool:
    return any(entry.pw_name == ACCOUNT for entry in pwd.getpwall())


def _has_group() -> bool:
    return any(entry.gr_name == ACCOUNT for entry in grp.getgrall())
