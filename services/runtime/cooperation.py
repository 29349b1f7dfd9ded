"""Work in the event loop that lets other calls go on in between."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

SLICE = 10  # entries of a list, which take about a millisecond


async def in_slices(convert: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T]) -> list[R]:
    """Return what the items are converted into, a few at a time."""
    made: list[R] = []
    for place in range(0, len(items), SLICE):
        if place:
            await asyncio.sleep(0)
        made += convert(items[place : place + SLICE])
    return made
