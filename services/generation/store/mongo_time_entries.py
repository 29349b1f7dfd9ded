"""MongoDB adapter of the time entries: a document each."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing

import numpy as np
from numpy.typing import NDArray
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.domain.paging import Page
from services.generation.store.bson_columns import Documents
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document, store_errors
from services.generation.store.mongo_time_entry_writes import TimeEntryWrites
from services.generation.store.raw_batches import raw_batches
from services.generation.store.time_entry_columns import EntryColumns
from services.generation.store.time_entry_documents import entry_of, projection, query_of
from services.generation.timetracking.entries import RUNNING, Entries, TimeEntry
from services.generation.timetracking.filters import Filter, within
from services.generation.timetracking.periods import Span

LONGEST_RUN = 20_000  # entries; the server sends at most 16 MiB at once
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
        self, wanted: Filter, *, columns: Collection[str], descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        """Yield stopped entries by start and id. While a run is used, the next is on its way."""
        if not wanted.spans:
            return
        step, exact = -1 if descending else 1, skip > 0 or limit > 0
        find: Document = {"filter": query_of(wanted, exact=exact), "sort": {"start": step, "_id": step}}
        if wanted.entry_ids is None:  # a few entries by id are sorted, many of a workspace come in the index's order
            find["hint"] = dict(BY_START)
        find |= {name: number for name, number in (("skip", skip), ("limit", limit)) if number}
        needed = set(columns) if exact else {*columns, "user_id", "start_s", "seconds"}
        async with aclosing(self._found(find, needed)) as runs:
            async for run in runs:
                yield run if exact else await asyncio.to_thread(_within, run, wanted.spans)

    async def by_ids(self, workspace_id: int, ids: NDArray[np.int64]) -> Entries:
        """Return stopped entries in the order of the ids."""
        run = EntryColumns()
        for place in range(0, len(ids), LONGEST_RUN):
            wanted = {"_id": {"$in": ids[place : place + LONGEST_RUN].tolist()}, "workspace_id": workspace_id}
            find = {"filter": wanted | {"seconds": {"$gte": 0}}}
            async with aclosing(raw_batches(self._entries, find, LONGEST_RUN)) as batches:
                async for documents in batches:
                    await asyncio.to_thread(run.add, documents)
        return await asyncio.to_thread(_in_order, run.entries(), ids)

    async def _found(self, find: Document, columns: Collection[str]) -> AsyncGenerator[Entries, None]:
        reader, shown = EntryColumns(columns), projection(columns)
        find |= {} if shown is None else {"projection": shown}
        async with aclosing(raw_batches(self._entries, find, LONGEST_RUN)) as batches:
            async for documents in batches:
                yield await asyncio.to_thread(_read, reader, documents)


def _read(reader: EntryColumns, documents: Documents) -> Entries:
    reader.add(documents)
    return reader.entries()


def _within(entries: Entries, spans: Sequence[Span]) -> Entries:
    """Return the stopped entries within the spans of their owners."""
    kept = (entries.seconds != RUNNING) & within(spans, entries.user_id, entries.start_s)
    return entries if kept.all() else entries.at(np.flatnonzero(kept))


def _in_order(entries: Entries, ids: NDArray[np.int64]) -> Entries:
    if not len(entries):
        return entries
    by_id = np.argsort(entries.id)
    place = np.searchsorted(entries.id, ids, sorter=by_id).clip(max=len(entries) - 1)
    rows = by_id[place]
    return entries.at(rows[entries.id[rows] == ids])
