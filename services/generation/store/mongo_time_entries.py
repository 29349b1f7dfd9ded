"""Time entries in MongoDB: an ordinary document each."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymongo.asynchronous.cursor import AsyncRawBatchCursor
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.domain.paging import Page
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import BULK_SECONDS, Document, begun, store_errors
from services.generation.store.mongo_time_entry_writes import TimeEntryWrites
from services.generation.store.time_entry_columns import Run, taken
from services.generation.store.time_entry_documents import entry_of, projection, query_of
from services.generation.timetracking.entries import Entries, Filter, TimeEntry

BATCH = 5_000  # documents; the server sends at most 16 MiB at once
LONGEST_RUN = 20_000  # entries
LARGEST_RUN = 16 * 2**20  # bytes of documents, past which a run ends
BY_START = [("workspace_id", 1), ("start", 1), ("_id", 1)]


class MongoTimeEntries:
    """Fills the port TimeEntries."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._entries = database.time_entries
        self._writes = TimeEntryWrites(database)
        self._gone = RemovalGuard(database)

    async def put(self, workspace_id: int, entries: Sequence[TimeEntry]) -> tuple[list[int], int]:
        """Store entries and return their ids and how many are new. Those with a stored import key stay as they are.

        Raises AlreadyExists on an id of another workspace and on an import key of another entry, and NotFound when the
        workspace is being removed.
        """
        with store_errors():
            stored = await self._writes.put(workspace_id, entries)
        await self._gone.refuse("workspaces", workspace_id)
        return stored

    async def page(self, workspace_id: int, page: Page) -> list[TimeEntry]:
        """Return entries by start and id, running ones included."""
        wanted: Document = {"workspace_id": workspace_id}
        if page.after:
            start, entry_id = page.after
            wanted["start"] = {"$gte": start}
            wanted["$or"] = [{"start": {"$gt": start}}, {"_id": {"$gt": entry_id}}]
        with store_errors():
            cursor = self._entries.find(wanted, hint=BY_START).sort({"start": 1, "_id": 1}).limit(page.size)
            return [entry_of(found) async for found in cursor]

    async def delete(self, workspace_id: int, ids: Collection[int]) -> int:
        """Delete entries and return how many there were."""
        with store_errors():
            deleted = await self._entries.delete_many({"_id": {"$in": list(ids)}, "workspace_id": workspace_id})
        return int(deleted.deleted_count)

    async def read(
        self, wanted: Filter, *, words: bool, descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        """Yield stopped entries by start and id, in runs of at most 20,000; limit 0 is none.

        Without `words` the descriptions and tags of all are empty, and reading is faster. While a run is used, the next
        is on its way.
        """
        if not wanted.spans:
            return
        run = Run(words=words)
        async with aclosing(_batches(self._found(wanted, words, -1 if descending else 1, skip, limit))) as batches:
            async for raw in batches:
                await asyncio.to_thread(run.add, raw)
                if run.count + BATCH > LONGEST_RUN or run.size > LARGEST_RUN:
                    yield await asyncio.to_thread(run.entries)
                    run = Run(words=words)
        if run.count:
            yield await asyncio.to_thread(run.entries)

    def _found(
        self,
        wanted: Filter,
        words: bool,
        step: int,
        skip: int,
        limit: int,
    ) -> AsyncRawBatchCursor[Document]:
        # a few entries by id are sorted, many of a workspace come in the order of the index
        hint = BY_START if wanted.entry_ids is None else None
        return self._entries.find_raw_batches(
            query_of(wanted),
            projection(words=words),
            sort=[("start", step), ("_id", step)],
            hint=hint,
            skip=skip,
            limit=limit,
            batch_size=BATCH,
        )

    async def by_ids(self, workspace_id: int, ids: NDArray[np.int64]) -> Entries:
        """Return stopped entries with their words in the order of the ids; what was deleted meanwhile is left out."""
        run = Run(words=True)
        for place in range(0, len(ids), BATCH):
            wanted = {"_id": {"$in": ids[place : place + BATCH].tolist()}, "workspace_id": workspace_id}
            cursor = self._entries.find_raw_batches(
                wanted | {"seconds": {"$gte": 0}}, projection(words=True), batch_size=BATCH
            )
            async with aclosing(_batches(cursor)) as batches:
                async for raw in batches:
                    await asyncio.to_thread(run.add, raw)
        return await asyncio.to_thread(_in_order, run, ids)


async def _batches(cursor: AsyncRawBatchCursor[Document]) -> AsyncGenerator[bytes, None]:
    """Yield a cursor's batches. The next is fetched while one is used; each is waited for on its own."""
    async with cursor:
        coming = asyncio.create_task(begun(_batch(cursor), BULK_SECONDS))
        try:
            while raw := await coming:
                coming = asyncio.create_task(_next(cursor))
                yield raw
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _next(cursor: AsyncRawBatchCursor[Any]) -> bytes:
    with store_errors(BULK_SECONDS):
        return await _batch(cursor)


async def _batch(cursor: AsyncRawBatchCursor[Any]) -> bytes:
    """Return the next batch, empty at the end."""
    batch: bytes = await anext(cursor, b"")
    return batch


def _in_order(run: Run, ids: NDArray[np.int64]) -> Entries:
    entries = run.entries()
    if not len(entries):
        return entries
    by_id = np.argsort(entries.id)
    place = np.searchsorted(entries.id, ids, sorter=by_id).clip(max=len(entries) - 1)
    rows = by_id[place]
    return taken(entries, rows[entries.id[rows] == ids])
