"""Places for work that must not be done too often at once, and a bounded queue for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.errors import TooMuch
from services.runtime.metrics import PLACES, PLACES_REFUSED, PLACES_TAKEN, PLACES_WAITING


class Places:
    """So many places, a queue of so many behind them, and the longest wait in it, in seconds; metrics show the name."""

    def __init__(self, name: str, places: int, *, waiting: int, wait_s: float) -> None:
        self._free = asyncio.Semaphore(places)
        self._room = waiting
        self._wait_s = wait_s
        self._taken, self._waiting = PLACES_TAKEN.labels(name), PLACES_WAITING.labels(name)
        self._refused = PLACES_REFUSED.labels(name)
        PLACES.labels(name).set(places)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Hold a place inside the context.

        Raises TooMuch when the queue is full, or when no place came free in time.
        """
        await self._take()
        try:
            with self._taken.track_inprogress():
                yield
        finally:
            self._free.release()

    async def _take(self) -> None:
        if self._free.locked() and not self._room:
            self._refused.inc()
            raise TooMuch
        self._room -= 1
        try:
            with self._waiting.track_inprogress():
                async with asyncio.timeout(self._wait_s):
                    await self._free.acquire()
        except TimeoutError:
            self._refused.inc()
            raise TooMuch from None
        finally:
            self._room += 1
