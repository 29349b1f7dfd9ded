"""Turns at comparing passwords."""

import asyncio

import pytest

from services.errors import TooMuch
from services.generation.accounts.credentials import Turns
from services.runtime import deadline


async def hold(turns: Turns, address: str, until: asyncio.Event) -> None:
    """Hold a turn until the event."""
    async with turns.turn(address):
        await until.wait()


async def outcomes(turns: Turns, *addresses: str) -> tuple[list[str], dict[str, int]]:
    """Let all want a turn at once; return the addresses that got one, in order, and how many were refused of each."""
    served, refused = list[str](), dict[str, int]()

    async def work(address: str) -> None:
        try:
            async with turns.turn(address):
                served.append(address)
                await asyncio.sleep(0)
        except TooMuch:
            refused[address] = refused.get(address, 0) + 1

    await asyncio.gather(*map(work, addresses))
    return served, refused


async def test_an_address_waits_in_a_quarter_of_the_places() -> None:
    """Sixty at once: two are served, four wait, the rest is refused at once, and another address has its turn."""
    served, refused = await outcomes(Turns("work", 2, 16), *["eve"] * 60, "ann")

    assert (6, 54) == (served.count("eve"), refused["eve"])
    assert ("ann", None) == (served[-1], refused.get("ann"))


async def test_no_more_wait_than_there_are_places() -> None:
    """However many addresses they have; those of one IPv6 network are one."""
    served, refused = await outcomes(Turns("work", 2, 16), *(f"192.0.2.{number}" for number in range(60)))
    assert (18, 42) == (len(served), len(refused))

    served, refused = await outcomes(Turns("work", 2, 16), *(f"2001:db8::{number:x}" for number in range(60)))
    assert 6 == len(served)


async def test_few_places_leave_one_for_each_address() -> None:
    """Also where a quarter of them is none."""
    served, _ = await outcomes(Turns("work", 1, 2), "ann", "ann", "bob")

    assert ["ann", "ann", "bob"] == served


async def test_nobody_waits_past_the_deadline_of_the_call() -> None:
    """The caller hears that the service is busy while there is somebody to hear it."""
    turns, end = Turns("work", 1, 16), asyncio.Event()
    holder = asyncio.ensure_future(hold(turns, "eve", end))
    await asyncio.sleep(0)
    deadline.begin(0.05)
    with pytest.raises(TooMuch):
        async with turns.turn("ann"):
            pass
    end.set()
    await holder

    assert (["bob"], {}) == await outcomes(turns, "bob")


async def test_who_goes_while_waiting_leaves_the_place() -> None:
    """A cancelled caller takes no turn with it."""
    turns, end = Turns("work", 1, 4), asyncio.Event()
    holder = asyncio.ensure_future(hold(turns, "eve", end))
    await asyncio.sleep(0)
    for _ in range(3):
        waiting = asyncio.ensure_future(hold(turns, "ann", end))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    end.set()
    await holder

    assert (["ann", "ann"], {}) == await outcomes(turns, "ann", "ann")
