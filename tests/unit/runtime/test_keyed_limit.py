"""Limit of one holder a key."""

import asyncio

import pytest

from services.errors import TooMuch
from services.runtime.keyed_limit import KeyedLimit


async def test_a_key_has_one_holder_and_keys_do_not_wait_for_each_other() -> None:
    """The next holder of a key comes in when the one before leaves, in the order in which they came."""
    limit, order, let = KeyedLimit(waiting=5, wait_s=5), [], asyncio.Event()

    async def hold(key: str, name: str) -> None:
        async with limit.slot(key):
            order.append(name)
            await let.wait()

    tasks = [asyncio.create_task(hold(name[0], name)) for name in ("a1", "a2", "b1", "a3")]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert ["a1", "b1"] == order
    let.set()
    await asyncio.gather(*tasks)

    assert ["a1", "b1", "a2", "a3"] == order


async def test_past_the_queue_a_caller_is_refused() -> None:
    """So is one who waited too long; a caller who is gone leaves the queue."""
    limit = KeyedLimit(waiting=1, wait_s=0.01)
    async with limit.slot("a"):
        waiting = asyncio.create_task(limit.slot("a").__aenter__())
        await asyncio.sleep(0)
        with pytest.raises(TooMuch):
            await limit.slot("a").__aenter__()
        with pytest.raises(TooMuch):
            await waiting
        gone = asyncio.create_task(limit.slot("a").__aenter__())
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)

    async with limit.slot("a"):
        pass
