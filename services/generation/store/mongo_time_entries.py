"""Time entries in MongoDB, the reading side for reports: columns of many documents."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing

import numpy as np
from numpy.typing import NDArray
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.store.bson_columns import Documents
from services.generation.store.mongo import Document
from services.generation.store.raw_batches import raw_batches
from services.generation.store.time_entry_columns import EntryColumns
from services.generation.store.time_entry_documents import projection, query_of
from services.generation.timetracking.entries import RUNNING, Entries
from services.generation.timetracking.filters import Filter, within
from services.generation.timetracking.periods import Span

LONGEST_RUN = 20_000  # entries; the server sends at most 16 MiB at once
BY_START = {"workspace_id": 1, "start_time": 1, "_id": 1}


class MongoTimeEntries:
    """Fills the port TimeEntries."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._entries = database.time_entries

    async def read(
        self, wanted: Filter, *, columns: Collection[str], descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        """Yield stopped entries by start and id. While a run is used, the next is on its way."""
        if not wanted.spans:
            return
        step, exact = -1 if descending else 1, skip > 0 or limit > 0
        find: Document = {"filter": query_of(wanted, exact=exact), "sort": {"start_time": step, "_id": step}}
        if wanted.entry_ids is None:  # a few entries by id are sorted, many of a workspace come in the index's order
            find["hint"] = BY_START
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
