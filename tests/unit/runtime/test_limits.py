"""Limits on how much work is done at once."""

import asyncio

import pytest

from services.errors import TooMuch
from services.runtime.limits import ConcurrencyLimit, DynamicSemaphore


async def test_no_more_than_the_slots_are_held_at_once() -> None:
    """Of ten that want two slots, two hold one at any time, and all get one in the end."""
    limit, held, most, served = ConcurrencyLimit("work", 2, waiting=8, wait_s=5), 0, 0, 0

    async def work() -> None:
        nonlocal held, most, served
        async with limit.slot():
            held += 1
            most = max(most, held)
            await asyncio.sleep(0)
            held -= 1
            served += 1

    await asyncio.gather(*(work() for _ in range(10)))

    assert (2, 10) == (most, served)


async def test_a_full_queue_refuses_at_once() -> None:
    """A caller beyond the slots and the queue is refused; those in the queue are not."""
    limit = ConcurrencyLimit("work", 1, waiting=1, wait_s=5)
    async with limit.slot():
        waiting = asyncio.ensure_future(_hold(limit))
        await asyncio.sleep(0)
        with pytest.raises(TooMuch):
            await _hold(limit)
    await waiting


async def test_without_a_queue_a_free_slot_is_still_given() -> None:
    """A queue of none refuses only while the slots are held."""
    limit = ConcurrencyLimit("work", 1, waiting=0, wait_s=5)

    await _hold(limit)
    async with limit.slot():
        with pytest.raises(TooMuch):
            await _hold(limit)
    await _hold(limit)


async def test_waiting_ends_with_a_refusal() -> None:
    """A caller that gets no slot in time is refused, and leaves the queue to others."""
    limit = ConcurrencyLimit("work", 1, waiting=1, wait_s=0.01)
    async with limit.slot():
        for _ in range(2):
            with pytest.raises(TooMuch):
                await _hold(limit)
    await _hold(limit)


async def test_a_caller_cancelled_while_waiting_takes_no_slot() -> None:
    """Neither the queue nor the slots shrink when a client goes away in the queue."""
    limit = ConcurrencyLimit("work", 1, waiting=1, wait_s=5)
    async with limit.slot():
        for _ in range(3):
            waiting = asyncio.ensure_future(_hold(limit))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
    await _hold(limit)


async def _hold(limit: ConcurrencyLimit) -> None:
    async with limit.slot():
        pass


class Workers:
    """Tasks that hold a semaphore whose size may change."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.semaphore = DynamicSemaphore(lambda: self.size)
        self.inside: list[int] = []
        self.leave = asyncio.Event()

    async def work(self, number: int) -> None:
        async with self.semaphore:
            self.inside.append(number)
            await self.leave.wait()

    def begin(self, count: int) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.work(number)) for number in range(count)]


async def settle() -> None:
    """Let all other tasks go as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_than_the_size_hold_a_dynamic_semaphore() -> None:
    """The others follow in the order in which they asked."""
    workers = Workers(2)
    tasks = workers.begin(5)
    await settle()
    assert [0, 1] == workers.inside
    workers.leave.set()
    await asyncio.gather(*tasks)

    assert [0, 1, 2, 3, 4] == workers.inside


async def test_a_dynamic_semaphore_that_grew_admits_more() -> None:
    """The size counts that holds when a holder leaves."""
    workers = Workers(1)
    tasks = workers.begin(4)
    await settle()
    workers.size = 3
    tasks[0].cancel()
    await settle()

    assert [0, 1, 2, 3] == workers.inside
    workers.leave.set()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_cancelled_waiter_holds_no_semaphore() -> None:
    """Neither before its turn nor in the moment when it comes."""
    workers = Workers(1)
    tasks = workers.begin(4)
    await settle()
    tasks[1].cancel()
    tasks[0].cancel()
    await asyncio.sleep(0)
    tasks[2].cancel()
    await settle()

    assert 3 == workers.inside[-1]
    workers.leave.set()
    await asyncio.gather(*tasks, return_exceptions=True)
