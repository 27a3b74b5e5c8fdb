"""Wires the pages to an installation: what ``relais serve`` and ``relais demo`` serve."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from starlette.types import ASGIApp
from structlog.typing import FilteringBoundLogger

from application.services import Services
from infrastructure.certificates import CertificateError
from infrastructure.directory_lines import DirectoryRefused
from infrastructure.entrance import Busy
from infrastructure.envelopes import Tampered
from infrastructure.sessions import ABSOLUTE, IDLE
from web.application import build
from web.login_limits import LoginLimits
from web.rendering import Renderer
from web.request_log import request_logger
from web.served_files import ServedFiles
from web.settings import Failures, Settings, Web
from web.views.entrance import DemonstrationAccount

BUILT = Path(__file__).parent.parent / "web" / "static" / "built"
TOWN_TIME = ZoneInfo("Europe/Paris")

ALARM = "Le registre ne se vérifie pas : la coordination est prévenue."

FAILURES = Failures(
    busy=(Busy,),
    unavailable=(psycopg.OperationalError, psycopg.InterfaceError),
    damaged=(Tampered, DirectoryRefused, CertificateError),
)


def pages(
    services: Services,
    *,
    hosts: frozenset[str],
    ready: Callable[[], bool],
    accounts: tuple[DemonstrationAccount, ...] = (),
    demonstration: bool = False,
    limits: LoginLimits | None = None,
    log: FilteringBoundLogger | None = None,
) -> ASGIApp:
    """The ASGI application of one network. ``hosts`` are the names it may be asked under, without port.

    Raises ``ServedFilesError`` where the assets were not built.
    """
    files = ServedFiles.load(BUILT)
    settings = Settings(
        hosts=hosts,
        demonstration=demonstration,
        accounts=accounts,
        idle=IDLE,
        absolute=ABSOLUTE,
    )
    web = Web(
        services=services,
        renderer=Renderer(files, TOWN_TIME),
        files=files,
        settings=settings,
        failures=FAILURES,
        limits=limits or LoginLimits(),
        log=log or request_logger(),
        ready=ready,
        alarm=lambda: ALARM if services.ledger_watch().problem else None,
    )
    return build(web)
