"""Limits on how much work is done at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.errors import TooMuch
from services.runtime.limits import ConcurrencyLimit, HoldTimes, Slot

ANN, BOB, EVE = "account 1", "account 2", "account 3"


async def test_no_more_than_the_slots_are_held_at_once() -> None:
    """Of ten that want two slots, two hold one at any time, and all get one in the end."""
    limit, held, most, served = ConcurrencyLimit("work", 2, waiting=16, wait_s=5), 0, 0, 0

    async def work() -> None:
        nonlocal held, most, served
        async with limit.slot(ANN):
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
    async with limit.slot(ANN):
        waiting = asyncio.ensure_future(_hold(limit))
        await asyncio.sleep(0)
        with pytest.raises(TooMuch):
            await _hold(limit)
    await waiting


async def test_without_a_queue_a_free_slot_is_still_given() -> None:
    """A queue of none refuses only while the slots are held."""
    limit = ConcurrencyLimit("work", 1, waiting=0, wait_s=5)

    await _hold(limit)
    async with limit.slot(ANN):
        with pytest.raises(TooMuch):
            await _hold(limit)
    await _hold(limit)


async def test_waiting_ends_with_a_refusal() -> None:
    """A caller that gets no slot in time is refused, and leaves the queue to others."""
    limit = ConcurrencyLimit("work", 1, waiting=1, wait_s=0.01)
    async with limit.slot(ANN):
        for _ in range(2):
            with pytest.raises(TooMuch):
                await _hold(limit)
    await _hold(limit)


async def test_a_caller_cancelled_while_waiting_takes_no_slot() -> None:
    """Neither the queue nor the slots shrink when a client goes away in the queue."""
    limit = ConcurrencyLimit("work", 1, waiting=1, wait_s=5)
    async with limit.slot(ANN):
        for _ in range(3):
            waiting = asyncio.ensure_future(_hold(limit))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
    await _hold(limit)


async def _hold(limit: ConcurrencyLimit) -> None:
    async with limit.slot(ANN):
        pass


class Holders:
    """Callers of a limit, by tenant. Each holds its slot until it is told to leave."""

    def __init__(self, limit: ConcurrencyLimit) -> None:
        self._limit = limit
        self.served: list[str] = []  # in order
        self.slots: list[Slot] = []
        self.tasks: list[asyncio.Task[None]] = []
        self._leave: list[asyncio.Event] = []

    async def come(self, tenant: str, count: int = 1) -> None:
        """Let callers ask for slots."""
        self.tasks += [asyncio.create_task(self._hold(tenant)) for _ in range(count)]
        await settle()

    async def leave(self, place: int) -> None:
        """Let a holder leave, by its place in the order of service."""
        self._leave[place].set()
        await settle()

    async def _hold(self, tenant: str) -> None:
        async with self._limit.slot(tenant) as slot:
            self.served.append(tenant)
            self.slots.append(slot)
            self._leave.append(asyncio.Event())
            await self._leave[-1].wait()

    def refused(self) -> int:
        """Return how many were refused so far."""
        return sum(isinstance(task.exception(), TooMuch) for task in self.tasks if task.done())


@pytest_asyncio.fixture
async def two_slots() -> AsyncIterator[Holders]:
    """Two slots and a queue of sixteen."""
    holders = Holders(ConcurrencyLimit("work", 2, waiting=16, wait_s=60))
    yield holders
    for task in holders.tasks:
        task.cancel()
    await asyncio.gather(*holders.tasks, return_exceptions=True)


async def test_who_holds_nothing_is_next(two_slots: Holders) -> None:
    """Bob comes behind eight of Eve's and has the first slot that she leaves; then they take turns."""
    await two_slots.come(EVE, 10)
    await two_slots.come(BOB, 3)
    for place in range(6):
        await two_slots.leave(place)

    assert [EVE, EVE, BOB, EVE, BOB, EVE, BOB, EVE] == two_slots.served


