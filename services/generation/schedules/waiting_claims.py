"""Calls that wait for a claim, and the claims of those that are cancelled meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from services.errors import DaybookError
from services.generation.schedules.claims import Claim

LOOK_S = 2.0  # another process may have made a run
Look = Callable[[], Coroutine[Any, Any, Claim | None]]


class WaitingClaims:
    """Calls that look for a claim until they find one; `give_back` gets one whose caller has gone meanwhile."""

    def __init__(self, give_back: Callable[[Claim], Awaitable[None]]) -> None:
        self._give_back = give_back
        self._woken = asyncio.Event()
        self._closed = False
        self._left_behind = set[asyncio.Task[None]]()

    def wake(self) -> None:
        """Let all calls look at once."""
        self._woken.set()

    def close(self) -> None:
        """Let no call wait any longer: the service is going down."""
        self._closed = True
        self._woken.set()

    async def first(self, look: Look, max_wait_s: float) -> Claim | None:
        """Return the first claim that a look finds, None when none is found in time."""
        end_s = asyncio.get_running_loop().time() + max_wait_s
        while True:
            self._woken.clear()
            if found := await self._looked(look):
                return found
            left_s = end_s - asyncio.get_running_loop().time()
            if left_s <= 0 or self._closed:
                return None
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left_s, LOOK_S)):
                    await self._woken.wait()

    async def _looked(self, look: Look) -> Claim | None:
        looking = asyncio.create_task(look())
        try:
            return await asyncio.shield(looking)
        except asyncio.CancelledError:  # a worker that stops
            leaving = asyncio.create_task(self._left(looking))
            self._left_behind.add(leaving)
            leaving.add_done_callback(self._left_behind.discard)
            raise

    async def _left(self, looking: asyncio.Task[Claim | None]) -> None:
        """Give back what a look finds; where that fails the lease ends by itself."""
        with suppress(DaybookError):
            if found := await looking:
                await self._give_back(found)
