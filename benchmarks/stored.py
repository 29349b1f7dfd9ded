"""Store of time entries for a benchmark, on a MongoDB server of the run's own."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from daybook.input.v1.workspace_pb2 import TimeEntry
from google.protobuf.timestamp_pb2 import Timestamp

from benchmarks.server import own_mongodb
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.store.indexes import create_indexes
from services.generation.store.input_documents import stored_document
from services.generation.store.mongo import Document, opened
from services.generation.timetracking.entries import Entries

DATABASE = "benchmark"
WORKSPACE = 1
BATCH = 10_000


@contextmanager
def stored(columns: Entries) -> Iterator[str]:
    """Give the address of a server that holds the entries."""
    with own_mongodb() as uri:
        asyncio.run(_store(uri, columns))
        yield uri


async def _store(uri: str, columns: Entries) -> None:
    async with opened(uri, DATABASE) as database:
        await create_indexes(database)
        for place in range(0, len(columns), BATCH):
            rows = range(place, min(place + BATCH, len(columns)))
            await database.time_entries.insert_many(list(documents_of(columns, rows)), ordered=False)


def documents_of(columns: Entries, rows: Iterable[int]) -> Iterator[Document]:
    """Yield the documents of some of the entries."""
    words, codes = columns.description.values, columns.description.codes
    for row in rows:
        entry = TimeEntry(
            id=int(columns.id[row]),
            user_id=int(columns.user_id[row]),
            start_time=Timestamp(seconds=int(columns.start_s[row])),
            seconds=int(columns.seconds[row]),
            project_id=int(columns.project_id[row]),
            description=words[codes[row]],
            billable=bool(columns.billable[row]),
        )
        values = stored_document(TIME_ENTRIES, TIME_ENTRIES.document(entry))
        yield {"workspace_id": WORKSPACE, "update_time": values["start_time"]} | values
