"""Threads of a tenant compute one at a time; those of others do not wait for them."""

import asyncio
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from services.runtime import fair_threads
from services.runtime.fair_threads import LONGEST_REST_S, CallTimes, Turn, in_thread

ANN, BOB = "account 1", "account 2"


async def computed(who: str, work: threading.Event, begun: "SimpleQueue[str]") -> None:
    fair_threads.tenant.set(who)

    def wait() -> None:
        begun.put(who)
        work.wait()

    await in_thread(wait)


async def test_a_tenant_computes_one_thing_at_a_time() -> None:
    """Others compute meanwhile, and so does a call that counts for nobody."""
    work, begun = threading.Event(), SimpleQueue[str]()
    async with asyncio.TaskGroup() as calls:
        for who in (ANN, ANN, ANN, BOB, "", ""):
            calls.create_task(computed(who, work, begun))
        first = [await asyncio.to_thread(begun.get) for _ in range(4)]
        assert ["", "", ANN, BOB] == sorted(first)
        assert begun.empty()
        work.set()

    assert [ANN, ANN] == [begun.get() for _ in range(2)]


async def test_work_that_fails_leaves_the_turn_to_the_next() -> None:
    """Its error is the caller's."""
    fair_threads.tenant.set(ANN)
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)

    assert 3 == await in_thread(max, 1, 3)


async def test_a_busy_tenant_with_several_calls_rests_between_two_while_calls_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each has its result at once. The last, a tenant that is not busy, and one that others leave alone do not wait."""
    rests = list[float]()
    loop = asyncio.get_running_loop()

    def call_later(seconds: float, work: Callable[[], None]) -> None:
        rests.append(seconds)
        loop.call_soon(work)

    async def rests_of_three(busy_s: float) -> int:
        rests.clear()
        turn = Turn(busy_s)

        async def compute() -> None:
            async with turn.held():
                await asyncio.to_thread(time.sleep, 0.001)

        await asyncio.gather(*(compute() for _ in range(3)))
        return len(rests)

    monkeypatch.setattr(fair_threads, "calls", CallTimes())
    monkeypatch.setattr(loop, "call_later", call_later, raising=False)
    assert 0 == await rests_of_three(busy_s=0)
    monkeypatch.setattr(fair_threads.calls, "came_lately", lambda: True)
    assert 0 == await rests_of_three(busy_s=3600)
    assert 2 == await rests_of_three(busy_s=0)
    assert all(0 < one <= LONGEST_REST_S for one in rests)
