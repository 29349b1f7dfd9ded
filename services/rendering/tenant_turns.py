"""Turns of a tenant's threads at computing, so that others share the processor with one of them only."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary


class Turn:
    """Lock that its holder leaves while it waits for anything; threads have it in the order in which they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # held for what is below
        self._is_held = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock inside the context."""
        self._acquire()
        try:
            yield
        finally:
            self._release()

    @contextmanager
    def left(self) -> Iterator[None]:
        """Leave the lock, which is held, to others inside the context."""
        self._release()
        try:
            yield
        finally:
            self._acquire()

    def _acquire(self) -> None:
        with self._lock:
            if not self._is_held:
                self._is_held = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()

    def _release(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()  # it is held on
            else:
                self._is_held = False


class TenantTurns:
    """The turn of each tenant whose threads compute."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()

    def of(self, tenant: str) -> Turn:
        """Return the turn that all threads of a tenant share."""
        return self._turns.setdefault(tenant, Turn())