async def test_tenants_with_equally_many_slots_take_turns() -> None:
    """Of three tenants, whoever was served longest ago is next, however many callers each has."""
    holders = Holders(ConcurrencyLimit("work", 1, waiting=20, wait_s=60))
    await holders.come(EVE, 5)
    await holders.come(ANN, 2)
    await holders.come(BOB, 2)
    for place in range(9):
        await holders.leave(place)

    assert [EVE, ANN, BOB, EVE, ANN, BOB, EVE, EVE, EVE] == holders.served


async def test_half_of_the_queue_is_for_one_tenant(two_slots: Holders) -> None:
    """Of twenty callers of Eve two hold, eight wait and ten are refused at once; Bob may wait, and so may others."""
    await two_slots.come(EVE, 20)
    assert 10 == two_slots.refused()
    await two_slots.come(BOB, 8)
    assert 10 == two_slots.refused()
    await two_slots.come(ANN)

    assert 11 == two_slots.refused()


async def test_a_tenant_holds_no_more_than_its_slots() -> None:
    """Eve's third caller waits while slots are free, which Bob has at once."""
    holders = Holders(ConcurrencyLimit("work", 4, waiting=8, wait_s=60, per_tenant=2))
    await holders.come(EVE, 3)
    await holders.come(BOB, 2)
    assert [EVE, EVE, BOB, BOB] == holders.served
    await holders.leave(2)
    assert 4 == len(holders.served)
    await holders.leave(0)
    assert EVE == holders.served[4]
    for place in (1, 3, 4):
        await holders.leave(place)


async def test_a_suspended_slot_is_for_others() -> None:
    """Its tenant gets no other for it, and is served again when one is free."""
    holders = Holders(ConcurrencyLimit("work", 2, waiting=8, wait_s=60, per_tenant=2, suspended=9))
    await holders.come(EVE, 3)
    for slot in holders.slots:
        slot.suspend()
    await holders.come(BOB, 2)
    assert [EVE, EVE, BOB, BOB] == holders.served
    resumed = asyncio.create_task(holders.slots[0].hold())
    await settle()
    assert not resumed.done()
    await holders.leave(2)
    assert resumed.done()
    for place in (0, 1, 3, 4):
        await holders.leave(place)

    assert [EVE, EVE, BOB, BOB, EVE] == holders.served


async def test_nobody_new_is_let_in_past_so_many_suspended_slots() -> None:
    """Not even where slots are free."""
    limit = ConcurrencyLimit("work", 3, waiting=2, wait_s=1, suspended=2)
    async with limit.slot(EVE) as first, limit.slot(BOB) as second:
        first.suspend()
        await _hold(limit)
        second.suspend()
        with pytest.raises(TooMuch):
            await _hold(limit)
        await second.hold()
        await _hold(limit)


async def test_a_released_slot_is_not_resumed() -> None:
    """Who waits to resume it is cancelled, and nothing is lost."""
    limit = ConcurrencyLimit("work", 1, waiting=0, wait_s=1, suspended=9)
    async with limit.slot(EVE) as first:
        first.suspend()
        async with limit.slot(BOB):
            resumed = asyncio.create_task(first.hold())
            await settle()
            first.release()
            with pytest.raises(asyncio.CancelledError):
                await resumed
    await _hold(limit)


def test_the_wait_for_a_slot_is_known_from_the_times_for_which_slots_were_held() -> None:
    """And from how many wait; it is never under a second nor over a minute."""
    times = HoldTimes(2)
    assert 1 == times.wait_s(0) == times.wait_s(100)
    for _ in range(100):
        times.add(8)

    assert [4, 8, 60] == [round(times.wait_s(waiting)) for waiting in (0, 1, 100)]


async def test_a_refusal_says_when_to_come_back() -> None:
    """In seconds, at least one."""
    limit = ConcurrencyLimit("work", 1, waiting=0, wait_s=5)
    async with limit.slot(EVE):
        with pytest.raises(TooMuch) as refused:
            await _hold(limit)

    assert refused.value.retry_after_s is not None
    assert 1 <= refused.value.retry_after_s <= 60


async def settle() -> None:
    """Let all other tasks go as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)
