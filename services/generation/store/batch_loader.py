"""Batch loader: gathers concurrent lookups of single keys into few queries."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextvars import Context
from typing import Generic, TypeVar

from services.errors import Unavailable

K = TypeVar("K")
V = TypeVar("V")

Query = Callable[[Collection[K]], Awaitable[Mapping[K, V]]]


class BatchLoader(Generic[K, V]):
    """Answers each lookup with a query that began after it, whatever the number of concurrent lookups.

    One query runs at a time, on behalf of all who wait for it, and so without the deadline of any caller. When it
    fails, the lookups that wait for the next query fail with the same error.
    """

    def __init__(self, query: Query[K, V]) -> None:
        self._query = query
        self._waiting: dict[K, list[asyncio.Future[V | None]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def load(self, key: K) -> V | None:
        """Return the value of a key, None for an unknown key. Raises the errors of the query."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(answer)
        if self._task is None:
            self._task = loop.create_task(self._load_all(), context=Context())
        return await answer

    async def _load_all(self) -> None:
        batch: dict[K, list[asyncio.Future[V | None]]] = {}
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, {}
                found = await self._query(batch)
                for key, answers in batch.items():
                    for answer in _pending(answers):
                        answer.set_result(found.get(key))
        except asyncio.CancelledError:  # the process is about to end
            self._fail(batch, Unavailable())
            raise
        except Exception as error:  # noqa: BLE001  # raised by those who wait
            self._fail(batch, error)
        finally:
            self._task = None

    def _fail(self, batch: Mapping[K, list[asyncio.Future[V | None]]], failure: Exception) -> None:
        left, self._waiting = self._waiting, {}
        for answers in (*batch.values(), *left.values()):
            for answer in _pending(answers):
                answer.set_exception(failure)


def _pending(answers: Iterable[asyncio.Future[V | None]]) -> Iterator[asyncio.Future[V | None]]:
    """Return the answers whose callers were not cancelled."""
    return (answer for answer in answers if not answer.done())
