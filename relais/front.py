"""The environment variables of the pages: their names, and the proxies that speak for a browser.

Read by ``front_from``:

- ``RELAIS_HOSTS``: the names, without port, under which the pages may be asked for, separated by commas. If it is
  not given, this machine's own.
- ``RELAIS_PROXIES``: the addresses or networks, separated by commas, whose forwarding headers are believed. If it
  is not given, nobody's: a browser's address is then the one that connects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network

HOSTS = "RELAIS_HOSTS"
PROXIES = "RELAIS_PROXIES"
LOCAL = frozenset({"localhost", "127.0.0.1"})


class FrontRefused(Exception):
    """One of the variables cannot be read. ``str()`` is one French line."""


@dataclass(frozen=True, slots=True)
class Front:
    """The pages' names in lower case, and the proxies as the environment writes them."""

    hosts: frozenset[str] = LOCAL
    proxies: tuple[str, ...] = ()


def front_from(environment: Mapping[str, str]) -> Front:
    """Read both variables. Raises ``FrontRefused`` for a value that is not a name, or not an address or a network."""
    hosts = frozenset(name.lower() for name in _listed(environment, HOSTS))
    for name in hosts:
        if not name.isascii() or any(character in name for character in "/:*@ "):
            raise FrontRefused(f"{HOSTS} : « {name} » n'est pas un nom sans port ni adresse.")
    proxies = _listed(environment, PROXIES)
    for proxy in proxies:
        try:
            ip_network(proxy)
        except ValueError:
            raise FrontRefused(
                f"{PROXIES} : « {proxy} » n'est ni une adresse ni un réseau, tel que 10.0.0.0/29."
            ) from None
    return Front(hosts or LOCAL, proxies)


def _listed(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = (part.strip() for part in environment.get(name, "").split(","))
    return tuple(part for part in parts if part)
