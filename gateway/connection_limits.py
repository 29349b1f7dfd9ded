"""Limits on how many connections there are, in all and from one address, and counted log lines about them."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

from services.runtime.addresses import network_of
from services.runtime.metrics import counter, gauge

CONNECTIONS = gauge("daybook_connections", "Connections of HTTP clients now")
REFUSED = counter("daybook_connections_refused", "Connections that were closed at once: there were too many", "of")
LINE_EVERY_S = 1.0


class ConnectionLimits:
    """Counts connections. Those of an IPv6 network of 64 bits are of one address; trusted proxies have no share."""

    def __init__(self, at_once: int, per_address: int, is_proxy: Callable[[str], bool]) -> None:
        self._at_once = at_once
        self._per_address = per_address
        self._is_proxy = is_proxy
        self._open: Counter[str] = Counter()
        self._total = 0

    def take(self, address: str) -> bool:
        """Count a connection; return False, and count nothing, when there are too many."""
        network = network_of(address)
        if self._total >= self._at_once:
            REFUSED.labels("all").inc()
            return False
        if self._open[network] >= self._per_address and not self._is_proxy(address):
            REFUSED.labels("address").inc()
            return False
        self._open[network] += 1
        self._total += 1
        CONNECTIONS.set(self._total)
        return True

    def give_back(self, address: str) -> None:
        """Count a connection no more."""
        network = network_of(address)
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]
        self._total -= 1
        CONNECTIONS.set(self._total)


class CountedLine:
    """Log line about something that may happen very often: it is written once a second, with a count."""

    def __init__(self, log: logging.Logger, message: str) -> None:
        self._log = log
        self._message = message
        self._count = 0
        self._cause = ""
        self._timer: asyncio.TimerHandle | None = None

    def note(self, cause: str) -> None:
        """Count it once more."""
        self._count, self._cause = self._count + 1, cause
        if self._timer is None:
            self._write()

    def _write(self) -> None:
        self._timer = None
        if self._count:
            self._log.warning(self._message, extra={"count": self._count, "cause": self._cause})
            self._count = 0
            self._timer = asyncio.get_running_loop().call_later(LINE_EVERY_S, self._write)
