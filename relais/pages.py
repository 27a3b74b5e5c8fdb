"""Wires the pages to an installation: what ``relais serve`` and ``relais demo`` serve."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from starlette.types import ASGIApp
from structlog.typing import FilteringBoundLogger

from application.services import Services
from domain.storing import Forged
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

FAILURES = Failures(
    busy=(Busy,),
    unavailable=(psycopg.OperationalError, psycopg.InterfaceError),
    damaged=(Tampered, Forged, DirectoryRefused, CertificateError),
)


def built_files() -> ServedFiles:
    """What the pages name, as the build left it. Raises ``ServedFilesError`` where it is not as its manifest says."""
    return ServedFiles.load(BUILT)


def wire(
    services: Services,
    *,
    hosts: frozenset[str],
    ready: Callable[[], bool],
    alarm: Callable[[], str | None] = lambda: None,
    accounts: tuple[DemonstrationAccount, ...] = (),
    demonstration: bool = False,
    limits: LoginLimits | None = None,
    log: FilteringBoundLogger | None = None,
    files: ServedFiles | None = None,
) -> Web:
    """What the pages of one network are given. ``hosts`` are the names it may be asked under, without port;
    ``alarm`` gives the sentence of the banner while the ledger does not verify.

    Raises ``ServedFilesError``, where no ``files`` are given, as ``built_files`` does.
    """
    files = files or built_files()
    settings = Settings(
        hosts=hosts,
        demonstration=demonstration,
        accounts=accounts,
        idle=IDLE,
        absolute=ABSOLUTE,
    )
    return Web(
        services=services,
        renderer=Renderer(files, TOWN_TIME),
        files=files,
        settings=settings,
        failures=FAILURES,
        limits=limits or LoginLimits(),
        log=log or request_logger(),
        ready=ready,
        alarm=alarm,
    )


def pages(
    services: Services,
    *,
    hosts: frozenset[str],
    ready: Callable[[], bool],
    alarm: Callable[[], str | None] = lambda: None,
    accounts: tuple[DemonstrationAccount, ...] = (),
    demonstration: bool = False,
    files: ServedFiles | None = None,
) -> ASGIApp:
    """The ASGI application of one network, wired as ``wire`` says."""
    return build(
        wire(
            services,
            hosts=hosts,
            ready=ready,
            alarm=alarm,
            accounts=accounts,
            demonstration=demonstration,
            files=files,
        )
    )
