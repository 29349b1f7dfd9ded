"""Summary of a million entries by project and description, against DuckDB grouping the same rows."""

import asyncio
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
from pymongo import MongoClient
from pymongo.asynchronous.database import AsyncDatabase

from benchmarks.agency import ENTRIES, directory, entries
from benchmarks.figure import Figure, in_turns
from benchmarks.stored import DATABASE, stored
from services.generation.store.mongo import Document, opened
from services.generation.store.mongo_time_entries import MOST_FILLED, MongoTimeEntries
from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import Entries
from services.generation.timetracking.entry_reader import EntryReader
from services.generation.timetracking.filters import filter_of
from services.generation.timetracking.parameters import SummaryParams
from services.generation.timetracking.periods import Days
from services.generation.timetracking.preparation import Rounding, prepare
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.runner import contents_of
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.summary_groups import SummaryGroup
from services.generation.words.time_zones import offsets_s

GOAL, STORED_GOAL = 3.0, 8.0
SUMMARY = TimeReportQuery(SummaryParams(), Days(date(2025, 12, 31), date(2026, 12, 31)))
SAME_GROUPS = """
SELECT e.project_id, e.description, p.rate, p.currency, sum(e.seconds), sum(e.seconds) FILTER (e.billable),
       sum((e.seconds * p.rate * 2 + 3600) // 7200) FILTER (e.billable)
FROM entries e LEFT JOIN projects p ON p.id = e.project_id
GROUP BY e.project_id, e.description, p.rate, p.currency
"""
Groups = list[tuple[object, ...]]


def measure() -> Iterator[Figure]:
    """Yield the figures: of columns in memory, and of stored entries. DuckDB has the same columns as its own table."""
    agency, columns = directory(), entries()
    what = "summary of 1,000,000 time entries by project and description"
    with TemporaryDirectory() as folder, stored(columns) as uri:
        file = Path(folder) / "entries.duckdb"
        with duckdb.connect(file) as database:
            _load(database, columns)
            costs = in_turns(lambda: _grouped(columns, agency), lambda: database.execute(SAME_GROUPS).fetchall())
        yield Figure(what, "DuckDB, the same grouping", GOAL, *costs, len(columns), "entries")
        with asyncio.Runner() as runner, _opened(runner, uri) as database:

            def ours() -> list[SummaryGroup]:
                return runner.run(_read(database, agency))

            for _ in range(0, ENTRIES, MOST_FILLED):  # the first reads fill the buckets
                assert _seconds(ours()) == sum(int(str(row[4])) for row in _of_file(file))
            costs = in_turns(ours, lambda: _of_file(file), ours_in={"generation": os.getpid(), "MongoDB": _pid(uri)})
        reference = "DuckDB reading its own file and grouping"
        yield Figure(f"{what}, store and all", reference, STORED_GOAL, *costs, len(columns), "entries")


def _grouped(columns: Entries, agency: Directory) -> list[SummaryGroup]:
    """Price and group, as a run does with what it has read."""
    fold = SummaryFold(SummaryParams(), agency)
    fold.add(prepare(columns, agency, Rounding(), offsets_s))
    return _whole(fold.result())


@contextmanager
def _opened(runner: asyncio.Runner, uri: str) -> Iterator[AsyncDatabase[Document]]:
    """Keep the connections of a database open, so that its server keeps their threads, whose CPU is counted."""
    opening = opened(uri, DATABASE)
    database = runner.run(opening.__aenter__())
    try:
        yield database
    finally:
        runner.run(opening.__aexit__(None, None, None))


async def _read(database: AsyncDatabase[Document], agency: Directory) -> list[SummaryGroup]:
    wanted = filter_of(SUMMARY, agency)
    reader = EntryReader(MongoTimeEntries(database), wanted, agency, Rounding(), max_entries=2_000_000)
    contents = await contents_of(reader, SUMMARY, "rows")
    return _whole([group async for run in contents.rows for group in run])  # type: ignore[misc] # of a summary


def _whole(groups: list[SummaryGroup]) -> list[SummaryGroup]:
    """Return groups whose parts were all made."""
    for group in groups:
        list(group.sub_groups)
    return groups


def _seconds(groups: Iterable[SummaryGroup]) -> int:
    return sum(group.seconds for group in groups)


def _of_file(file: Path) -> Groups:
    with duckdb.connect(file, read_only=True) as database:
        return database.execute(SAME_GROUPS).fetchall()


def _pid(uri: str) -> int:
    with MongoClient[Document](uri) as client:
        return int(client.admin.command("serverStatus")["pid"])


def _load(database: duckdb.DuckDBPyConnection, columns: Entries) -> None:
    words = np.array(columns.description.values, dtype=object)[columns.description.codes]
    rows = {  # noqa: F841  # DuckDB finds the variable by its name
        "project_id": columns.project_id,
        "description": words,
        "seconds": columns.seconds,
        "billable": columns.billable,
    }
    database.execute("CREATE TABLE entries AS SELECT * FROM rows")
    database.execute("CREATE TABLE projects (id BIGINT, rate BIGINT, currency VARCHAR)")
    prices = [[one.id, one.hourly_rate_cents, one.currency_code] for one in directory().projects.values()]
    database.executemany("INSERT INTO projects VALUES (?, ?, ?)", prices)
