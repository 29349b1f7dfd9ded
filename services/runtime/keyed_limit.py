"""Limit of one holder a key at a time, such as one list an account."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from services.errors import TooMuch


@dataclass(slots=True, weakref_slot=True)
class _Turns:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class KeyedLimit:
    """A slot for each key. At most `waiting` callers of a key wait for it, each for at most `wait_s` seconds."""

    def __init__(self, *, waiting: int, wait_s: float) -> None:
        self._waiting = waiting
        self._wait_s = wait_s
        self._turns: WeakValueDictionary[Hashable, _Turns] = WeakValueDictionary()  # gone with their last caller

    @asynccontextmanager
    async def slot(self, key: Hashable) -> AsyncIterator[None]:
        """Hold the key's slot inside the context. Raises TooMuch when too many wait, or when it is not free in time."""
        turns = self._turns.setdefault(key, _Turns())
        if turns.lock.locked() and turns.waiting >= self._waiting:
            raise TooMuch
        turns.waiting += 1
        try:
            async with asyncio.timeout(self._wait_s):
                await turns.lock.acquire()
        except TimeoutError:
            raise TooMuch from None
        finally:
            turns.waiting -= 1
        try:
            yield
        finally:
            turns.lock.release()
