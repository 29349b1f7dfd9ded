"""Asking a store about many things at once: a question that comes while another is under way waits for the next."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextvars import Context
from typing import Generic, TypeVar

from services.errors import StoreUnavailable

K = TypeVar("K")
V = TypeVar("V")

Ask = Callable[[Collection[K]], Awaitable[Mapping[K, V]]]


class BatchLoader(Generic[K, V]):
    """Answers each question with what the store holds after it was asked, however many come at the same time.

    One question to the store is under way at a time, on behalf of all who wait for it: it has no caller's deadline.
    When it fails, those who have come meanwhile hear the same.
    """

    def __init__(self, ask: Ask[K, V]) -> None:
        self._ask = ask
        self._waiting: dict[K, list[asyncio.Future[V | None]]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def one(self, key: K) -> V | None:
        """Return what is stored under a key. Raises what the question raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(answer)
        if self._asking is None:
            self._asking = loop.create_task(self._ask_all(), context=Context())
        return await answer

    async def _ask_all(self) -> None:
        asked: dict[K, list[asyncio.Future[V | None]]] = {}
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                found = await self._ask(asked)
                for key, answers in asked.items():
                    for answer in _wanted(answers):
                        answer.set_result(found.get(key))
        except asyncio.CancelledError:  # the process is about to end
            self._fail(asked, StoreUnavailable())
            raise
        except Exception as error:  # noqa: BLE001  # whoever waits raises it
            self._fail(asked, error)
        finally:
            self._asking = None

    def _fail(self, asked: Mapping[K, list[asyncio.Future[V | None]]], failure: Exception) -> None:
        left, self._waiting = self._waiting, {}
        for answers in (*asked.values(), *left.values()):
            for answer in _wanted(answers):
                answer.set_exception(failure)


def _wanted(answers: Iterable[asyncio.Future[V | None]]) -> Iterator[asyncio.Future[V | None]]:
    """Return those whose callers still wait."""
    return (answer for answer in answers if not answer.done())
