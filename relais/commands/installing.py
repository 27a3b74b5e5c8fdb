"""The commands that prepare an installation: roles and tables, then the network."""

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database, address_from
from infrastructure.postgres.embedded.configuration import APP, OWNER, RETENTION, SUPERUSER
from infrastructure.postgres.embedded.errors import cause_of
from infrastructure.postgres.migrating import bootstrap as make_roles
from infrastructure.postgres.migrating import migrate as apply_migrations
from relais.clock import now
from relais.composition import install
from relais.environment import CannotRun, address, house_folder, networks
from relais.founding.founder import Founder
from relais.founding.network_plan import read_plan
from relais.paths import POLICIES


def bootstrap(environment: Mapping[str, str]) -> int:
    """Make the three roles and the database on an existing server, as its superuser ``relais_setup``.

    It may run again: each role then has the password that its file holds now.
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
        plan = read_plan(file)
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
