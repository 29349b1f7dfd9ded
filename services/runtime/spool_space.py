"""Space for what waits for readers, in memory and on disk: bounded in all and for each tenant."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.errors import TooMuch

SHARES = 4  # of the space in all; a tenant has at most one
SPOOLS_IN_MEMORY = 16  # so many may fill their memory at once; the others go to files sooner


class SpaceLimit:
    """Bytes that may be taken in all, and a quarter of them by one tenant. Safe in threads."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._taken: Counter[str] = Counter()
        self._refused: set[str] = set()  # tenants that got nothing, since when nothing was given back
        self._lock = threading.Lock()

    def take(self, tenant: str, size: int) -> bool:
        """Return whether so many bytes are taken; False when there is no space for them."""
        with self._lock:
            if size > self._left(tenant):
                self._refused.add(tenant)
                return False
            self._taken[tenant] += size
            return True

    def give_back(self, tenant: str, size: int) -> None:
        """Give bytes back."""
        with self._lock:
            self._taken[tenant] -= size
            if not self._taken[tenant]:
                del self._taken[tenant]
            self._refused.clear()

    def has(self, tenant: str, size: int) -> bool:
        """Return whether so many bytes may be taken."""
        with self._lock:
            return size <= self._left(tenant)

    def _left(self, tenant: str) -> int:
        return min(self._total - self._taken.total(), self._total // SHARES - self._taken[tenant])

    def is_full(self, tenant: str) -> bool:
        """Return whether the tenant was refused and nothing has been given back since."""
        with self._lock:
            return tenant in self._refused


class SpoolSpace:
    """Memory and disk space for what waits for readers. Safe in threads."""

    def __init__(self, memory_bytes: int, disk_bytes: int) -> None:
        self.memory_bytes = memory_bytes  # of one spool
        self.memory = SpaceLimit(memory_bytes * SPOOLS_IN_MEMORY)
        self.disk = SpaceLimit(disk_bytes)
        self._listeners: set[Callable[[], None]] = set()

    def check(self, tenant: str) -> None:
        """Raise TooMuch when the tenant has no space left."""
        if self.disk.is_full(tenant):
            raise TooMuch

    def give_back(self, limit: SpaceLimit, tenant: str, size: int) -> None:
        """Give bytes back, and tell so to all who wait for space."""
        limit.give_back(tenant, size)
        for tell in list(self._listeners):
            tell()

    @contextmanager
    def told(self, tell: Callable[[], None]) -> Iterator[None]:
        """Call a function, from any thread, whenever there is more space while the context lasts."""
        self._listeners.add(tell)
        try:
            yield
        finally:
            self._listeners.discard(tell)
