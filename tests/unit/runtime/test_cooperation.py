"""Long work in the event loop lets other calls go on in between."""

import asyncio
from collections.abc import Sequence

from services.runtime.cooperation import SLICE, in_slices


async def test_a_long_list_is_converted_a_few_entries_at_a_time() -> None:
    """Another task has its turn after each few, and nothing is lost."""
    seen: list[int] = []
    turns = [0]

    def convert(some: Sequence[int]) -> list[str]:
        seen.append(turns[0])
        assert len(some) <= SLICE
        return [str(one) for one in some]

    async def other() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    made = await in_slices(convert, range(3 * SLICE + 1))
    beside.cancel()

    assert [str(one) for one in range(3 * SLICE + 1)] == made
    assert [0, 1, 2, 3] == seen


async def test_an_empty_list_is_nothing() -> None:
    """It asks for no conversion."""
    assert [] == await in_slices(list[int], [])
