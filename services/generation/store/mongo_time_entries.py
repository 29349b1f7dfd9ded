"""Time entries in MongoDB, the reading side for reports: columns of buckets, and of documents where there are none."""

from collections import Counter
from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.store.bson_columns import Documents
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import Document
from services.generation.store.mongo_entry_buckets import BY_START, LONGEST_RUN, MongoEntryBuckets, Week
from services.generation.store.raw_batches import raw_batches
from services.generation.store.time_entry_buckets import WEEK_S, BucketColumns
from services.generation.store.time_entry_columns import EntryColumns
from services.generation.store.time_entry_documents import projection, query_of
from services.generation.timetracking.entries import RUNNING, Entries
from services.generation.timetracking.filters import Filter, kept, within
from services.generation.timetracking.periods import Span
from services.runtime.fair_threads import in_thread

FEWEST_FILLED = 1_000  # entries of a week that are worth a bucket
MOST_FILLED = 250_000  # entries that a read fills buckets with: it takes at most a second longer
KEY_COLUMNS = frozenset({"user_id", "start_s", "seconds"})  # which spans and stopped entries are told by


class MongoTimeEntries:
    """Fills the port TimeEntries."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._entries = database.time_entries
        self._buckets = MongoEntryBuckets(database)
        self._guard = RemovalGuard(database)

    async def read(
        self, wanted: Filter, *, columns: Collection[str], descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        """Yield stopped entries by start and id. While a run is used, the next is on its way."""
        if not wanted.spans:
            return
        is_exact = skip > 0 or limit > 0
        if is_exact or descending or wanted.entry_ids is not None or wanted.descriptions:
            reading = self._documents(wanted, columns, descending=descending, skip=skip, limit=limit)
        else:
            reading = self._all(wanted, columns)
        async with aclosing(reading) as runs:
            async for run in runs:
                yield run

    async def by_ids(self, workspace_id: int, ids: NDArray[np.int64]) -> Entries:
        """Return stopped entries in the order of the ids."""
        run = EntryColumns()
        for place in range(0, len(ids), LONGEST_RUN):
            wanted = {"_id": {"$in": ids[place : place + LONGEST_RUN].tolist()}, "workspace_id": workspace_id}
            find = {"filter": wanted | {"seconds": {"$gte": 0}}}
            async with aclosing(raw_batches(self._entries, find, LONGEST_RUN)) as batches:
                async for documents in batches:
                    await in_thread(run.add, documents)
        return await in_thread(_in_order, run.entries(), ids)

    async def _all(self, wanted: Filter, columns: Collection[str]) -> AsyncGenerator[Entries, None]:
        """Yield the entries of buckets, and between these those of documents; then fill missing buckets."""
        reader = BucketColumns({*columns, *KEY_COLUMNS, *wanted.columns})
        first_s, end_s = min(span.from_s for span in wanted.spans), max(span.to_s for span in wanted.spans)
        missing = _Missing(wanted.workspace_id)
        buckets = self._buckets.find(wanted.workspace_id, first_s, end_s, reader.projection)
        read_s = first_s  # everything before it was read
        async with aclosing(buckets) as found:
            async for bucket in found:
                week_s = round(bucket["week"].timestamp())
                if "columns" not in bucket:
                    missing.add(bucket)
                    continue
                async for run in self._between(wanted, columns, (read_s, week_s), missing):
                    yield run
                for run in await in_thread(_of_bucket, reader, bucket, wanted):
                    yield run
                read_s = week_s + WEEK_S
        async for run in self._between(wanted, columns, (read_s, end_s), missing):
            yield run
        await self._fill(missing)

    async def _between(
        self, wanted: Filter, columns: Collection[str], edges: tuple[int, int], missing: "_Missing"
    ) -> AsyncGenerator[Entries, None]:
        """Yield the entries between two moments from documents."""
        spans = [replace(one, from_s=max(one.from_s, edges[0]), to_s=min(one.to_s, edges[1])) for one in wanted.spans]
        some = tuple(span for span in spans if span.from_s < span.to_s)
        if not some:
            return
        async with aclosing(self._documents(replace(wanted, spans=some), columns)) as runs:
            async for run in runs:
                missing.count(run)
                yield run

    async def _fill(self, missing: "_Missing") -> None:
        filled = 0
        for week in missing.weeks():
            filled += await self._buckets.fill(week)
            if filled >= MOST_FILLED:
                break
        if filled:
            await self._guard.refuse("workspaces", missing.workspace_id)

    async def _documents(
        self, wanted: Filter, columns: Collection[str], *, descending: bool = False, skip: int = 0, limit: int = 0
    ) -> AsyncGenerator[Entries, None]:
        step, exact = -1 if descending else 1, skip > 0 or limit > 0
        find: Document = {"filter": query_of(wanted, exact=exact), "sort": {"start_time": step, "_id": step}}
        if wanted.entry_ids is None:  # a few entries by id are sorted, many of a workspace come in the index's order
            find["hint"] = BY_START
        find |= {name: number for name, number in (("skip", skip), ("limit", limit)) if number}
        needed = set(columns) if exact else {*columns, *KEY_COLUMNS}
        async with aclosing(self._found(find, needed)) as runs:
            async for run in runs:
                yield run if exact else await in_thread(_within, run, wanted.spans)

    async def _found(self, find: Document, columns: Collection[str]) -> AsyncGenerator[Entries, None]:
        reader, shown = EntryColumns(columns), projection(columns)
        find |= {} if shown is None else {"projection": shown}
        async with aclosing(raw_batches(self._entries, find, LONGEST_RUN)) as batches:
            async for documents in batches:
                yield await in_thread(_read, reader, documents)


class _Missing:
    """Weeks whose entries were read from documents."""

    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self._counts = Counter[int]()
        self._empty: dict[int, Document] = {}

    def add(self, bucket: Document) -> None:
        """Add a bucket without columns."""
        self._empty[round(bucket["week"].timestamp())] = bucket

    def count(self, run: Entries) -> None:
        """Count entries that were read."""
        weeks, counts = np.unique(run.start_s // WEEK_S, return_counts=True)
        self._counts.update(dict(zip((weeks * WEEK_S).tolist(), counts.tolist(), strict=True)))

    def weeks(self) -> Iterator[Week]:
        """Yield the weeks whose buckets are worth to be filled and may be."""
        for week_s, count in self._counts.items():
            bucket = self._empty.get(week_s, {"is_quiet": True})
            if count >= FEWEST_FILLED and bucket["is_quiet"] and "too_long" not in bucket:
                yield Week(self.workspace_id, week_s, bucket.get("version"))


def _of_bucket(reader: BucketColumns, bucket: Document, wanted: Filter) -> list[Entries]:
    """Return the entries of a bucket that a filter keeps, in runs."""
    entries = reader.entries(bucket)
    keeps = kept(wanted, entries)
    if keeps.all() and len(entries) <= LONGEST_RUN:
        return [entries]
    rows = np.flatnonzero(keeps)
    return [entries.at(rows[first : first + LONGEST_RUN]) for first in range(0, len(rows), LONGEST_RUN)]


def _read(reader: EntryColumns, documents: Documents) -> Entries:
    reader.add(documents)
    return reader.entries()


def _within(entries: Entries, spans: Sequence[Span]) -> Entries:
    """Return the stopped entries within the spans of their owners."""
    keeps = (entries.seconds != RUNNING) & within(spans, entries.user_id, entries.start_s)
    return entries if keeps.all() else entries.at(np.flatnonzero(keeps))


def _in_order(entries: Entries, ids: NDArray[np.int64]) -> Entries:
    if not len(entries):
        return entries
    by_id = np.argsort(entries.id)
    place = np.searchsorted(entries.id, ids, sorter=by_id).clip(max=len(entries) - 1)
    rows = by_id[place]
    return entries.at(rows[entries.id[rows] == ids])
