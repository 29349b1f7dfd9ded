"""Buckets of time entries in MongoDB: found, emptied before their entries change, and filled from the entries.

Entries are the only truth. Who changes entries first empties the buckets of the weeks that they leave and enter, and
has BULK_SECONDS to change them. A bucket is filled from entries that were read after it had not been emptied for longer
than that, and only if it has not been emptied meanwhile: a change that came to half, or at any moment, is never missed.
"""

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from pymongo import UpdateOne, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.raw_batches import raw_batches
from services.generation.store.time_entry_buckets import COLLECTION, SCHEMA, WEEK_S, packed, week_of, week_time
from services.generation.store.time_entry_columns import EntryColumns
from services.generation.timetracking.entries import Entries
from services.runtime.fair_threads import in_thread

QUIET_MS = round(4 * BULK_SECONDS * 1000)  # since a bucket was emptied, after which its entries change no more
BATCH = 4  # buckets; the server sends at most 16 MiB at once
LONGEST_RUN = 20_000  # entries
MOST_BYTES = 15 << 20  # of a week's entries as documents; a bucket is always smaller and has to fit into a document
BY_START = {"workspace_id": 1, "start_time": 1, "_id": 1}
EMPTIED = {
    "$inc": {"version": 1},
    "$currentDate": {"update_time": True},
    "$unset": {"schema": "", "count": "", "columns": "", "too_long": ""},
}


@dataclass(frozen=True, slots=True)
class Week:
    """Week of a workspace; `version` is how often its bucket was emptied, None for a week without one."""

    workspace_id: int
    start_s: int
    version: int | None


async def empty_buckets(database: AsyncDatabase[Document], workspace_id: int, moments: Iterable[datetime]) -> None:
    """Empty the buckets of entries that start at some moments; what changes the entries is the caller's next write.

    The journal keeps the order of writes, so nothing is waited for here.
    """
    weeks = sorted({week_of(int(moment.timestamp())) for moment in moments})
    writes = [UpdateOne(_where(Week(workspace_id, week_s, None)), EMPTIED, upsert=True) for week_s in weeks]
    if writes:
        await database.get_collection(COLLECTION, write_concern=WriteConcern(w=1)).bulk_write(writes)


class MongoEntryBuckets:
    """Buckets of the time entries of all workspaces."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._buckets = database[COLLECTION]

    async def find(
        self, workspace_id: int, start_s: int, end_s: int, projection: Document
    ) -> AsyncGenerator[Document, None]:
        """Yield the buckets of the weeks that overlap an interval, in time order, empty ones without columns.

        `is_quiet` says that a bucket may be filled.
        """
        weeks = {"$gte": week_time(week_of(start_s)), "$lt": week_time(week_of(end_s - 1) + WEEK_S)}
        since = {"$subtract": ["$$NOW", QUIET_MS]}
        shown = {"week": 1, "version": 1, "schema": 1, "too_long": 1, "is_quiet": {"$lte": ["$update_time", since]}}
        found = self._buckets.find({"workspace_id": workspace_id, "week": weeks}, shown | projection, batch_size=BATCH)
        async with found.sort("week") as cursor:
            while True:
                with store_errors(BULK_SECONDS):
                    bucket = await anext(cursor, None)
                if bucket is None:
                    return
                if bucket.get("schema") != SCHEMA:
                    bucket.pop("columns", None)
                yield bucket

    async def fill(self, week: Week) -> int:
        """Fill the bucket of a week that is quiet, unless it is emptied meanwhile; return how many entries it has."""
        entries = await self._entries(week)
        held: Document = {"schema": SCHEMA, "too_long": True}
        if entries is not None:
            held = await in_thread(packed, entries, week.start_s)
        with store_errors(BULK_SECONDS):
            if week.version is not None:
                await self._buckets.update_one(_where(week) | {"version": week.version}, {"$set": held})
            else:
                await self._insert(week, held)
        return 0 if entries is None else len(entries)

    async def _insert(self, week: Week, held: Document) -> None:
        new = {"version": 0, "update_time": week_time(0)}  # it never was emptied
        try:
            await self._buckets.insert_one(_where(week) | new | held)
        except DuplicateKeyError:  # another was faster, or the week's entries change
            return

    async def _entries(self, week: Week) -> Entries | None:
        """Return the stopped entries of a week by start and id; None for too many."""
        start_time = {"$gte": week_time(week.start_s), "$lt": week_time(week.start_s + WEEK_S)}
        wanted = {"workspace_id": week.workspace_id, "start_time": start_time, "seconds": {"$gte": 0}}
        find = {"filter": wanted, "sort": {"start_time": 1, "_id": 1}, "hint": BY_START}
        reader, size = EntryColumns(), 0
        async with aclosing(raw_batches(self._database.time_entries, find, LONGEST_RUN)) as batches:
            async for documents in batches:
                size += documents.size
                if size > MOST_BYTES:
                    return None
                await in_thread(reader.add, documents)
        return await in_thread(reader.entries)


def _where(week: Week) -> Document:
    return {"workspace_id": week.workspace_id, "week": week_time(week.start_s)}
