"""Threads that compute for calls, one of a tenant at a time: others share the processor with one of them only."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

P = ParamSpec("P")
T = TypeVar("T")

BUSY_S = 1.0  # computed for several calls at once: small reports of one page are not slowed down
REST = 2.0  # times as long as it has just computed a busy tenant leaves the interpreter to others
LONGEST_REST_S = 0.5
LATELY_S = 1.0

tenant: ContextVar[str] = ContextVar("tenant", default="")  # whom the call of this task counts for


class CallTimes:
    """Time of the latest call to this process."""

    def __init__(self) -> None:
        self._latest_s = float("-inf")

    def note(self) -> None:
        """Take note of a call that begins now."""
        self._latest_s = time.monotonic()

    def came_lately(self) -> bool:
        """Return whether a call began within the last second."""
        return time.monotonic() - self._latest_s < LATELY_S


class Turn:
    """Turn of a tenant at computing. Once it has computed for long for several calls it rests while calls come."""

    def __init__(self, busy_s: float = BUSY_S) -> None:
        self._lock = asyncio.Lock()
        self._callers = 0
        self._left_s = busy_s  # until it rests

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold the turn inside the context; the next caller has it once the rest is over."""
        self._callers += 1
        try:
            await self._lock.acquire()
        except BaseException:
            self._callers -= 1
            raise
        began_s = time.monotonic()
        try:
            yield
        finally:
            self._callers -= 1
            computed_s = time.monotonic() - began_s
            self._left_s -= computed_s
            if self._callers and self._left_s < 0 and calls.came_lately():
                rest_s = min(REST * computed_s, LONGEST_REST_S)
                asyncio.get_running_loop().call_later(rest_s, self._lock.release)
            else:
                self._lock.release()


calls = CallTimes()
_turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()  # gone with their last callers


async def in_thread(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Return the result of work in a thread, in the tenant's turn; a call that counts for none waits for no other."""
    if not tenant.get():
        return await asyncio.to_thread(work, *args, **named)
    async with _turns.setdefault(tenant.get(), Turn()).held():
        return await asyncio.to_thread(work, *args, **named)
