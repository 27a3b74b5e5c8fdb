"""``make demo``: a network of invented people on the embedded PostgreSQL, served on this machine alone."""

import fcntl
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from uuid import uuid4

from domain.territory import ZONE, day_of
from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.cluster import Embedded, start
from infrastructure.postgres.embedded.configuration import APP, OWNER, SUPERUSER
from infrastructure.postgres.embedded.errors import cause_of
from infrastructure.postgres.migrating import bootstrap, migrate
from relais.clock import now
from relais.composition import install
from relais.demonstration.outlines import network
from relais.demonstration.stories import stories
from relais.demonstration.summaries import summaries
from relais.demonstration.telling import StoryClock, Teller
from relais.environment import CannotRun, networks
from relais.founding.founder import Founder
from relais.founding.network_plan import NetworkPlan
from relais.front import Front
from relais.paths import POLICIES
from relais.serving.pages import built_files
from relais.serving.server import serve_network
from web.site.settings import DemonstrationAccount

DATABASE = "relais"
FORMAT = 3
"""Counted up when a sealed form changes: a demonstration of an older form could not be read, and begins anew."""
_SHOWN = ("cidff", "police-nationale", "coordination", "tgi-parquet")


@dataclass(frozen=True, slots=True)
class _Place:
    """The files of a demonstration, in the clone."""

    folder: Path

    @property
    def house(self) -> Path:
        return self.folder / "house"

    @property
    def accounts(self) -> Path:
        return self.folder / f"accounts-{FORMAT}.json"


def demonstrate(clone: Path, port: int, *, data_only: bool) -> int:
    """Prepare the demonstration if it is not there yet, then serve it until it is interrupted."""
    place = _Place(clone / "var" / "demonstration")
    with _alone(place.folder):
        if not data_only:
            _refuse_busy(port)
        print("→ PostgreSQL démarre", flush=True)
        cluster = start(clone)
        try:
            accounts = _prepared(place, cluster)
            if data_only:
                return 0
            plan = network()
            _print_accounts(plan, accounts)
            _serve(place, cluster, plan, port)
        finally:
            cluster.stop()
    return 0


def _serve(place: _Place, cluster: Embedded, plan: NetworkPlan, port: int) -> None:
    shown = tuple(
        DemonstrationAccount(referent.login, referent.name, institution.name)
        for institution in plan.institutions
        if institution.code in _SHOWN
        for referent in institution.referents[:1]
    )
    with Database(cluster.address(APP, DATABASE)) as database:
        (founded,) = networks(database)
        serve_network(
            database,
            founded,
            HouseSecrets.load(place.house),
            now,
            "127.0.0.1",
            port,
            Front(),
            built_files(),
            sequencing=True,
            accounts=shown,
            listening=lambda: print(
                f"Relais : http://localhost:{port}   (Ctrl+C pour arrêter)", flush=True
            ),
        )


def _prepared(place: _Place, cluster: Embedded) -> dict[str, str]:
    """The accounts of the demonstration. If its preparation was interrupted, or is of an older form, it begins anew."""
    if place.accounts.exists():
        migrate(cluster.address(OWNER, DATABASE))
        kept: dict[str, str] = json.loads(place.accounts.read_text("utf-8"))
        return kept
    _forget(place, cluster)
    bootstrap(cluster.address(SUPERUSER, "postgres"), DATABASE)
    migrate(cluster.address(OWNER, DATABASE))
    house = HouseSecrets.create(place.house)
    with Database(cluster.address(APP, DATABASE)) as database:
        accounts = _fill(database, house)
    written = place.accounts.with_suffix(".new")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False)
    written.rename(place.accounts)
    return accounts


def _forget(place: _Place, cluster: Embedded) -> None:
    for accounts in place.folder.glob("accounts*.json"):
        accounts.unlink()
    shutil.rmtree(place.house, ignore_errors=True)
    address = cluster.address(SUPERUSER, "postgres")
    with Database(address, largest=1) as database, database.connection() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _fill(database: Database, house: HouseSecrets) -> dict[str, str]:
    begun_at = now()
    plan = network()
    clock = StoryClock(begun_at)
    founder = Founder(install(database, uuid4(), house, POLICIES, clock), clock, plan)
    clock.now = datetime.combine(plan.founded, time(9), ZONE)
    for number, _ in enumerate(founder.make_keys(), start=1):
        _progress("clés et phrases secrètes", number, plan.size)
    for number, _ in enumerate(founder.found(), start=1):
        _progress("institutions du réseau", number, len(plan.institutions))
    teller = Teller(founder, clock)
    for institution in plan.institutions:
        teller.sign_charter(institution)
    today = day_of(begun_at)
    told = [story for story in stories(today) if story.opened_at < begun_at]
    plans = summaries(today, told)
    total = sum(1 + len(story.steps) for story in told)
    for number, _ in enumerate(teller.tell(told, plans), start=1):
        if number % 20 == 0 and number < total:
            _progress("suivis inventés, pas à pas", number, total)
    _progress("suivis inventés, pas à pas", total, total)
    return founder.passphrases


def _progress(what: str, done: int, total: int) -> None:
    """Show the progress of a step: on one line of a terminal, or else once at its end."""
    if sys.stdout.isatty():
        print(f"\r→ {what} : {done}/{total}", end="\n" if done == total else "", flush=True)
    elif done == total:
        print(f"→ {what} : {total}", flush=True)


def _print_accounts(plan: NetworkPlan, accounts: dict[str, str]) -> None:
    print("\nComptes de la démonstration (personnes et suivis inventés) :\n")
    rows = [
        (referent.login, institution.name, accounts[referent.login])
        for institution in plan.institutions
        for referent in institution.referents
    ]
    width = max(len(login) for login, _, _ in rows)
    room = max(len(passphrase) for _, _, passphrase in rows)
    for login, institution, passphrase in rows:
        print(f"  {login:<{width}}  {passphrase:<{room}}  {institution}")
    print(flush=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Refuse a second demonstration of the same clone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CannotRun(
                    "Une démonstration de ce dossier tourne déjà : arrêtez-la d'abord (Ctrl+C)."
                ) from None
            yield
    except OSError as error:
        raise CannotRun(f"La démonstration ne peut pas écrire ici : {cause_of(error)}.") from None


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotRun(
                f"Le port {port} est déjà pris : libérez-le, ou choisissez-en un autre"
                f' (make demo OPTIONS="--port {port + 1}").'
            ) from None
