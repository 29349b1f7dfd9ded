"""Writers whose readers are behind leave their slots, and write on in the background by turns."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.errors import TooMuch
from services.runtime import spool, spool_writer
from services.runtime.limits import ConcurrencyLimit, Slot
from services.runtime.spool import Spool
from services.runtime.spool_space import SHARES, SpoolSpace
from services.runtime.spool_writer import SpoolWriter, background_limit

ANN, BOB = "account 1", "account 2"
KB = 1024
ITEM = b"x" * KB


class Stream:
    """A writer that puts items as fast as it may, and its reader."""

    def __init__(self, writers: "Writers", slot: Slot, count: int) -> None:
        self.spool = Spool(writers.space, slot.tenant)
        self.writer = SpoolWriter(self.spool, slot, writers.background)
        self.written = 0
        self.task = asyncio.create_task(self._write(count))
        self.task.add_done_callback(self.writer.end)

    async def _write(self, count: int) -> None:
        for _ in range(count):
            while not self.writer.put(ITEM):
                await self.writer.make_room(KB)
            self.written += 1

    async def take(self, count: int) -> None:
        """Take items, and let the writer go on."""
        for _ in range(count):
            assert await self.spool.take() == ITEM
        await settle()

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.spool.close()


class Writers:
    """Two slots, memory of 4 items each, 20 items on disk for each tenant, and one turn in the background."""

    def __init__(self) -> None:
        self.space = SpoolSpace(4 * KB, SHARES * 20 * KB)
        self.limit = ConcurrencyLimit("work", 2, waiting=4, wait_s=60, per_tenant=9, suspended=9)
        self.background = background_limit("background")
        self.streams: list[Stream] = []

    async def write(self, tenant: str, count: int) -> Stream:
        """Begin a stream, and let it go on as far as it can."""
        slot = self.limit.wanted(tenant)
        await slot.hold()
        self.streams.append(Stream(self, slot, count))
        await settle()
        return self.streams[-1]


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


@pytest_asyncio.fixture
async def writers(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Writers]:
    monkeypatch.setattr(spool_writer, "GRACE_S", 0)
    made = Writers()
    yield made
    for stream in made.streams:
        await stream.close()
    assert 2 == made.limit._free
    assert 1 == made.background._free
    assert 0 == made.space.disk._taken.total() + made.space.memory._taken.total()


async def test_a_writer_whose_reader_is_behind_ends_without_its_slot(writers: Writers) -> None:
    """Its file waits on the disk; the reader has it whole."""
    stream = await writers.write(ANN, 10)
    assert stream.task.done()
    await stream.take(10)
    assert await stream.spool.take() is None


async def test_a_reader_that_is_a_little_behind_costs_no_file(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has some time to take what is in memory."""
    monkeypatch.setattr(spool_writer, "GRACE_S", 60)
    stream = await writers.write(ANN, 20)
    for _ in range(10):
        await stream.take(2)
        assert not stream.spool._segments
    assert stream.task.done()


async def test_without_a_turn_a_writer_is_little_ahead_of_its_reader(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though memory has more room, which is filled in the background: what nobody takes may wait to be made."""
    monkeypatch.setattr(spool, "AHEAD_BYTES", 2 * KB)
    turn = writers.background.wanted(BOB)
    await turn.hold()
    stream = await writers.write(ANN, 10)
    assert (2, 2) == (stream.written, writers.limit._free)
    await stream.take(1)
    assert (3, 2) == (stream.written, writers.limit._free)
    turn.release()
    await settle()
    assert stream.task.done()


async def test_an_item_larger_than_a_reader_may_leave_goes_alone(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reader is waited for before the next."""
    monkeypatch.setattr(spool, "AHEAD_BYTES", KB // 2)
    turn = writers.background.wanted(BOB)
    await turn.hold()
    stream = await writers.write(ANN, 3)
    for written in (1, 2, 3):
        assert written == stream.written
        await stream.take(1)
    turn.release()
    assert stream.task.done()


async def test_what_fits_into_memory_takes_no_turn(writers: Writers) -> None:
    """While another writer has it."""
    await writers.write(ANN, 100)
    stream = await writers.write(BOB, 4)
    assert stream.task.done()


async def test_a_writer_without_a_turn_goes_on_when_its_reader_does(writers: Writers) -> None:
    """It has its slot again meanwhile, as long as there is memory."""
    turn = writers.background.wanted(ANN)
    await turn.hold()
    stream = await writers.write(BOB, 12)
    assert (4, 2) == (stream.written, writers.limit._free)
    await stream.take(1)
    assert 4 == stream.written
    await stream.take(1)
    assert (6, 2) == (stream.written, writers.limit._free)
    turn.release()
    await settle()
    assert stream.task.done()


async def test_a_writer_without_space_leaves_turn_and_slot_to_others(writers: Writers) -> None:
    """It goes on when its reader has made room."""
    eve = await writers.write(ANN, 100)
    assert (24, 2, 1) == (eve.written, writers.limit._free, writers.background._free)
    with pytest.raises(TooMuch):
        writers.space.check(ANN)
    bob = await writers.write(BOB, 20)
    assert bob.task.done()
    await eve.take(4)
    assert eve.written > 24
    await eve.take(eve.written - 4)
    assert eve.written > 28


async def test_a_released_writer_waits_no_more(writers: Writers) -> None:
    """Wherever it waits."""
    turn = writers.background.wanted(ANN)
    await turn.hold()
    stream = await writers.write(BOB, 100)
    stream.writer.release()
    await settle()
    turn.release()

    assert stream.task.cancelled()
