"""Native charts of a workbook, drawn over numbers that stand on the tab."""

import math

from daybook.report.v1.sheet_pb2 import Chart, Table

from services.rendering.charts.axis import axis_for
from services.rendering.charts.chart_data import heights, is_pie, series_colours, slices_of
from services.rendering.formats.spreadsheets.cell_texts import cell_texts, one_line
from services.rendering.formats.spreadsheets.cell_values import cell_values
from services.rendering.formats.spreadsheets.workbook import NativeChart
from services.rendering.values import Reader, kind_of


def native_chart(chart: Chart, table: Table, first_row: int, reader: Reader) -> NativeChart:
    """Return a chart over its numbers, which are the table's and begin at a row of the tab."""
    quantity, kind, count = chart.quantity, kind_of(chart.quantity), len(chart.categories)
    stacks = zip(*(heights(series, count) for series in chart.series), strict=True)
    ends = [math.fsum(part) for stack in stacks for part in (filter(_is_below, stack), filter(_is_above, stack))]
    shown = [column for column in table.columns if column.raw]
    return NativeChart(
        header=chart_title(chart.header),
        is_pie=is_pie(chart),
        first_row=first_row,
        names=cell_texts(chart.categories),
        series=cell_texts(series.name for series in chart.series),
        values=[cell_values(quantity, column.raw, column.text, reader.clock) for column in shown],
        colours=[one.colour for one in slices_of(chart)] if is_pie(chart) else series_colours(chart),
        number_format=kind.number_format(quantity, shown[0].text[0], reader.locale),
        step=axis_for(ends, quantity).step / kind.cell_unit,
    )


def chart_title(header: str) -> str:
    """Return a chart's title, which must not begin like a formula."""
    title = one_line(header)
    return f" {title}" if title.startswith("=") else title


def _is_below(value: float) -> bool:
    return value < 0


def _is_above(value: float) -> bool:
    return value > 0
