"""What is destroyed, and when: the house key turned, a journey erased, a database put back erased again."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg

from domain.journey.code import code_of
from domain.storing import StoreUnavailable
from infrastructure.forgetting.erasure import Unknown, outstanding
from infrastructure.forgetting.rotation import Rotated, Rotation
from infrastructure.house.folder import CopyRefused
from infrastructure.postgres.database import AddressRefused, Database
from infrastructure.postgres.embedded.configuration import APP, RETENTION
from infrastructure.postgres.embedded.errors import cause_of
from relais.clock import now
from relais.commands.forgetting import back_up, programs_of, refuse_place, try_backup
from relais.composition import erasing
from relais.opening import COPY, CannotRun, Opened, address, networks, opening

_BEHIND = "Le dossier de la maison est plus ancien que la base : remettez celui d'aujourd'hui, ou sa copie."
_JOURNEYS = """
SELECT s.originator FROM relais.shred_secret AS s
WHERE s.network = %b AND NOT EXISTS (
    SELECT FROM relais.card AS c
    WHERE c.network = s.network AND c.originator = s.originator AND c.face = 3)
UNION SELECT originator FROM relais.erased WHERE network = %b
"""
_NOT_READY = (
    "Cette base vient d'une sauvegarde : elle ouvre encore ce qui fut effacé, ou ne connaît pas la clé"
    " de la maison. Lancez « relais erase --again » avant de servir."
)


def rotate(environment: Mapping[str, str]) -> int:
    """Turn the house key: a new one, every stored secret under it, the past ones destroyed in their time."""
    with opening(environment) as opened, _changing(environment) as changing:
        if opened.folder.copy is None:
            print(f"Aucune copie de la maison : indiquez-en le dossier ({COPY}).")
        done = Rotation(opened.folder, opened.database, changing).run(now())
    return told(done)


def erase(environment: Mapping[str, str], journey: str) -> int:
    """Erase one journey, named by its code or its id."""
    with opening(environment) as opened, _changing(environment) as changing:
        originator = _found(opened, journey)
        erasure = erasing(opened.database, changing, opened.network, opened.folder)
        try:
            fresh = erasure.erase(originator, now())
        except Unknown:
            raise _no_journey(journey) from None
    print(f"Le suivi {code_of(originator)} {'est' if fresh else 'était déjà'} effacé.")
    return 0


def erase_now(environment: Mapping[str, str], journey: str, backup: Path) -> int:
    """Erase one journey, and at once destroy the house keys that older backups name: they open nothing any more.

    A fresh backup takes their place. It is restored as a test before anything is destroyed.
    """
    programs = programs_of(environment)
    refuse_place(backup)
    erase(environment, journey)
    with opening(environment) as opened, _changing(environment) as changing:
        rotation = Rotation(opened.folder, opened.database, changing)
        done = rotation.run(now())
        if told(done):
            return 1
        back_up(environment, programs, backup)
        try_backup(environment, programs, backup, opened, done.number)
        destroyed = rotation.forget(now())
    print(f"{backup} est la seule sauvegarde qui s'ouvre. Clés détruites : {_listed(destroyed)}.")
    return 0


def erase_again(environment: Mapping[str, str]) -> int:
    """Erase what a database put back from a backup opens again, and let it know the house key of today."""
    with Database(address(environment, APP)) as database:
        if not networks(database):
            print("Cette base ne porte aucun réseau : rien n'est à effacer.")
            return 0
    with opening(environment) as opened, _changing(environment) as changing:
        again = _put_in_order(opened, changing)
    print(f"Suivis effacés de nouveau : {len(again)}.")
    return 0


def make_ready(environment: Mapping[str, str], opened: Opened) -> None:
    """Before serving: a database put back from a backup opens nothing that was erased. Raises ``CannotRun``."""
    rotation = Rotation(opened.folder, opened.database, opened.database)
    if rotation.is_behind():
        raise CannotRun(_BEHIND)
    if rotation.knows_newest() and not outstanding(opened.database, opened.folder):
        return
    try:
        with Database(address(environment, RETENTION), patience=1.0) as changing:
            _put_in_order(opened, changing)
    except (AddressRefused, CopyRefused, OSError, StoreUnavailable, psycopg.Error):
        raise CannotRun(_NOT_READY) from None


def told(done: Rotated) -> int:
    """Say what a rotation did; the status is 1 where something stands in its way."""
    print(f"Clé de la maison n° {done.number} : {done.wrapped} secrets remis sous elle.")
    if done.destroyed:
        print(f"Clés détruites : {_listed(done.destroyed)}.")
    if done.unopened:
        codes = ", ".join(str(originator) for originator in done.unopened)
        print(f"Aucune clé n'ouvre ces secrets, et leur clé reste : {codes}.")
        return 1
    return 0


def _put_in_order(opened: Opened, changing: Database) -> list[UUID]:
    Rotation(opened.folder, opened.database, changing).name_newest()
    return erasing(opened.database, changing, opened.network, opened.folder).again(now())


def _found(opened: Opened, journey: str) -> UUID:
    """The journey of that id, or the one of that code. Raises ``CannotRun``."""
    try:
        return UUID(journey)
    except ValueError:
        pass
    with opened.database.connection() as connection:
        rows = connection.execute(_JOURNEYS, (opened.network, opened.network)).fetchall()
    asked = re.sub(r"[^0-9A-Z]", "", journey.upper())
    found: list[UUID] = [one for (one,) in rows if code_of(one).replace("-", "") == asked]
    if not found:
        raise _no_journey(journey)
    if len(found) > 1:
        ids = ", ".join(map(str, found))
        raise CannotRun(f"Plusieurs suivis ont ce code : indiquez l'identifiant, parmi {ids}.")
    return found[0]


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _no_journey(journey: str) -> CannotRun:
    return CannotRun(f"Aucun suivi « {journey} » ici.")


@contextmanager
def _changing(environment: Mapping[str, str]) -> Iterator[Database]:
    """Connections as ``relais_retention``. Raises ``CannotRun`` for what a command can only say."""
    try:
        with Database(address(environment, RETENTION)) as changing:
            yield changing
    except StoreUnavailable:
        raise CannotRun("Ce suivi change sans cesse : recommencez dans un moment.") from None
    except OSError as error:
        raise CannotRun(f"Le dossier de la maison ne s'écrit pas : {cause_of(error)}.") from None
