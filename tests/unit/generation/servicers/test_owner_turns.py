"""Turns of owners at storing batches."""

import asyncio

from services.generation.servicers.owner_turns import BatchTurns

ANN, BOB = "ann", "bob"


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_an_owner_holds_half_of_the_turns_and_the_next_owner_waits_for_none_of_its_streams() -> None:
    """Though the first has twenty streams: two of four batches are its, and all of them are stored in the end."""
    turns, stored, let = BatchTurns(4), list[str](), asyncio.Event()

    async def store(owner: str) -> None:
        async with turns.turn(owner):
            stored.append(owner)
            await let.wait()

    tasks = [asyncio.create_task(store(ANN)) for _ in range(20)]
    await _settled()
    assert [ANN, ANN] == stored
    tasks.append(asyncio.create_task(store(BOB)))
    await _settled()
    assert [ANN, ANN, BOB] == stored

    let.set()
    await asyncio.gather(*tasks)
    assert 20 == stored.count(ANN)


async def test_a_stream_that_is_cancelled_leaves_its_turn_to_others() -> None:
    """Both while it holds it and while it waits for it."""
    turns, stored = BatchTurns(1), list[str]()

    async def store(owner: str, seconds: float) -> None:
        async with turns.turn(owner):
            stored.append(owner)
            await asyncio.sleep(seconds)

    holding, waiting = (asyncio.create_task(store(ANN, 3600)) for _ in range(2))
    await _settled()
    waiting.cancel()
    holding.cancel()
    await asyncio.gather(holding, waiting, return_exceptions=True)
    await store(BOB, 0)

    assert [ANN, BOB] == stored
