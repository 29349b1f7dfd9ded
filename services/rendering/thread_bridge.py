"""Bridge between the event loop and a thread that writes a file: bounded queues of parts and of bytes."""

import asyncio
import io
import time
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import CancelledError
from contextlib import aclosing
from queue import SimpleQueue
from typing import BinaryIO

from daybook.generation.v1.generation_service_pb2 import StreamedPart

from services.rendering.tenant_turns import Turn
from services.runtime.spool_writer import SpoolWriter

PARTS_AHEAD = 2


class Abandoned(Exception):
    """The file is no longer wanted; raised in the thread that writes it."""


class PartQueue:
    """Queue of parts for the thread, which waits for the next; reading waits while a few parts are ahead."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._loop = asyncio.get_running_loop()
        self._slots = asyncio.Semaphore(PARTS_AHEAD)
        self._items: SimpleQueue[StreamedPart | Exception | None] = SimpleQueue()
        self._stopped = False

    async def fill(self, parts: AsyncGenerator[StreamedPart, None]) -> None:
        """Put the parts into the queue as they come; an error that breaks them off is raised in the thread."""
        last: Exception | None = None
        try:
            async with aclosing(parts):
                async for part in parts:
                    await self._slots.acquire()
                    self._items.put(part)
        except Exception as error:  # noqa: BLE001 the thread raises it, and so ends the render with it
            last = error
        self._items.put(last)

    def parts(self) -> Iterator[StreamedPart]:
        """Yield the parts to the thread, which holds its turn.

        Raises Abandoned once stopped, and the error that broke the parts off.
        """
        while not self._stopped:
            with self._turn.left():
                item = self._items.get()
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            self._loop.call_soon_threadsafe(self._slots.release)
            yield item
        raise Abandoned

    def stop(self) -> None:
        """End the thread's reading at its next part, also when it is waiting for one."""
        self._stopped = True
        self._items.put(Abandoned())


class ByteStream(io.BufferedIOBase, BinaryIO):
    """Writable file whose bytes go to a spool in chunks; writing waits while there is no room for the next.

    Without `chunk_bytes` whatever is written at once is a chunk.
    """

    def __init__(self, chunk_bytes: int | None, spool: SpoolWriter, turn: Turn) -> None:
        self._loop = asyncio.get_running_loop()
        self._turn = turn
        self._spool = spool
        self._chunk_bytes = chunk_bytes
        self._pending = bytearray()
        self._stopped = False

    def writable(self) -> bool:
        """Return True: the file is for writing."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # formats write bytes
        """Add bytes and send the chunks they fill.

        Raises Abandoned once stopped.
        """
        if self._chunk_bytes is None:
            self._send(data)
            return len(data)
        rest = memoryview(data)
        if self._pending:
            missing = self._chunk_bytes - len(self._pending)
            self._pending += rest[:missing]
            rest = rest[missing:]
            if len(self._pending) == self._chunk_bytes:
                self._send(bytes(self._pending))
                self._pending.clear()
        while len(rest) >= self._chunk_bytes:
            self._send(bytes(rest[: self._chunk_bytes]))
            rest = rest[self._chunk_bytes :]
        self._pending += rest
        return len(data)

    def finish(self) -> None:
        """Send the rest, a chunk shorter than all before it. The file is whole."""
        if self._pending:
            self._send(bytes(self._pending))

    def _send(self, chunk: bytes) -> None:
        while not self._stopped and not self._spool.put(chunk):
            room = asyncio.run_coroutine_threadsafe(self._spool.make_room(len(chunk)), self._loop)
            try:
                with self._turn.left():
                    room.result()
            except CancelledError:
                break
        if self._stopped:
            raise Abandoned
        if (pause_s := self._spool.pause_s()) > 0:
            with self._turn.left():
                time.sleep(pause_s)

    def stop(self) -> None:
        """End the thread's writing at its next chunk, also when it is waiting to send one; called in the loop."""
        self._stopped = True
        self._spool.release()
