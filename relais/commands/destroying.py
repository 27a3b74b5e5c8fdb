"""The commands that destroy: a new house key in place of the past ones, a journey erased."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from domain.journey.code import code_of
from domain.storing import StoreUnavailable
from infrastructure.forgetting.erasure import Unknown
from infrastructure.forgetting.rotation import Rotated, Rotation
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.configuration import APP, RETENTION
from infrastructure.postgres.embedded.errors import cause_of
from relais.clock import now
from relais.commands.backup import back_up, programs_of, refuse_place, try_backup
from relais.composition import erasing
from relais.environment import COPY, CannotRun, Opened, address, networks, opened_network
from relais.serving.readiness import put_in_order

_JOURNEYS = """
SELECT s.originator FROM relais.shred_secret AS s
WHERE s.network = %b AND NOT EXISTS (
    SELECT FROM relais.card AS c
    WHERE c.network = s.network AND c.originator = s.originator AND c.face = 3)
UNION SELECT originator FROM relais.erased WHERE network = %b
"""


def rotate(environment: Mapping[str, str]) -> int:
    """Make a new house key, wrap every stored secret under it, and destroy the past keys whose term has come."""
    with opened_network(environment) as opened, _changing(environment) as changing:
        if opened.folder.copy is None:
            print(f"Aucune copie de la maison : indiquez-en le dossier ({COPY}).")
        rotated = Rotation(opened.folder, opened.database, changing).run(now())
    return _report(rotated)


def erase(environment: Mapping[str, str], name: str) -> int:
    """Erase one journey, named by its code or its id."""
    with opened_network(environment) as opened, _changing(environment) as changing:
        journey = _journey_named(opened, name)
        erasure = erasing(opened.database, changing, opened.network, opened.folder)
        try:
            fresh = erasure.erase(journey, now())
        except Unknown:
            raise _no_journey(name) from None
    print(f"Le suivi {code_of(journey)} {'est' if fresh else 'était déjà'} effacé.")
    return 0


def erase_now(environment: Mapping[str, str], name: str, backup: Path) -> int:
    """Erase one journey, and destroy at once the house keys that older backups name, so that these open nothing.

    A fresh backup takes their place. It is restored as a test before anything is destroyed.
    """
    programs = programs_of(environment)
    refuse_place(backup)
    erase(environment, name)
    with opened_network(environment) as opened, _changing(environment) as changing:
        rotation = Rotation(opened.folder, opened.database, changing)
        rotated = rotation.run(now())
        if _report(rotated):
            return 1
        back_up(environment, programs, backup)
        try_backup(environment, programs, backup, opened, rotated.number)
        destroyed = rotation.forget(now())
    print(f"{backup} est la seule sauvegarde qui s'ouvre. Clés détruites : {_listed(destroyed)}.")
    return 0


def erase_again(environment: Mapping[str, str]) -> int:
    """Erase again what a database put back from a backup opens, and tell it today's house key."""
    with Database(address(environment, APP)) as database:
        if not networks(database):
            print("Cette base ne porte aucun réseau : rien n'est à effacer.")
            return 0
    with opened_network(environment) as opened, _changing(environment) as changing:
        again = put_in_order(opened, changing)
    print(f"Suivis effacés de nouveau : {len(again)}.")
    return 0


def _report(rotated: Rotated) -> int:
    """Print the outcome of a rotation; the status is 1 if some secrets open with no key."""
    print(f"Clé de la maison n° {rotated.number} : {rotated.wrapped} secrets remis sous elle.")
    if rotated.destroyed:
        print(f"Clés détruites : {_listed(rotated.destroyed)}.")
    if rotated.unopened:
        journeys = ", ".join(map(str, rotated.unopened))
        print(f"Aucune clé n'ouvre ces secrets, et leur clé reste : {journeys}.")
        return 1
    return 0


def _journey_named(opened: Opened, name: str) -> UUID:
    """The journey with that id or that code. Raises ``CannotRun``."""
    try:
        return UUID(name)
    except ValueError:
        pass
    with opened.database.connection() as connection:
        rows = connection.execute(_JOURNEYS, (opened.network, opened.network)).fetchall()
    code = re.sub(r"[^0-9A-Z]", "", name.upper())
    journeys: list[UUID] = [
        journey for (journey,) in rows if code_of(journey).replace("-", "") == code
    ]
    if not journeys:
        raise _no_journey(name)
    if len(journeys) > 1:
        ids = ", ".join(map(str, journeys))
        raise CannotRun(f"Plusieurs suivis ont ce code : indiquez l'identifiant, parmi {ids}.")
    return journeys[0]


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _no_journey(name: str) -> CannotRun:
    return CannotRun(f"Aucun suivi « {name} » ici.")


@contextmanager
def _changing(environment: Mapping[str, str]) -> Iterator[Database]:
    """Connections as ``relais_retention``. Raises ``CannotRun`` if the change or the house's folder refuses."""
    try:
        with Database(address(environment, RETENTION)) as changing:
            yield changing
    except StoreUnavailable:
        raise CannotRun("Ce suivi change sans cesse : recommencez dans un moment.") from None
    except OSError as error:
        raise CannotRun(f"Le dossier de la maison ne s'écrit pas : {cause_of(error)}.") from None
