"""The parts and settings that the pages are given by the program that starts them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from structlog.typing import FilteringBoundLogger

from application.door.services import Services
from web.drawing.rendering import Renderer
from web.drawing.served_files import ServedFiles
from web.site.login_limits import LoginLimits


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """An invented account that a demonstration offers; never on a real installation."""

    login: str
    name: str
    institution: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that differ from one installation to another.

    ``hosts`` are the names, without port, under which the pages may be asked for. ``idle`` and
    ``absolute`` say after how long a session ends, as the session store has it.
    """

    hosts: frozenset[str]
    demonstration: bool = False
    accounts: tuple[DemonstrationAccount, ...] = ()
    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=10)
    minutes_before_lock: int = 10


@dataclass(frozen=True, slots=True)
class Failures:
    """The exceptions of the store, by their meaning to the reader of a page.

    ``busy``: too many people log in at this moment. ``unavailable``: the store does not answer.
    ``damaged``: a stored row was altered, or the directory does not verify.
    """

    busy: tuple[type[Exception], ...]
    unavailable: tuple[type[Exception], ...]
    damaged: tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Web:
    """Everything that the pages need; ``web.asgi.build`` makes the ASGI application of it.

    ``ready`` says whether the database answers and is migrated; ``alarm`` gives the sentence of the
    banner while the ledger does not verify (a French message id), else ``None``.
    """

    services: Services
    renderer: Renderer
    files: ServedFiles
    settings: Settings
    failures: Failures
    limits: LoginLimits
    log: FilteringBoundLogger
    ready: Callable[[], bool]
    alarm: Callable[[], str | None]
