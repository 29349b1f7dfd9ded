"""A summary by project and description of a million entries, against DuckDB grouping the same rows."""

from collections.abc import Iterator

import duckdb
import numpy as np

from benchmarks.agency import directory, entries
from benchmarks.figure import Figure, in_turns
from benchmarks.stored import read_seconds
from services.generation.timetracking.computation.entries import Entries, Grouping, Rounding
from services.generation.timetracking.computation.preparation import prepare
from services.generation.timetracking.computation.results import SubGroup
from services.generation.timetracking.computation.summaries import SummaryFold
from services.generation.words.zones import offsets_s

GOAL = 3.0
SAME_GROUPS = """
SELECT e.project_id, e.description, p.rate, p.currency, sum(e.seconds), sum(e.seconds) FILTER (e.billable),
       sum((e.seconds * p.rate * 2 + 3600) // 7200) FILTER (e.billable)
FROM entries e LEFT JOIN projects p ON p.id = e.project_id
GROUP BY e.project_id, e.description, p.rate, p.currency
"""


def measure() -> Iterator[Figure]:
    """Price and group, as a run does with what it has read. DuckDB has the same columns as a table of its own."""
    agency, columns = directory(), entries()

    def ours() -> list[SubGroup]:
        fold = SummaryFold(Grouping("projects", "time_entries"), agency)
        fold.add(prepare(columns, agency, Rounding(), offsets_s))
        return [sub for group in fold.result() for sub in group.sub_groups]

    with duckdb.connect() as database:
        _load(database, columns)

        def reference() -> list[tuple[object, ...]]:
            return database.execute(SAME_GROUPS).fetchall()

        assert sum(sub.seconds for sub in ours()) == sum(int(str(row[4])) for row in reference())
        costs = in_turns(ours, reference)
    apart = f"reading them from MongoDB takes {read_seconds(columns):.1f} s"
    what = "summary of 1,000,000 time entries by project and description"
    yield Figure(what, "DuckDB, the same grouping", GOAL, *costs, len(columns), "entries", apart)


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
    prices = [[one.id, one.rate_cents, one.currency] for one in directory().projects.values()]
    database.executemany("INSERT INTO projects VALUES (?, ?, ?)", prices)
