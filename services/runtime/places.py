"""Places for work that must not be done too often at once, and a bounded queue for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.errors import TooMuch


class Places:
    """So many places, a queue of so many behind them, and the longest wait in it, in seconds."""

    def __init__(self, places: int, *, waiting: int, wait_s: float) -> None:
        self._free = asyncio.Semaphore(places)
        self._room = waiting
        self._wait_s = wait_s

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Hold a place inside the context.

        Raises TooMuch when the queue is full, or when no place came free in time.
        """
        await self._take()
        try:
            yield
        finally:
            self._free.release()

    async def _take(self) -> None:
        if self._free.locked() and not self._room:
            raise TooMuch
        self._room -= 1
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise TooMuch from None
        finally:
            self._room += 1
