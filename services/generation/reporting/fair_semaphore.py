"""Semaphore whose size may change and which accounts share fairly."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Turn = asyncio.Future[None]

REMEMBERED = 1_000  # accounts, and reports, whose last turns are known


class FairSemaphore:
    """A semaphore of `size` places, which is asked for again whenever a holder leaves or a caller comes.

    A free place goes to the waiting account that holds the fewest; of equals, to the one whose turn was longest ago.
    The reports of an account take its turns one after the other.
    """

    def __init__(self, size: Callable[[], int]) -> None:
        self._size = size
        self._held: Counter[int] = Counter()
        self._waiting: dict[int, dict[int, deque[Turn]]] = {}  # by account and report
        self._accounts, self._reports = _LastTurns(), _LastTurns()

    @asynccontextmanager
    async def place(self, account_id: int, report_id: int) -> AsyncIterator[None]:
        """Hold a place inside the context."""
        turn: Turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(account_id, {}).setdefault(report_id, deque()).append(turn)
        self._give()
        try:
            await turn
            yield
        finally:
            if turn.done() and not turn.cancelled():
                self._held[account_id] -= 1
                self._held += Counter()  # forgets accounts without a place
            self._give()

    def _give(self) -> None:
        self._forget_cancelled()
        while self._waiting and self._held.total() < self._size():
            account_id = min(self._waiting, key=lambda one: (self._held[one], self._accounts.of(one)))
            report_id = min(self._waiting[account_id], key=self._reports.of)
            self._waiting[account_id][report_id].popleft().set_result(None)
            self._held[account_id] += 1
            self._accounts.take(account_id)
            self._reports.take(report_id)
            self._forget_cancelled()

    def _forget_cancelled(self) -> None:
        """Drop callers that were cancelled from the heads of the queues, and queues that are empty."""
        for account_id, reports in list(self._waiting.items()):
            for report_id, turns in list(reports.items()):
                while turns and turns[0].cancelled():
                    turns.popleft()
                if not turns:
                    del reports[report_id]
            if not reports:
                del self._waiting[account_id]


class _LastTurns:
    """Order of last turns. What had none, or was forgotten because its turn is long ago, comes first."""

    def __init__(self) -> None:
        self._count = 0
        self._last: dict[int, int] = {}  # the latest turn last

    def of(self, key: int) -> int:
        return self._last.get(key, 0)

    def take(self, key: int) -> None:
        self._count += 1
        self._last.pop(key, None)
        self._last[key] = self._count
        if len(self._last) > REMEMBERED:
            del self._last[next(iter(self._last))]
