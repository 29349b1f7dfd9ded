"""Timeouts of work that is tried again until it goes well."""

import asyncio
import time
from collections.abc import Awaitable, Callable

PAUSE_S = 0.2


async def until(work: Callable[[], Awaitable[bool]], within_s: float) -> bool:
    """Try until it goes well; say whether it did in time."""
    ends = time.monotonic() + within_s
    while not await work():
        if time.monotonic() > ends:
            return False
        await asyncio.sleep(PAUSE_S)
    return True


async def until_told(work: Callable[[], Awaitable[bool]], stop: asyncio.Event, pause_s: float = PAUSE_S) -> bool:
    """Try until it goes well or until told to stop; say whether it went well."""
    while not stop.is_set():
        if await work():
            return True
        await asyncio.sleep(pause_s)
    return False
