"""Timeouts of work that is tried again until it goes well."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

PAUSE_S = 0.2
STALLED_S = 60.0  # a loaded machine may take its time, but something moves meanwhile


@dataclass(slots=True)
class Progress:
    """Moment of the last progress, whatever made it; work that waits is given up long after it."""

    stalled_s: float = STALLED_S
    moved_at: float = field(default_factory=time.monotonic)

    def note(self) -> None:
        """Note that something has moved."""
        self.moved_at = time.monotonic()

    @property
    def is_stalled(self) -> bool:
        """Whether nothing has moved for long."""
        return time.monotonic() - self.moved_at > self.stalled_s


async def until(work: Callable[[], Awaitable[bool]], progress: Progress) -> bool:
    """Try until it goes well or until nothing moves any more; say whether it went well, which is progress too."""
    while not await work():
        if progress.is_stalled:
            return False
        await asyncio.sleep(PAUSE_S)
    progress.note()
    return True


async def until_told(work: Callable[[], Awaitable[bool]], stop: asyncio.Event, pause_s: float = PAUSE_S) -> bool:
    """Try until it goes well or until told to stop; say whether it went well."""
    while not stop.is_set():
        if await work():
            return True
        await asyncio.sleep(pause_s)
    return False
