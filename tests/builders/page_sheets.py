"""Sheets for tests of the report view: short and long tables of trips, named values, charts with a spike."""

from collections.abc import Callable

from daybook.report.v1.sheet_pb2 import (
    Column,
    MapRow,
    MapTable,
    Quantity,
    RowGroup,
    RowGroupOutline,
    RowTrack,
    Section,
    Table,
)

from tests.builders.charts import bars, intervals, lines, pie
from tests.builders.sheets import Wanted, trip_columns
from tests.builders.tables import section_of
from tests.fakes.report_parts import MadeSheet

TRACKER = 311852
HOSTILE = "<img src=x onerror=alert(1)></script> \u202egnirts " + "long" * 120
SPIKE = 987.0
GROUP_ROWS = 1_500


def trips_table(first: int, end: int, *, groups: bool = True) -> Section:
    """Return trips, numbered in their first texts, whose rows can be shown on the map."""
    columns = trip_columns(first, end, Wanted(rows=end, highlight=False))
    columns[0].text[:] = [f"#{row} {text}" for row, text in zip(range(first, end), columns[0].text, strict=True)]
    columns[2].raw[:] = [float(row * 7919 % 100_003) for row in range(first, end)]
    columns[2].text[:] = [f"{value:.0f}" for value in columns[2].raw]
    table = Table(header="Trips", columns=columns, row_track=RowTrack(start_field="from", end_field="to"))
    if groups:
        half = (end - first) // 2
        table.groups.extend(
            [RowGroup(header="Day 1", row_count=half), RowGroup(header="Day 2", row_count=end - first - half)]
        )
    return Section(table=table)


def trips_sheet(count: int, *, header: str = "Van 1") -> MadeSheet:
    """Return a sheet of so many trips, two groups of them, and a list of named values."""
    named = MapTable(
        header="Summary", rows=[MapRow(name="Trips", text=str(count)), MapRow(name="Length, km", text="12.5")]
    )
    return MadeSheet(header, [trips_table(0, count), section_of(named)], [TRACKER])


def long_sheet(count: int, *, header: str = "Van 1") -> MadeSheet:
    """Return a sheet of so many trips in groups of 1,500 rows with sums, which are made as they are read."""
    sizes = [min(GROUP_ROWS, count - first) for first in range(0, count, GROUP_ROWS)]
    groups = [RowGroupOutline(row_count=size, has_header=True, has_total=True) for size in sizes]
    return MadeSheet(header, [trips_table(0, 1, groups=False)], [TRACKER], _long_rows(count), count, groups)


def _long_rows(count: int) -> Callable[[int, int], Section]:
    def rows(first: int, end: int) -> Section:
        section = trips_table(first, end, groups=False)
        for start in range(first - first % GROUP_ROWS, end, GROUP_ROWS):
            past = min(start + GROUP_ROWS, count)
            group = section.table.groups.add(header=f"Week {start // GROUP_ROWS}", continued=start < first)
            group.row_count = min(past, end) - max(start, first)
            if past <= end:
                group.total.text = f"Sum {start // GROUP_ROWS}"
        return section

    return rows


def charts_sheet(points: int) -> MadeSheet:
    """Return a sheet with a line of so many points, one of them far above the others, bars, a pie and a timeline."""
    values = [(float(minute), 50.0 + minute % 7) for minute in range(points)]
    values[points // 3] = (values[points // 3][0], SPIKE)
    days = bars([f"{day} Oct" for day in range(1, 8)], {"Day": [3600.0 * day for day in range(7)]})
    states = pie({"Moving": 3600.0, HOSTILE: 1800.0})
    times = intervals({"On": [(0, 60), (90, 600)], "Off": [(60, 90)]})
    sections = [lines({"Speed": values}), days, states, times]
    return MadeSheet("Charts", [section_of(one) for one in sections], [TRACKER])


def empty_charts_sheet() -> MadeSheet:
    """Return a sheet with a line, bars and a pie that have no values, beside a list that has one."""
    named = MapTable(header="Summary", rows=[MapRow(name="Trips", text="0")])
    charts = [lines({"Speed": []}), bars(["1 Oct"], {"Day": [0.0]}), pie({"Moving": 0.0}), intervals({"On": []})]
    return MadeSheet("Empty", [section_of(one) for one in (*charts, named)])


def hostile_sheet() -> MadeSheet:
    """Return a sheet whose every text tries to be markup, to turn the line around, or to be too long."""
    column = Column(field="name", title=HOSTILE, text=[HOSTILE, "plain"], align=Column.ALIGN_LEFT)
    column.quantity.kind = Quantity.KIND_TEXT
    table = Table(header=HOSTILE, columns=[column], groups=[RowGroup(header=HOSTILE, row_count=2)])
    named = MapTable(header=HOSTILE, rows=[MapRow(name=HOSTILE, text=HOSTILE)])
    return MadeSheet(HOSTILE, [section_of(table), section_of(named)])
