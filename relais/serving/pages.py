"""The pages of one network, connected to its services."""

from collections.abc import Callable
from pathlib import Path

import psycopg
from starlette.types import ASGIApp
from structlog.typing import FilteringBoundLogger

from application.door.services import Services
from domain.storing import Forged
from domain.territory import ZONE
from infrastructure.entrance.entrance import Busy
from infrastructure.formats.directory_line import DirectoryRefused
from infrastructure.formats.envelope import Tampered
from infrastructure.formats.session import ABSOLUTE, IDLE
from infrastructure.formats.session_certificate import CertificateError
from web.asgi import build
from web.drawing.rendering import Renderer
from web.drawing.served_files import ServedFiles
from web.site.login_limits import LoginLimits
from web.site.request_log import request_logger
from web.site.settings import DemonstrationAccount, Failures, Settings, Web

BUILT = Path(__file__).parent.parent.parent / "web" / "static" / "built"

FAILURES = Failures(
    busy=(Busy,),
    unavailable=(psycopg.OperationalError, psycopg.InterfaceError),
    damaged=(Tampered, Forged, DirectoryRefused, CertificateError),
)


def built_files() -> ServedFiles:
    """The files that pages name, as the build left them. Raises ``ServedFilesError`` if its manifest differs."""
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
    """Everything that the pages of one network need. ``hosts`` are the names it may be asked for, without port;
    ``alarm`` gives the sentence of the banner while the ledger does not verify.

    If no ``files`` are given, raises ``ServedFilesError`` as ``built_files`` does.
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
        renderer=Renderer(files, ZONE),
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
    """The ASGI application of one network; the arguments are those of ``wire``."""
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
