"""Writer's side of a spool: in the foreground while its reader keeps up, else in the background, by turns."""

import asyncio
import time

from services.runtime.limits import ConcurrencyLimit, Slot
from services.runtime.spool import Spool

BACKGROUND = 1  # writers at once in a process; more would only slow down those in the foreground
PAUSE = 3.0  # times as long as it has worked a writer in the background leaves the processor to others
LONGEST_PAUSE_S = 0.5
GRACE_S = 0.5  # for a reader that is only a little behind: nothing is written to files for it


class SpoolWriter:
    """Writer that holds its slot only while its reader takes what it writes.

    Once the reader is behind, the slot is left to others, and the writer goes on as soon as either the reader has taken
    enough, with the slot, or its turn in the background comes, without: then it fills the memory and writes to files,
    up to the end.
    """

    def __init__(self, spool: Spool, slot: Slot, background: ConcurrencyLimit) -> None:
        self._spool = spool
        self._slot = slot
        self._background = background
        self._turn: Slot | None = None  # in the background
        self._waiting: asyncio.Task[None] | None = None
        self._is_released = False
        self._began_s = time.monotonic()  # the making of the next item

    def put(self, item: bytes) -> bool:
        """Return whether the item is taken; if not, `make_room` comes before the next try. Called in any thread."""
        return self._spool.put(item, far_ahead=self._turn is not None)

    def pause_s(self) -> float:
        """Return how long to pause before the next item is made: behind a slow reader, so that others are quick."""
        worked_s = time.monotonic() - self._began_s
        pause_s = min(PAUSE * worked_s, LONGEST_PAUSE_S) if self._spool.is_behind else 0.0
        self._began_s = time.monotonic() + pause_s
        return pause_s

    async def make_room(self, size: int) -> None:
        """Wait until there may be room for so many bytes that were not taken. Raises CancelledError once released."""
        if self._is_released:
            raise asyncio.CancelledError
        self._waiting = asyncio.current_task()
        is_disk_full = self._turn is not None
        try:
            self._slot.suspend()
            if self._turn is not None:
                self._turn.release()
                self._turn = None
            await self._next_turn(size, is_disk_full=is_disk_full)
        finally:
            self._waiting = None

    async def _next_turn(self, size: int, *, is_disk_full: bool) -> None:
        turn = self._background.wanted(self._slot.tenant)

        async def hold() -> None:
            if is_disk_full:
                await self._spool.has_disk(size)
            else:
                await asyncio.sleep(GRACE_S)
            await turn.hold()

        reader, background = asyncio.ensure_future(self._spool.is_taken(size)), asyncio.ensure_future(hold())
        try:
            await asyncio.wait({reader, background}, return_when=asyncio.FIRST_COMPLETED)
            if reader.done():
                turn.release()
                await self._slot.hold()
            else:
                self._turn = turn
        finally:
            reader.cancel()
            background.cancel()
            if self._turn is not turn:
                turn.release()

    def end(self, _: object = None) -> None:
        """Give back what is held, and end the reader's items; called in the loop."""
        self.release()
        self._spool.end()

    def release(self) -> None:
        """Give back what is held, for good; `make_room` is cancelled."""
        self._is_released = True
        self._slot.release()
        if self._turn is not None:
            self._turn.release()
        if self._waiting is not None:
            self._waiting.cancel()


def background_limit(name: str) -> ConcurrencyLimit:
    """Return the limit of a process on its writers in the background; any number waits."""
    return ConcurrencyLimit(name, BACKGROUND, waiting=0, wait_s=0)
