"""Stream of messages that are made ahead of their reader and wait for it in a spool."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from google.protobuf.message import Message

from services.runtime.fair_threads import in_thread
from services.runtime.limits import Slot
from services.runtime.spool import Spool
from services.runtime.spool_space import SpoolSpace
from services.runtime.spool_writer import SpoolWriter, background_limit

MIB = 1024 * 1024
SPOOL_MB, SPOOL_TOTAL_MB = 4, 1024  # of generation; rendering has settings for its own


class SpooledStreams:
    """Space for the streams of a process whose readers are behind, and their turns in the background."""

    def __init__(self) -> None:
        self._space = SpoolSpace(SPOOL_MB * MIB, SPOOL_TOTAL_MB * MIB)
        self._background = background_limit("time reports in the background")

    @asynccontextmanager
    async def spooled(
        self, messages: AsyncGenerator[Message, None], slot: Slot
    ) -> AsyncIterator[AsyncGenerator[bytes, None]]:
        """Give the messages, serialized, while the context lasts. The slot is released once all are made.

        Raises TooMuch at once where the slot's tenant has no space left. A failure of the messages is raised after
        those before it.
        """
        self._space.check(slot.tenant)
        with Spool(self._space, slot.tenant) as spool:
            writer = SpoolWriter(spool, slot, self._background)
            making = asyncio.create_task(_make(messages, writer))
            making.add_done_callback(writer.end)
            try:
                yield _taken(spool, making)
            finally:
                making.cancel()
                await asyncio.gather(making, return_exceptions=True)


async def _make(messages: AsyncGenerator[Message, None], writer: SpoolWriter) -> None:
    async with aclosing(messages):
        async for message in messages:
            item = await in_thread(message.SerializeToString)
            while not await asyncio.to_thread(writer.put, item):
                await writer.make_room(len(item))
            if (pause_s := writer.pause_s()) > 0:
                await asyncio.sleep(pause_s)


async def _taken(spool: Spool, making: asyncio.Task[None]) -> AsyncGenerator[bytes, None]:
    while (item := await spool.take()) is not None:
        yield item
    await making
