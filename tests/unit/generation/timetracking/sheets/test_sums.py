"""Totals of tables are the sums of the rows as shown."""

import math

from daybook.report.v1.sheet_pb2 import Table
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.detailed_rows import rows_of
from services.generation.timetracking.parameters import SummaryParams, WeeklyParams
from services.generation.timetracking.preparation import Rounding, prepare
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.totals import TotalsFold
from services.generation.timetracking.weeks import WeekFold
from tests.builders.examples import examples
from tests.builders.time_entries import EntryRow, at_utc, directory, entries, entry
from tests.unit.generation.timetracking.sheets.reports import ASK, JANUARY, asked, report, table

WEEKLY = asked("weekly")


@st.composite
def worked(draw: st.DrawFn) -> EntryRow:
    """Return an entry of the week, with any price."""
    hour, day = draw(st.integers(0, 23)), draw(st.integers(5, 11))
    return entry(
        start=f"2026-01-{day:02d}T{hour:02d}:00:00Z",
        seconds=draw(st.integers(0, 40_000)),
        user=draw(st.sampled_from([11, 12])),
        project=draw(st.sampled_from([None, 7, 8])),
        description=draw(st.sampled_from(["", "Design"])),
        billable=draw(st.booleans()),
        rate_cents=draw(st.none() | st.integers(0, 20_000)),
    )


@examples(40)
@given(st.lists(worked(), max_size=12))
def test_totals_are_the_sums_of_their_columns(those: list[EntryRow]) -> None:
    """In all three kinds of reports each value of the total is the sum of its column."""
    rows, where = prepare(entries(*those), directory(), Rounding(), at_utc), directory()
    whole, groups, week = (
        TotalsFold(JANUARY, None, amounts=True),
        SummaryFold(SummaryParams(), where),
        WeekFold(WeeklyParams(), where, JANUARY.first),
    )
    for fold in (whole, groups, week):
        fold.add(rows)
    totals = whole.result()
    detailed = rows_of(rows, None, 1, at_utc, where, amounts=True)
    for query, run in (
        (ASK, detailed),
        (asked("summary"), groups.result()),
        (WEEKLY, week.result(amounts=True)),
    ):
        shown = table(report(run, query=query, whole=totals))
        assert sums(shown) == {cell.field: round(cell.raw, 2) for cell in shown.groups[-1].total.cells}


def sums(shown: Table) -> dict[str, float]:
    """Return the sums of the columns that are summed up."""
    summed = {cell.field for cell in shown.groups[-1].total.cells}
    return {
        column.field: round(sum(value for value in column.raw if not math.isnan(value)), 2)
        for column in shown.columns
        if column.field in summed
    }
