"""Room for so many at once, where the number may change."""

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType


class Room:
    """Lets in as many as there is room for now; the others come in the order in which they asked."""

    def __init__(self, size: Callable[[], int]) -> None:
        self._size = size
        self._inside = 0
        self._outside: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._outside.append(turn)
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        self._inside -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._outside and self._inside < self._size():
            turn = self._outside.popleft()
            if not turn.cancelled():
                turn.set_result(None)
                self._inside += 1
