"""How long reading entries from MongoDB takes, on a server of the run's own."""

import asyncio
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pymongo import MongoClient

from services.cli import mongod
from services.generation.adapters.indexes import create_indexes
from services.generation.adapters.mongo import Document, opened
from services.generation.adapters.mongo_time_entries import MongoTimeEntries
from services.generation.adapters.time_entry_documents import document_of
from services.generation.domain.timesheets.entries import Entries, Filter, Span, TimeEntry

DATABASE = "benchmark"
WORKSPACE = 1
BATCH = 10_000
READY_WITHIN_MS = 60_000


def read_seconds(columns: Entries) -> float:
    """Return how many seconds it takes to read all entries with their words, once they are stored."""
    with _server() as uri:
        return asyncio.run(_measured(uri, columns))


async def _measured(uri: str, columns: Entries) -> float:
    async with opened(uri, DATABASE) as database:
        await create_indexes(database)
        for place in range(0, len(columns), BATCH):
            await database.time_entries.insert_many(list(_documents(columns, place)), ordered=False)
        people = tuple(set(columns.user_id.tolist()))
        wanted = Filter(WORKSPACE, (Span(people, 0, 2**32),))
        began, count = time.perf_counter(), 0
        async for run in MongoTimeEntries(database).read(wanted, words=True):
            count += len(run)
        assert count == len(columns)
        return time.perf_counter() - began


def _documents(columns: Entries, first: int) -> Iterator[Document]:
    words, codes = columns.description.values, columns.description.codes
    for row in range(first, min(first + BATCH, len(columns))):
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


@contextmanager
def _server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        program = mongod.command(mongod.find_mongod(), Path(folder), port, 1)
        server = subprocess.Popen(program, stdout=subprocess.DEVNULL)  # noqa: S603  # the program our own wheel brings
        try:
            uri = f"mongodb://127.0.0.1:{port}/"
            with MongoClient[Document](uri, serverSelectionTimeoutMS=READY_WITHIN_MS) as client:
                client.admin.command("ping")
            yield uri
        finally:
            server.terminate()
            server.wait()
