"""Routes, and how an address finds one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import compile_path

from web.site.forms import Fields
from web.site.visit import Need, Visit


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address. ``form`` describes what may be posted to it, if anything may."""

    method: str
    path: str
    handler: Callable[[Visit], Response]
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
        """The route of an address and the address's parameters, or ``None``."""
        for route, pattern in self._patterns:
            match = pattern.match(path)
            if match is not None and route.method == method:
                return route, match.groupdict()
        return None

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that an address is asked with."""
        return tuple(route.method for route, pattern in self._patterns if pattern.match(path))
