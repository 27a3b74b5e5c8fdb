"""A fresh backup, restored as a test, so that the house keys that all older backups name can be destroyed."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure.forgetting.erasure import outstanding
from infrastructure.house.house import HouseSecrets
from infrastructure.ledger.verification.verify import verify
from infrastructure.ledger.verification.with_keys import verify_secrets
from infrastructure.postgres.database import Database, address_from
from infrastructure.postgres.embedded.configuration import APP, OWNER, SUPERUSER
from infrastructure.postgres.embedded.errors import cause_of
from infrastructure.postgres.migrating import bootstrap
from relais.environment import CannotRun, Opened, address, demonstration
from relais.serving.background import origin_of

_KEPT = "Les anciennes clés de la maison restent."


def programs_of(environment: Mapping[str, str]) -> Path:
    """The folder of ``pg_dump`` and ``pg_restore``. Raises ``CannotRun``."""
    if address_from(environment, APP) is None:
        return demonstration().binaries
    dump, restore = shutil.which("pg_dump"), shutil.which("pg_restore")
    if dump is None or restore is None:
        raise CannotRun(f"pg_dump et pg_restore ne sont pas sur cette machine. {_KEPT}")
    return Path(dump).parent


def refuse_place(file: Path) -> None:
    """Refuse a file that a new backup cannot be written to, before anything is erased. Raises ``CannotRun``."""
    if file.exists():
        raise CannotRun(
            f"{file} est déjà là : déplacez-le, ou indiquez un autre nom. Rien n'est effacé. {_KEPT}"
        )
    if not os.access(file.parent, os.W_OK):
        raise CannotRun(f"{file.parent} ne s'écrit pas. Rien n'est effacé. {_KEPT}")


def back_up(environment: Mapping[str, str], programs: Path, file: Path) -> None:
    """Write a whole backup of the database, without its sessions, to a new file (0600). Raises ``CannotRun``."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotRun(f"{file} ne s'écrit pas : {cause_of(error)}. {_KEPT}") from None
    with os.fdopen(descriptor, "wb") as written:
        arguments = ("--format=custom", "--no-unlogged-table-data")
        _run(programs / "pg_dump", address(environment, OWNER), arguments, written.fileno())
        os.fsync(written.fileno())


def try_backup(
    environment: Mapping[str, str], programs: Path, file: Path, opened: Opened, number: int
) -> None:
    """Restore a backup into a database of its own, and verify it there: the ledger is whole, every secret opens with
    the house key of that number alone, nothing that was erased is there. Raises ``CannotRun`` if it is not so."""
    only = HouseSecrets(opened.house.signing_key, {number: opened.folder.keys()[number]})
    with _restored(environment, programs, file) as restored:
        network = opened.network
        report = verify(restored, network, origin_of(network), opened.house.public_key)
        secrets = verify_secrets(restored, network, only)
        if report.number or secrets.number or outstanding(restored, opened.folder):
            raise CannotRun(f"La sauvegarde, restaurée pour essai, ne se vérifie pas. {_KEPT}")


@contextmanager
def _restored(environment: Mapping[str, str], programs: Path, file: Path) -> Iterator[Database]:
    name = f"relais_{uuid4().hex}"
    superuser = address(environment, SUPERUSER)
    anywhere = make_conninfo(superuser, dbname="postgres")
    bootstrap(anywhere, name)
    try:
        arguments = ("--exit-on-error", "--single-transaction", str(file))
        _run(programs / "pg_restore", make_conninfo(superuser, dbname=name), arguments)
        with Database(make_conninfo(address(environment, APP), dbname=name)) as database:
            yield database
    finally:
        with psycopg.connect(anywhere, autocommit=True) as connection:
            statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(name)))


def _run(
    program: Path, database: str, arguments: tuple[str, ...], output: int | None = None
) -> None:
    """Run one of PostgreSQL's programs; no list of processes shows the password. Raises ``CannotRun``."""
    parts = {
        name: str(value) for name, value in conninfo_to_dict(database).items() if value is not None
    }
    password = parts.pop("password", None)
    secret = {} if password is None else {"PGPASSWORD": password}
    ended = subprocess.run(
        [program, *arguments, f"--dbname={make_conninfo('', **parts)}"],
        env=os.environ | secret,
        stdout=output,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if ended.returncode:
        raise CannotRun(f"{program.name} n'a pas abouti. {_KEPT}")
