"""How long reading entries from MongoDB takes, on a server of the run's own."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from benchmarks.server import own_mongodb
from services.generation.store.indexes import create_indexes
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_time_entries import MongoTimeEntries
from services.generation.store.time_entry_documents import document_of
from services.generation.timetracking.entries import Entries, Filter, Span, TimeEntry

DATABASE = "benchmark"
WORKSPACE = 1
BATCH = 10_000


def read_seconds(columns: Entries) -> float:
    """Return how many seconds it takes to read all entries with their words, once they are stored."""
    with own_mongodb() as uri:
        return asyncio.run(_measured(uri, columns))


async def _measured(uri: str, columns: Entries) -> float:
    async with opened(uri, DATABASE) as database:
        await create_indexes(database)
        for place in range(0, len(columns), BATCH):
            rows = range(place, min(place + BATCH, len(columns)))
            await database.time_entries.insert_many(list(documents_of(columns, rows)), ordered=False)
        people = tuple(set(columns.user_id.tolist()))
        wanted = Filter(WORKSPACE, (Span(people, 0, 2**32),))
        began, count = time.perf_counter(), 0
        async for run in MongoTimeEntries(database).read(wanted, words=True):
            count += len(run)
        assert count == len(columns)
        return time.perf_counter() - began


def documents_of(columns: Entries, rows: Iterable[int]) -> Iterator[Document]:
    """Yield the documents of some of the entries."""
    words, codes = columns.description.values, columns.description.codes
    for row in rows:
        entry = TimeEntry(
            id=int(columns.id[row]),
            user_id=int(columns.user_id[row]),
            start=datetime.fromtimestamp(int(columns.start_s[row]), UTC),
            seconds=int(columns.seconds[row]),
            project_id=int(columns.project_id[row]) or None,
            description=words[codes[row]],
            billable=bool(columns.billable[row]),
        )
        yield {"_id": entry.id, **document_of(WORKSPACE, entry, entry.start)}
