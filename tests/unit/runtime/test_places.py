"""Places admit so many at once and let a bounded number wait."""

import asyncio

import pytest

from services.errors import TooMuch
from services.runtime.places import Places


async def test_no_more_than_the_places_are_held_at_once() -> None:
    """Of ten that want two places, two hold one at any time, and all get one in the end."""
    places, held, most, served = Places("work", 2, waiting=8, wait_s=5), 0, 0, 0

    async def work() -> None:
        nonlocal held, most, served
        async with places.taken():
            held += 1
            most = max(most, held)
            await asyncio.sleep(0)
            held -= 1
            served += 1

    await asyncio.gather(*(work() for _ in range(10)))

    assert (2, 10) == (most, served)


async def test_a_full_queue_refuses_at_once() -> None:
    """The one beyond the places and the queue is refused; those in the queue are not."""
    places = Places("work", 1, waiting=1, wait_s=5)
    async with places.taken():
        waiting = asyncio.ensure_future(_take(places))
        await asyncio.sleep(0)
        with pytest.raises(TooMuch):
            await _take(places)
    await waiting


async def test_without_a_queue_a_free_place_is_still_given() -> None:
    """A queue of none refuses only while the places are held."""
    places = Places("work", 1, waiting=0, wait_s=5)

    await _take(places)
    async with places.taken():
        with pytest.raises(TooMuch):
            await _take(places)
    await _take(places)


async def test_waiting_ends_with_a_refusal() -> None:
    """Who gets no place in time is refused, and leaves its room in the queue to others."""
    places = Places("work", 1, waiting=1, wait_s=0.01)
    async with places.taken():
        for _ in range(2):
            with pytest.raises(TooMuch):
                await _take(places)
    await _take(places)


async def test_one_that_is_cancelled_while_waiting_leaves_its_room_and_no_place() -> None:
    """Neither the queue nor the places shrink when a client goes away in the queue."""
    places = Places("work", 1, waiting=1, wait_s=5)
    async with places.taken():
        for _ in range(3):
            waiting = asyncio.ensure_future(_take(places))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
    await _take(places)


async def _take(places: Places) -> None:
    async with places.taken():
        pass
