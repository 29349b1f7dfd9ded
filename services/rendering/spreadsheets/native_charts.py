"""Charts that a spreadsheet draws itself, over numbers that stand on the tab."""

import math

from daybook.report.v1.sheet_pb2 import Chart, Quantity, Table

from services.rendering.plots import heights, is_pie, series_colours, slices_of
from services.rendering.scales import scale_for
from services.rendering.spreadsheets.moments import DAY_S, WallClock
from services.rendering.spreadsheets.number_formats import number_format
from services.rendering.spreadsheets.texts import cell_texts, one_line
from services.rendering.spreadsheets.values import cell_values
from services.rendering.spreadsheets.workbook import Plot


def plot_of(chart: Chart, table: Table, first_row: int, clock: WallClock) -> Plot:
    """Return a chart over its numbers, which are the table's and begin at a row of the tab."""
    quantity, count = chart.quantity, len(chart.categories)
    stacks = zip(*(heights(series, count) for series in chart.series), strict=True)
    ends = [math.fsum(part) for stack in stacks for part in (filter(_is_below, stack), filter(_is_above, stack))]
    shown = [column for column in table.columns if column.raw]
    return Plot(
        header=_title(chart.header),
        is_pie=is_pie(chart),
        first_row=first_row,
        names=cell_texts(chart.categories),
        series=cell_texts(series.name for series in chart.series),
        values=[cell_values(quantity, column.raw, column.text, clock) for column in shown],
        colours=[one.colour for one in slices_of(chart)] if is_pie(chart) else series_colours(chart),
        number_format=number_format(quantity, sample=shown[0].text[0]),
        step=scale_for(ends, quantity).step / _UNITS.get(quantity.kind, 1),
    )


_UNITS = {Quantity.KIND_DURATION: DAY_S, Quantity.KIND_PERCENT: 100}  # of the machine value in what a cell counts


def _title(header: str) -> str:
    """Return a chart's title, which must not begin like a formula."""
    title = one_line(header)
    return f" {title}" if title.startswith("=") else title


def _is_below(value: float) -> bool:
    return value < 0


def _is_above(value: float) -> bool:
    return value > 0
