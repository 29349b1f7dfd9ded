"""Least rate of readers: how slowly what waits for one may be taken."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LEAST_BYTES_PER_S = 10_000
WINDOW_S = 60.0


class SlowReader(Exception):
    """A reader takes less than the least rate."""


class ReaderRate:
    """Rate of the reader of a stream, over windows of so many seconds in which something waited for it."""

    def __init__(self, window_s: float = WINDOW_S) -> None:
        self.window_s = window_s
        self._waited_s = 0.0
        self._taken = 0

    def count(self, waited_s: float, taken: int) -> bool:
        """Add bytes that the reader took and how long they waited; return whether a window has shown it too slow."""
        self._waited_s += waited_s
        self._taken += taken
        if self._waited_s < self.window_s:
            return False
        is_slow = self._taken < LEAST_BYTES_PER_S * self._waited_s
        self._waited_s, self._taken = 0.0, 0
        return is_slow

    @property
    def left_s(self) -> float:
        """Seconds of waiting until the window is over."""
        return self.window_s - self._waited_s

    @asynccontextmanager
    async def taking(self, size: int) -> AsyncIterator[None]:
        """Count so many bytes, for which the block waits, as a whole; they may take what they need at the least rate.

        Raises SlowReader.
        """
        began_s = time.monotonic()
        needed_s = min(size / LEAST_BYTES_PER_S, 2 * self.window_s)
        try:
            async with asyncio.timeout(max(self.left_s, needed_s)):
                yield
        except TimeoutError:
            raise SlowReader from None
        if self.count(time.monotonic() - began_s, size):
            raise SlowReader
