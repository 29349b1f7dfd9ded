"""Turns of owners at lists and at batches of records, so that the calls of one do not delay those of others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.runtime.keyed_limit import KeyedLimit
from services.runtime.limits import ConcurrencyLimit

LISTS_WAITING = 64  # pages; a caller over HTTP waits with a whole list at its gateway
LIST_WAIT_S = 20.0
BATCHES_AT_ONCE = 4


def list_turns() -> KeyedLimit:
    """Return the limit of one page of a list at a time for each owner."""
    return KeyedLimit(waiting=LISTS_WAITING, wait_s=LIST_WAIT_S)


class BatchTurns:
    """Turns at storing batches: a few at once, half of them for one owner, whose streams wait until the next."""

    def __init__(self, at_once: int = BATCHES_AT_ONCE) -> None:
        self._limit = ConcurrencyLimit(
            "batches of records", at_once, waiting=0, wait_s=0, per_tenant=max(1, at_once // 2)
        )

    @asynccontextmanager
    async def turn(self, owner: str) -> AsyncIterator[None]:
        """Hold a turn inside the context. The wait for it ends with the call: a stream is slowed down, not refused."""
        slot = self._limit.wanted(owner)
        try:
            await slot.hold()
            yield
        finally:
            slot.release()
