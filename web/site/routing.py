"""What a route is, and how an address finds one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import compile_path

from web.site.forms import Fields

if TYPE_CHECKING:
    from web.site.visit import Visit


class Need(StrEnum):
    """What must be there before a handler runs."""

    NOTHING = "nothing"
    """Nobody is even looked for."""
    ANYBODY = "anybody"
    """Whoever asks, logged in or not."""
    SESSION = "session"
    SIGNATURES = "signatures"
    """A session, and the charter signed by the referent and by the institution (article 1.1)."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address. ``form`` is what may be posted to it, where anything may."""

    method: str
    path: str
    handler: "Callable[[Visit], Response]"
    name: str
    need: Need = Need.SIGNATURES
    form: type[Fields] | None = None


class Table:
    """The routes, to be found by address."""

    def __init__(self, routes: Sequence[Route]) -> None:
        """Take every route, in the order in which addresses are compared."""
        self.routes = tuple(routes)
        self._patterns = [(route, compile_path(route.path)[0]) for route in routes]

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """The route of an address and what the address says, or ``None``."""
        for route, pattern in self._patterns:
            match = pattern.match(path)
            if match is not None and route.method == method:
                return route, match.groupdict()
        return None

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that an address is asked with."""
        return tuple(route.method for route, pattern in self._patterns if pattern.match(path))
