"""Stats that are read from the store again and again, for gauges."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.errors import StoreUnavailable

log = logging.getLogger("daybook.meters")

S = TypeVar("S")


async def watch_stats(read: Callable[[], Awaitable[S]], show: Callable[[S], None], unknown: S, every_s: float) -> None:
    """Read stats and show them until cancelled; those that are unknown while the store is away."""
    while True:
        stats = unknown
        try:
            stats = await read()
        except StoreUnavailable:
            pass  # the store's own watch tells it
        except Exception:
            log.exception("stats cannot be read")  # the watch must outlive any answer of the store
        show(stats)
        await asyncio.sleep(every_s)
