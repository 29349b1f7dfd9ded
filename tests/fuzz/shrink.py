"""Making what shows a fault as small as it can be while it still does."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

MOST_TRIES = 150

Case = TypeVar("Case")


async def smallest(
    case: Case, smaller: Callable[[Case], Iterable[Case]], fails: Callable[[Case], Awaitable[bool]]
) -> Case:
    """Return the smallest case found that still fails: `smaller` gives those with a part less."""
    tries, found = 0, True
    while found and tries < MOST_TRIES:
        found = False
        for less in smaller(case):
            tries += 1
            if await fails(less):
                case, found = less, True
                break
            if tries >= MOST_TRIES:
                break
    return case
