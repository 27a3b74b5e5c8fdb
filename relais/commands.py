"""What the commands do once their words are understood."""

import signal
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure.database import Database, address_from
from infrastructure.embedded import existing
from infrastructure.embedded_configuration import APP, OWNER, RETENTION, SUPERUSER
from infrastructure.house import House
from infrastructure.ledger_watch import LedgerWatch
from infrastructure.migrating import bootstrap as make_roles
from infrastructure.migrating import migrate as apply_migrations
from infrastructure.verification import verify as verify_ledger
from relais.composition import install
from relais.demonstration.people import plan_of
from relais.founding import Founder
from relais.front import front_from
from relais.paths import CLONE, DEMONSTRATION_HOUSE, POLICIES
from relais.serving import serve_network
from relais.watching import Watcher, origin_of

TOWN_TIME = ZoneInfo("Europe/Paris")
HOUSE = "RELAIS_HOUSE"
"""The folder of the house's secrets; without it, the demonstration's."""

DEMONSTRATION_DATABASE = "relais"


class CannotRun(Exception):
    """A command cannot do what was asked. ``str()`` is one French line that says what to do."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A database with a network in it, and the house that keeps its secrets."""

    database: Database
    network: UUID
    house: House


def now() -> datetime:
    """What time it is in the town."""
    return datetime.now(TOWN_TIME)


def bootstrap(environment: Mapping[str, str]) -> int:
    """Make the three roles and the database on a server of one's own, as its superuser ``relais_setup``.

    Runs again harmlessly; each role's password is then the one that its file holds now.
    """
    addresses = {
        role: address_from(environment, role) for role in (SUPERUSER, OWNER, APP, RETENTION)
    }
    superuser = addresses.pop(SUPERUSER)
    if superuser is None:
        raise CannotRun("Indiquez RELAIS_DATABASE_URL : la base embarquée se prépare toute seule.")
    name = conninfo_to_dict(superuser).get("dbname")
    if not isinstance(name, str):
        raise CannotRun("RELAIS_DATABASE_URL ne nomme pas la base.")
    passwords = {
        role: str(password)
        for role, address in addresses.items()
        if (password := conninfo_to_dict(address or "").get("password"))
    }
    try:
        make_roles(make_conninfo(superuser, dbname="postgres"), name, passwords=passwords)
    except psycopg.OperationalError:
        raise CannotRun("PostgreSQL ne répond pas, ou refuse le rôle relais_setup.") from None
    print("Les rôles et la base sont là.")
    return 0


def migrate(environment: Mapping[str, str]) -> int:
    """Bring the database up to date, as its owner."""
    applied = apply_migrations(_address(environment, OWNER))
    print("\n".join(applied) if applied else "La base est à jour.")
    return 0


def found(environment: Mapping[str, str], file: Path) -> int:
    """Found the network that a file describes, and print each referent's passphrase, once."""
    try:
        plan = plan_of(tomllib.loads(file.read_text("utf-8")))
    except (OSError, KeyError, ValueError) as error:
        raise CannotRun(f"{file} ne décrit pas un réseau : {error}.") from None
    folder = Path(environment.get(HOUSE, DEMONSTRATION_HOUSE))
    with Database(_address(environment, APP)) as database:
        if networks(database):
            raise CannotRun("Cette base porte déjà un réseau.")
        house = House.load(folder) if folder.exists() else House.create(folder)
        founder = Founder(install(database, uuid4(), house, POLICIES, now), now, plan)
        for _ in founder.make_keys():
            pass
        for _ in founder.found():
            pass
    for login, passphrase in founder.passphrases.items():
        print(f"{login}\t{passphrase}")
    return 0


def serve(environment: Mapping[str, str], host: str, port: int) -> int:
    """Serve the pages of the network."""
    front = front_from(environment)
    with _opened(environment) as opened:
        serve_network(opened.database, opened.network, opened.house, now, host, port, front)
    return 0


def work(environment: Mapping[str, str], heartbeat: Path | None) -> int:
    """Order the ledger, sign its checkpoints, verify it at start and every night, until told to stop.

    ``heartbeat`` is touched at each round.
    """
    with _opened(environment) as opened:
        watch = LedgerWatch(opened.database, opened.network)
        watcher = Watcher(
            opened.database, opened.network, opened.house, now, watch, heartbeat=heartbeat
        )
        signal.signal(signal.SIGTERM, watcher.interrupt)
        watcher.start(sequencing=True)
        try:
            watcher.wait()
        finally:
            watcher.stop()
    return 0


def verify(environment: Mapping[str, str], against: Path | None) -> int:
    """Recompute everything from the stored bytes; name the first thing that does not match. It needs no key."""
    earlier = None
    if against is not None:
        try:
            # Copied by hand or printed by a program, a note gains or loses lines at its end.
            earlier = against.read_text("utf-8").rstrip() + "\n"
        except (OSError, ValueError):
            raise CannotRun(f"{against} ne se lit pas.") from None
    with _opened(environment) as opened:
        origin = origin_of(opened.network)
        public_key = opened.house.public_key
        report = verify_ledger(opened.database, opened.network, origin, public_key, earlier)
    for mismatch in report.mismatches:
        print(mismatch)
    if not report.sound:
        print(f"Le registre n'est pas entier : {report.number} écart(s), le premier ci-dessus.")
        return 1
    print(
        f"Le registre est entier : {report.size} inscriptions, {report.rows} lignes relues,"
        f" {report.checkpoint_size} sous un sceau signé, {report.outside} encore hors de la preuve."
    )
    return 0


@contextmanager
def _opened(environment: Mapping[str, str]) -> Iterator[Opened]:
    house = House.load(Path(environment.get(HOUSE, DEMONSTRATION_HOUSE)))
    with Database(_address(environment, APP)) as database:
        known = networks(database)
        if len(known) != 1:
            raise CannotRun("Cette base ne porte aucun réseau : lancez d'abord « relais found ».")
        yield Opened(database, known[0], house)


def _address(environment: Mapping[str, str], role: str) -> str:
    given = address_from(environment, role)
    if given is not None:
        return given
    running = [one for one in existing(CLONE) if one.running and one.home.name == "demo"]
    if not running:
        raise CannotRun(
            "Aucune base : indiquez RELAIS_DATABASE_URL, ou lancez la démonstration à côté."
        )
    return running[0].address(role, DEMONSTRATION_DATABASE)


def networks(database: Database) -> list[UUID]:
    """The networks that a database holds."""
    with database.connection() as connection:
        rows = connection.execute(
            "SELECT DISTINCT network FROM relais.event WHERE network = originator AND version = 1"
        ).fetchall()
    return [network for (network,) in rows]
