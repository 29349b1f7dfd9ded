"""Threads of a tenant compute one at a time; those of others do not wait for them."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from services.runtime import fair_threads
from services.runtime.fair_threads import LONGEST_REST_S, CallTimes, in_thread

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


async def test_a_tenant_with_several_calls_rests_between_two_while_calls_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its result at once; the last, and a tenant that others leave alone, do not wait."""
    rests = list[float]()
    loop = asyncio.get_running_loop()

    def call_later(seconds: float, work: Callable[[], None]) -> None:
        rests.append(seconds)
        loop.call_soon(work)

    async def computed_by_three() -> None:
        rests.clear()
        fair_threads.tenant.set(ANN)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(in_thread(max, 1, 3))

    monkeypatch.setattr(fair_threads, "calls", CallTimes())
    monkeypatch.setattr(loop, "call_later", call_later, raising=False)
    await computed_by_three()
    assert [] == rests
    fair_threads.calls.note()
    await computed_by_three()
    assert 2 == len(rests)
    assert all(0 < one <= LONGEST_REST_S for one in rests)
