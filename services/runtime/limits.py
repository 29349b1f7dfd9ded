"""Limits on how much work is done at once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType

from services.errors import TooMuch
from services.runtime.metrics import PLACES, PLACES_REFUSED, PLACES_TAKEN, PLACES_WAITING


class ConcurrencyLimit:
    """A number of slots with a bounded queue in front; metrics show its name.

    At most `waiting` callers wait for a slot, each for at most `wait_s` seconds.
    """

    def __init__(self, name: str, slots: int, *, waiting: int, wait_s: float) -> None:
        self._free = asyncio.Semaphore(slots)
        self._queue_left = waiting
        self._wait_s = wait_s
        self._taken, self._waiting = PLACES_TAKEN.labels(name), PLACES_WAITING.labels(name)
        self._refused = PLACES_REFUSED.labels(name)
        PLACES.labels(name).set(slots)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot inside the context.

        Raises TooMuch when the queue is full, or when no slot came free in time.
        """
        await self._acquire()
        try:
            with self._taken.track_inprogress():
                yield
        finally:
            self._free.release()

    async def _acquire(self) -> None:
        if self._free.locked() and not self._queue_left:
            self._refused.inc()
            raise TooMuch
        self._queue_left -= 1
        try:
            with self._waiting.track_inprogress():
                async with asyncio.timeout(self._wait_s):
                    await self._free.acquire()
        except TimeoutError:
            self._refused.inc()
            raise TooMuch from None
        finally:
            self._queue_left += 1


class DynamicSemaphore:
    """A fair semaphore whose size may change: `size` is asked for again whenever a holder leaves or a caller comes."""

    def __init__(self, size: Callable[[], int]) -> None:
        self._size = size
        self._held = 0
        self._waiters: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(turn)
        self._wake()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _release(self) -> None:
        self._held -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiters and self._held < self._size():
            turn = self._waiters.popleft()
            if not turn.cancelled():
                turn.set_result(None)
                self._held += 1
