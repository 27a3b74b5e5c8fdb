"""Wrong tries to log in, counted by source and never by account: nobody can be locked out."""

import math
import time
from ipaddress import IPv6Address, ip_address

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

TRIES = "20/5 minutes"


class LoginLimits:
    """Counts the wrong tries of each source. Each process counts for itself: ``relais serve`` is one process."""

    def __init__(self, tries: str = TRIES) -> None:
        """``tries`` is in the notation of the ``limits`` package."""
        self._limit = parse(tries)
        self._counter = MovingWindowRateLimiter(MemoryStorage())

    def minutes_to_wait(self, source: str) -> int | None:
        """How long a source must wait before it may try again, or ``None`` if it may now."""
        network = _network_of(source)
        if self._counter.test(self._limit, network):
            return None
        reset, _remaining = self._counter.get_window_stats(self._limit, network)
        return max(1, math.ceil((reset - time.time()) / 60))

    def forget(self) -> None:
        """Let every source begin anew."""
        self._counter.storage.reset()

    def count(self, source: str) -> None:
        """Count a wrong try."""
        self._counter.hit(self._limit, _network_of(source))


def _network_of(source: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one, whose holder can change the rest at will."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        return address.exploded[:19]
    return source
