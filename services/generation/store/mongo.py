"""Reaching MongoDB: the client's settings, and what its failures mean."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

import pymongo
from pymongo import AsyncMongoClient, MongoClient, ReturnDocument, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.collation import Collation
from pymongo.database import Database
from pymongo.errors import (
    ConnectionFailure,
    CursorNotFound,
    ExecutionTimeout,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from services.errors import StoreUnavailable, Unavailable
from services.generation.reporting.metrics import STORE_UNAVAILABLE
from services.generation.store.command_spans import CommandSpans
from services.runtime import tracing
from services.runtime.deadline import seconds_left

Document = dict[str, Any]
T = TypeVar("T")

OPERATION_SECONDS = 2.5  # a caller learns within 3 s that MongoDB is gone
BULK_SECONDS = 60.0  # what a worker moves at once may take longer
CURSOR_SECONDS = 600.0  # MongoDB counts the time of a whole cursor against what its first batch was allowed
GONE = (  # the first covers lost, refused, slow and stopping servers; one that was started again knows no old cursors
    ConnectionFailure,
    CursorNotFound,
    ExecutionTimeout,
    WTimeoutError,
)
OUT_OF_TIME = "The time of the call was up before its answer was there"
REFUSED = (  # by a server that still answers, of writes that left nothing; codes do not tell
    "No space left on device",
    "Transaction numbers are only allowed on",  # PyMongo 4.20 repeats one so when a standalone server cuts a handshake
)
ANY_CASE = Collation("en", strength=2)  # texts that differ in letters' case alone are equal
SETTINGS: dict[str, Any] = {
    "serverSelectionTimeoutMS": 2_000,
    "connectTimeoutMS": 2_000,
    "tz_aware": True,
    "appname": "daybook",
}


def connect(uri: str) -> AsyncMongoClient[Document]:
    """Return the event loop's client; it connects at first use."""
    return AsyncMongoClient(uri, event_listeners=_listeners(), **SETTINGS)


def connect_worker(uri: str) -> MongoClient[Document]:
    """Return a worker process's client; it connects at first use."""
    return MongoClient(uri, event_listeners=_listeners(), **SETTINGS)


def _listeners() -> list[CommandSpans]:
    return [CommandSpans()] if tracing.is_on() else []


def journalled(client: AsyncMongoClient[Document], name: str) -> AsyncDatabase[Document]:
    """Return a database whose acknowledged writes are on disk, of as many servers as the address wants, or of one."""
    return client.get_database(name, write_concern=on_disk(client.write_concern))


def journalled_worker(client: MongoClient[Document], name: str) -> Database[Document]:
    """Return a worker's view of the same."""
    return client.get_database(name, write_concern=on_disk(client.write_concern))


def on_disk(concern: WriteConcern) -> WriteConcern:
    """Return the write concern of an address with the journal; without `w` in the address it is one server's."""
    return WriteConcern(**{"w": 1, **concern.document, "j": True})


@contextmanager
def store_errors(at_most_s: float | None = None) -> Iterator[None]:
    """Bound what is inside by a time, OPERATION_SECONDS by default, and by the call's deadline.

    Raises StoreUnavailable when MongoDB is not reached in time, and Unavailable when it is the call that had less time.
    A task that is cancelled inside is cancelled: the driver may swallow that, when its answer comes at the same moment.
    """
    at_most_s = OPERATION_SECONDS if at_most_s is None else at_most_s
    cancellations, left_s = _cancellations(), seconds_left(at_most_s)
    try:
        with pymongo.timeout(left_s):
            yield
    except PyMongoError as error:
        _raise_if_cancelled(cancellations)
        if error.timeout and left_s < at_most_s and not isinstance(error, ServerSelectionTimeoutError):
            raise Unavailable(OUT_OF_TIME) from error
        if error.timeout or isinstance(error, GONE) or any(text in str(error) for text in REFUSED):
            STORE_UNAVAILABLE.inc()
            raise StoreUnavailable from error
        raise
    _raise_if_cancelled(cancellations)


async def begun(first: Awaitable[T], at_most_s: float | None = None) -> T:
    """Return what comes first of a long cursor. Raises what `store_errors` does when that is not there in time.

    The rest may take so long that MongoDB is told of a longer time than is waited here.
    """
    at_most_s = OPERATION_SECONDS if at_most_s is None else at_most_s
    left_s = seconds_left(at_most_s)
    try:
        async with asyncio.timeout(left_s):
            with store_errors(CURSOR_SECONDS):
                return await first
    except TimeoutError as error:
        if left_s < at_most_s:
            raise Unavailable(OUT_OF_TIME) from error
        STORE_UNAVAILABLE.inc()
        raise StoreUnavailable from error


def _raise_if_cancelled(before: int) -> None:
    if _cancellations() > before:
        raise asyncio.CancelledError


def _cancellations() -> int:
    """Return how often this task was cancelled; worker processes have no tasks."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return 0
    return task.cancelling() if task is not None else 0


@asynccontextmanager
async def opened(uri: str, name: str) -> AsyncIterator[AsyncDatabase[Document]]:
    """Open the service's database and close its client at the end."""
    client = connect(uri)
    try:
        yield journalled(client, name)
    finally:
        await client.close()


async def settle(collection: AsyncCollection[Document]) -> None:
    """Bring to disk what was seen in a collection: its writer may not have brought it to disk itself yet."""
    await collection.update_one({"_id": None}, {"$unset": {"nothing": 1}})


class Ids:
    """Gives out integer ids of a kind, reserved in blocks; what a dead process had reserved is not used again."""

    def __init__(self, database: AsyncDatabase[Document], kind: str, block: int = 1) -> None:
        self._counters = database.counters
        self._kind = kind
        self._block = block
        self._waiting = deque[int]()

    async def take(self) -> int:
        """Return an id that is given out once."""
        while not self._waiting:
            self._waiting.extend(await self.reserve(self._block))
        return self._waiting.popleft()

    def give_back(self, unused: int) -> None:
        """Let the next one take an id that was not used."""
        self._waiting.appendleft(unused)

    async def reserve(self, count: int) -> range:
        """Return consecutive ids that are given out once."""
        counter = await self._counters.find_one_and_update(
            {"_id": self._kind}, {"$inc": {"last": count}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert counter is not None  # noqa: S101 - an upsert that returns the new document always finds one
        return range(counter["last"] + 1 - count, counter["last"] + 1)

    async def at_least(self, last: int) -> None:
        """Let all ids reserved from now on be larger than this one."""
        await self._counters.update_one({"_id": self._kind}, {"$max": {"last": last}}, upsert=True)
