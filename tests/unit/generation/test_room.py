"""Room for so many at once."""

import asyncio

from services.generation.room import Room


class Visits:
    """Visitors of a room whose size may change."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.room = Room(lambda: self.size)
        self.inside: list[int] = []
        self.leave = asyncio.Event()

    async def visit(self, number: int) -> None:
        async with self.room:
            self.inside.append(number)
            await self.leave.wait()

    def begin(self, count: int) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.visit(number)) for number in range(count)]


async def rest() -> None:
    """Let all others go as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_as_many_as_there_is_room_for_are_inside() -> None:
    """The others come in the order in which they asked."""
    visits = Visits(2)
    tasks = visits.begin(5)
    await rest()
    assert [0, 1] == visits.inside
    visits.leave.set()
    await asyncio.gather(*tasks)

    assert [0, 1, 2, 3, 4] == visits.inside


async def test_a_room_that_grew_takes_more() -> None:
    """The size counts that holds when somebody leaves."""
    visits = Visits(1)
    tasks = visits.begin(4)
    await rest()
    visits.size = 3
    tasks[0].cancel()
    await rest()

    assert [0, 1, 2, 3] == visits.inside
    visits.leave.set()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_who_gives_up_waiting_takes_no_place() -> None:
    """Neither before their turn nor in the moment when it comes."""
    visits = Visits(1)
    tasks = visits.begin(4)
    await rest()
    tasks[1].cancel()
    tasks[0].cancel()
    await asyncio.sleep(0)
    tasks[2].cancel()
    await rest()

    assert 3 == visits.inside[-1]
    visits.leave.set()
    await asyncio.gather(*tasks, return_exceptions=True)
