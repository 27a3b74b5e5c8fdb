"""What the pages are given: the parts of the house and a few settings, wired by whoever starts them."""

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
    """What differs from one installation to another.

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
    """The exceptions of the store, by what they mean to somebody in front of a page.

    ``busy``: too many log in at this moment. ``unavailable``: the store does not answer.
    ``damaged``: something stored is not what was stored, or the directory does not verify.
    """

    busy: tuple[type[Exception], ...]
    unavailable: tuple[type[Exception], ...]
    damaged: tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Web:
    """Everything that the pages ask; ``application.build`` makes the ASGI application of it.

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
