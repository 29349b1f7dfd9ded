"""Charts as tables of their values, for formats that draw none."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from daybook.report.v1.sheet_pb2 import Chart, Column, IntervalChart, LineChart, Quantity, RowGroup, Section, Table

from services.rendering.values import chart_text

TEXT = Quantity(kind=Quantity.KIND_TEXT)


def chart_table(section: Section) -> Table | None:
    """Return the values of a section's chart, None for a section without one."""
    kind = section.WhichOneof("content") or ""
    return CHARTS[kind](getattr(section, kind)) if kind in CHARTS else None


def table_of(chart: Chart) -> Table:
    """Return a chart's numbers as a table: a row for each category, a column for each series."""
    count = len(chart.categories)
    table = Table(header=chart.header, groups=[RowGroup(row_count=count)])
    table.columns.add(field="category", align=Column.ALIGN_LEFT, text=chart.categories, quantity=TEXT)
    for place, series in enumerate(chart.series):
        values = [*series.values[:count], *[math.nan] * (count - len(series.values))]
        table.columns.add(
            field=f"series{place + 1}",
            title=series.name,
            align=Column.ALIGN_RIGHT,
            quantity=chart.quantity,
            raw=values,
            text=[chart_text(chart.quantity, value) for value in values],
        )
    return table


def _line_table(chart: LineChart) -> Table:
    """Return a row for each point, line after line: its line, its x and its value in the quantity of its axis."""
    table = Table(header=chart.header)
    name = table.columns.add(field="series", align=Column.ALIGN_LEFT, quantity=TEXT)
    x = _numbers(table, "x", chart.x_axis.quantity, chart.x_axis.label)
    y = _numbers(table, "y", Quantity(kind=Quantity.KIND_NUMBER))
    y.quantities.quantities.extend(axis.quantity for axis in chart.y_axes)
    for line in chart.series:
        count, first = min(len(line.x), len(line.y)), len(name.text)
        for column, values in ((x, line.x[:count]), (y, line.y[:count])):
            column.raw.extend(values)
            column.text.extend([""] * count)
        name.text.extend([line.name] * count)
        if 0 <= line.axis < len(chart.y_axes):
            y.quantities.row.extend(range(first, first + count))
            y.quantities.index.extend([line.axis] * count)
    table.groups.add(row_count=len(name.text))
    return table


def _interval_table(chart: IntervalChart) -> Table:
    """Return a row for each interval: its lane, its start and its end, which events do not have."""
    lanes = [lane.name for lane in chart.lanes]
    names = [lanes[place] if 0 <= place < len(lanes) else "" for place in chart.lane]
    table = Table(header=chart.header, groups=[RowGroup(row_count=len(names))])
    table.columns.add(field="lane", align=Column.ALIGN_LEFT, quantity=TEXT, text=names)
    ends = (
        {"start": chart.start} if chart.kind == IntervalChart.KIND_EVENTS else {"start": chart.start, "end": chart.end}
    )
    for field, moments in ends.items():
        column = _numbers(table, field, chart.quantity)
        column.raw.extend(moments)
        column.text.extend([""] * len(names))
    return table


def _numbers(table: Table, field: str, quantity: Quantity, title: str = "") -> Column:
    return table.columns.add(field=field, title=title, align=Column.ALIGN_RIGHT, quantity=quantity)


CHARTS: Mapping[str, Callable[[Any], Table]] = {
    "chart": table_of,
    "line_chart": _line_table,
    "interval_chart": _interval_table,
}
