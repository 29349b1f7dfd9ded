"""Batches of a find as BSON, fetched by commands.

PyMongo's own raw cursor makes an object for each document, which takes three times as long as all the rest.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from struct import Struct
from typing import Any

import pymongo
from bson.codec_options import CodecOptions
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from services.generation.store.bson_columns import Documents, elements
from services.generation.store.mongo import BULK_SECONDS, Document, begun

AS_BSON = CodecOptions(document_class=RawBSONDocument)
_id_at = Struct("<q").unpack_from


async def raw_batches(
    collection: AsyncCollection[Document], find: Mapping[str, Any], batch_size: int
) -> AsyncGenerator[Documents, None]:
    """Yield the batches of a find; the next is fetched while one is used.

    Each batch may take BULK_SECONDS. Raises StoreUnavailable when one is not there in time.
    """
    async with collection.database.client.start_session() as session:
        cursor = _Cursor(collection, session, batch_size)
        coming = asyncio.create_task(_first(cursor, find))
        try:
            while len(documents := await coming):
                coming = asyncio.create_task(_next(cursor))
                yield documents
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            await cursor.close()


class _Cursor:
    """Cursor on the server. Its id is 0 once everything was fetched."""

    def __init__(self, collection: AsyncCollection[Document], session: AsyncClientSession, batch_size: int) -> None:
        self._collection = collection
        self._session = session
        self._batch_size = batch_size
        self._id = 0

    async def first(self, find: Mapping[str, Any]) -> Documents:
        """Return the first batch."""
        return await self._batch({"find": self._collection.name, "batchSize": self._batch_size, **find})

    async def next(self) -> Documents:
        """Return the next batch, an empty one at the end."""
        if not self._id:
            return Documents(b"", ())
        more = {"getMore": Int64(self._id), "collection": self._collection.name, "batchSize": self._batch_size}
        with pymongo.timeout(None):  # MongoDB takes no limit of time for it
            return await self._batch(more)

    async def close(self) -> None:
        """Free the cursor on the server."""
        if self._id:
            with suppress(PyMongoError), pymongo.timeout(1):
                await self._command({"killCursors": self._collection.name, "cursors": [Int64(self._id)]})

    async def _batch(self, command: Document) -> Documents:
        reply = await self._command(command)
        return await asyncio.to_thread(self._documents, reply)

    async def _command(self, command: Document) -> bytes:
        answer = await self._collection.database.command(command, codec_options=AS_BSON, session=self._session)
        return bytes(answer.raw)

    def _documents(self, reply: bytes) -> Documents:
        cursor = next(start for name, start, _ in elements(reply) if name == b"cursor")
        values = {name: (start, end) for name, start, end in elements(reply, cursor)}
        self._id = _id_at(reply, values[b"id"][0])[0]
        batch = values.get(b"firstBatch") or values[b"nextBatch"]
        return Documents.in_array(reply, *batch)


async def _first(cursor: _Cursor, find: Mapping[str, Any]) -> Documents:
    return await begun(cursor.first(find), BULK_SECONDS)


async def _next(cursor: _Cursor) -> Documents:
    return await begun(cursor.next(), BULK_SECONDS)
