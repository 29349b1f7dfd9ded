"""Reaching MongoDB: the client's settings, and what its failures mean."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pymongo
from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient, MongoClient, ReturnDocument, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from services.errors import StoreUnavailable
from services.runtime.deadline import seconds_left

Document = dict[str, Any]

OPERATION_SECONDS = 2.5  # a caller learns within 3 s that MongoDB is gone
BULK_SECONDS = 60.0  # what a worker moves at once may take longer
GONE = (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WTimeoutError,
)
CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True)
JOURNALLED = WriteConcern(w=1, j=True)  # acknowledged means on disk
SETTINGS: dict[str, Any] = {
    "serverSelectionTimeoutMS": 2_000,
    "connectTimeoutMS": 2_000,
    "tz_aware": True,
    "appname": "daybook",
}


def connect(uri: str) -> AsyncMongoClient[Document]:
    """Return the event loop's client; it connects at first use."""
    return AsyncMongoClient(uri, **SETTINGS)


def connect_worker(uri: str) -> MongoClient[Document]:
    """Return a worker process's client; it connects at first use."""
    return MongoClient(uri, **SETTINGS)


def journalled(client: AsyncMongoClient[Document], name: str) -> AsyncDatabase[Document]:
    """Return a database whose acknowledged writes are on disk."""
    return client.get_database(name, write_concern=JOURNALLED)


def journalled_worker(client: MongoClient[Document], name: str) -> Database[Document]:
    """Return a worker's view of the same."""
    return client.get_database(name, write_concern=JOURNALLED)


@contextmanager
def store_errors(at_most_s: float = OPERATION_SECONDS) -> Iterator[None]:
    """Bound what is inside by the call's deadline. Raises StoreUnavailable when MongoDB is not reached in time."""
    try:
        with pymongo.timeout(seconds_left(at_most_s)):
            yield
    except GONE as error:
        raise StoreUnavailable from error
    except PyMongoError as error:
        if error.timeout:
            raise StoreUnavailable from error
        raise


@asynccontextmanager
async def opened(uri: str, name: str) -> AsyncIterator[AsyncDatabase[Document]]:
    """Open the service's database and close its client at the end."""
    client = connect(uri)
    try:
        yield journalled(client, name)
    finally:
        await client.close()


class Ids:
    """Gives out integer ids of a kind, reserved in blocks; what a dead process had reserved is not used again."""

    def __init__(self, database: AsyncDatabase[Document], kind: str, block: int = 1) -> None:
        self._counters = database.counters
        self._kind = kind
        self._block = block
        self._next = 0
        self._end = 0

    async def take(self) -> int:
        """Return an id that nobody else gets."""
        while self._next >= self._end:
            counter = await self._counters.find_one_and_update(
                {"_id": self._kind},
                {"$inc": {"next": self._block}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
            assert counter is not None  # noqa: S101 - an upsert that returns the new document always finds one
            if self._next >= self._end:  # another task of this process may have reserved meanwhile
                self._end = counter["next"] + 1
                self._next = self._end - self._block
        taken = self._next
        self._next += 1
        return taken
