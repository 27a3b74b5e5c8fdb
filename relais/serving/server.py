"""Serving one network's pages by uvicorn, with the background work beside them."""

import gc
import logging
from collections.abc import Callable
from datetime import datetime
from socket import AF_INET, AF_INET6, create_server, socket
from uuid import UUID

import psycopg
import uvicorn

from infrastructure.house.house import HouseSecrets
from infrastructure.postgres.database import Database
from infrastructure.postgres.embedded.errors import cause_of
from relais.composition import Installation, install
from relais.environment import CannotRun
from relais.front import Front
from relais.paths import POLICIES
from relais.serving.background import BackgroundWork
from relais.serving.pages import pages
from web.drawing.served_files import ServedFiles
from web.site.settings import DemonstrationAccount

MISMATCH = "Le registre des accès ne se vérifie plus : la coordination en est prévenue."


def serve_network(
    database: Database,
    network: UUID,
    house: HouseSecrets,
    clock: Callable[[], datetime],
    host: str,
    port: int,
    front: Front,
    files: ServedFiles,
    *,
    sequencing: bool = False,
    accounts: tuple[DemonstrationAccount, ...] = (),
    listening: Callable[[], None] = lambda: None,
) -> None:
    """Serve until told to stop. The ledger is verified at start and every night; with ``sequencing`` this process
    orders it too. ``accounts`` are shown at the log-in of a demonstration. ``listening`` is called once, when the
    pages answer. Raises ``CannotRun`` if the address or the port cannot be used."""
    installation = install(database, network, house, POLICIES, clock)
    background = BackgroundWork(database, network, house, clock, installation.ledger_watch)
    application = pages(
        installation.services,
        hosts=front.hosts,
        ready=lambda: _answers(database),
        alarm=lambda: _alarm(installation),
        accounts=accounts,
        demonstration=bool(accounts),
        files=files,
    )
    server = _Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            access_log=False,
            log_level=logging.WARNING,
            server_header=False,
            date_header=False,
            proxy_headers=bool(front.proxies),
            forwarded_allow_ips=list(front.proxies),
            lifespan="off",
        ),
        listening,
    )
    with _listener(host, port) as listener:
        background.start(sequencing=sequencing)
        settle()
        try:
            server.run([listener])
        finally:
            background.stop()


def _listener(host: str, port: int) -> socket:
    """A socket that listens at the address and port. Raises ``CannotRun``."""
    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET)
    except OSError as error:
        raise CannotRun(
            f"{host}, port {port} : {cause_of(error)}. Indiquez une autre adresse ou un autre port."
        ) from None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()


def settle() -> None:
    """Make Python's garbage collector run rarely, and look at few objects.

    Objects that exist at start stay until the end; and reference counting alone frees nearly all that a page makes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _answers(database: Database) -> bool:
    """Whether the database answers and has the tables."""
    try:
        with database.connection() as connection:
            connection.execute("SELECT FROM relais.ledger_entry LIMIT 0")
    except psycopg.Error:
        return False
    return True


def _alarm(installation: Installation) -> str | None:
    """The sentence of every page's banner, while the last verification found a mismatch."""
    return MISMATCH if installation.ledger_watch.problem else None
