"""Changes of stored runs and schedules that others may change at the same time."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from services.errors import NotFound, Unavailable

TRIES = 20
T = TypeVar("T")


class Versioned(Protocol[T]):
    """Store whose records are replaced over the version that a change was made of only, such as Runs and Schedules."""

    async def find(self, id_: int, /) -> T | None:
        """Return a record."""

    async def replace(self, record: T, /) -> bool:
        """Store a change, made of the stored version; return whether it was that one."""


async def changed(store: Versioned[T], id_: int, change: Callable[[T], T]) -> T:
    """Store what `change` makes of a record as it is now, and return it.

    Raises NotFound, what `change` raises, and Unavailable when others change it again and again.
    """
    for _ in range(TRIES):
        before = await store.find(id_)
        if before is None:
            raise NotFound
        after = change(before)
        if after == before or await store.replace(after):
            return after
    raise Unavailable
