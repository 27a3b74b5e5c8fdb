"""Before anything is served: a database put back from a backup opens nothing that was erased."""

from collections.abc import Mapping
from uuid import UUID

import psycopg

from domain.storing import StoreUnavailable
from infrastructure.forgetting.erasure import outstanding
from infrastructure.forgetting.rotation import Rotation
from infrastructure.house.folder import CopyRefused
from infrastructure.postgres.database import AddressRefused, Database
from infrastructure.postgres.embedded.configuration import RETENTION
from relais.clock import now
from relais.composition import erasing
from relais.environment import CannotRun, Opened, address

_BEHIND = "Le dossier de la maison est plus ancien que la base : remettez celui d'aujourd'hui, ou sa copie."
_NOT_READY = (
    "Cette base vient d'une sauvegarde : elle ouvre encore ce qui fut effacé, ou ne connaît pas la clé"
    " de la maison. Lancez « relais erase --again » avant de servir."
)


def make_ready(environment: Mapping[str, str], opened: Opened) -> None:
    """Erase again what the database should not open, if it comes from a backup. Raises ``CannotRun``."""
    rotation = Rotation(opened.folder, opened.database, opened.database)
    if rotation.is_behind():
        raise CannotRun(_BEHIND)
    if rotation.knows_newest() and not outstanding(opened.database, opened.folder):
        return
    try:
        with Database(address(environment, RETENTION), patience=1.0) as changing:
            put_in_order(opened, changing)
    except (AddressRefused, CopyRefused, OSError, StoreUnavailable, psycopg.Error):
        raise CannotRun(_NOT_READY) from None


def put_in_order(opened: Opened, changing: Database) -> list[UUID]:
    """Tell the database today's house key, and erase again what was erased; return those journeys."""
    Rotation(opened.folder, opened.database, changing).name_newest()
    return erasing(opened.database, changing, opened.network, opened.folder).again(now())
