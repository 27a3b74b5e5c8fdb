"""What the commands do once their words are understood."""

import signal
import tomllib
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure.house.house import HouseSecrets
from infrastructure.ledger.verification.verify import verify as verify_ledger
from infrastructure.ledger.watch import LedgerWatch
from infrastructure.postgres.database import Database, address_from
from infrastructure.postgres.embedded.configuration import APP, OWNER, RETENTION, SUPERUSER
from infrastructure.postgres.embedded.errors import cause_of
from infrastructure.postgres.migrating import bootstrap as make_roles
from infrastructure.postgres.migrating import migrate as apply_migrations
from relais.clock import now
from relais.commands.destroying import make_ready
from relais.composition import install
from relais.founding.founder import Founder
from relais.founding.network_plan import plan_of
from relais.front import front_from
from relais.opening import CannotRun, address, house_folder, networks, opening
from relais.paths import POLICIES
from relais.serving.pages import built_files
from relais.serving.serving import serve_network
from relais.serving.watching import Watcher, origin_of


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
    applied = apply_migrations(address(environment, OWNER))
    print("\n".join(applied) if applied else "La base est à jour.")
    return 0


def found(environment: Mapping[str, str], file: Path) -> int:
    """Found the network that a file describes, and print each referent's passphrase, once."""
    try:
        plan = plan_of(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise CannotRun(f"{file} ne se lit pas : {cause_of(error)}.") from None
    except (KeyError, ValueError) as error:
        raise CannotRun(f"{file} ne décrit pas un réseau : {error}.") from None
    folder = house_folder(environment)
    with Database(address(environment, APP)) as database:
        if networks(database):
            raise CannotRun("Cette base porte déjà un réseau.")
        house = (
            HouseSecrets.load(folder.path)
            if folder.path.exists()
            else HouseSecrets.create(folder.path)
        )
        folder.save()
        founder = Founder(install(database, uuid4(), house, POLICIES, now), now, plan)
        for _ in founder.make_keys():
            pass
        for _ in founder.found():
            pass
    for login, passphrase in founder.passphrases.items():
        print(f"{login}\t{passphrase}")
    return 0


def serve(environment: Mapping[str, str], host: str, port: int) -> int:
    """Serve the pages of the network; nothing is served, and nothing opened, where their files are not as built."""
    front = front_from(environment)
    files = built_files()
    with opening(environment) as opened:
        make_ready(environment, opened)
        serve_network(opened.database, opened.network, opened.house, now, host, port, front, files)
    return 0


def work(environment: Mapping[str, str], heartbeat: Path | None) -> int:
    """Order the ledger, sign its checkpoints, verify it at start and every night, until told to stop.

    ``heartbeat`` is touched at each round.
    """
    with opening(environment) as opened:
        make_ready(environment, opened)
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
    with opening(environment) as opened:
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
