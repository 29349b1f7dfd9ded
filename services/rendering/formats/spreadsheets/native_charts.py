"""Native charts of a workbook, drawn over numbers that stand on the tab."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, LineChart, Marker, Quantity, Section, Table, YAxis

from services.rendering.charts.alternative import alternative_of
from services.rendering.charts.axis import axis_for, line_axis_for
from services.rendering.charts.chart_data import (
    colour_of,
    drawable,
    heights,
    is_pie,
    marker_colour,
    series_colours,
    slices_of,
    threshold_colour,
)
from services.rendering.charts.line_data import Columns, Point, drawn_lines, lane_spans, x_range
from services.rendering.charts.x_scale import XScale, scale_pattern, time_scale, x_scale
from services.rendering.excel_formats import TEXT, moment_format
from services.rendering.formats.spreadsheets.cell_values import CellValue, cell_text, cell_texts, cell_values, one_line
from services.rendering.formats.spreadsheets.workbook import LineLook, NativeChart, NativeLines, NativeSeries, ValueAxis
from services.rendering.theme import CellStyle, StyleRole
from services.rendering.values import Reader, kind_of, unit_of

COLUMNS = 1_000  # of a chart of intervals
TICKS = 8


def native_chart(chart: Chart, table: Table, first_row: int, reader: Reader) -> NativeChart:
    """Return a chart over its numbers, which are the table's and begin at a row of the tab."""
    quantity, kind, count = chart.quantity, kind_of(chart.quantity), len(chart.categories)
    stacks = zip(*(heights(series, count) for series in chart.series), strict=True)
    ends = [math.fsum(part) for stack in stacks for part in (filter(_is_below, stack), filter(_is_above, stack))]
    shown = [column for column in table.columns if column.raw]
    return NativeChart(
        header=chart_title(chart.header),
        said=alternative_of(chart, reader),
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


@dataclass(frozen=True, slots=True)
class PointBlock:
    """Rows of points below a chart: a name, x and a value. `styles` has those of each series and where its rows end."""

    x_quantity: Quantity
    reader: Reader
    rows: list[tuple[CellValue, CellValue, CellValue]] = field(default_factory=list)
    styles: list[tuple[int, list[CellStyle]]] = field(default_factory=list)

    def add(self, name: str, quantity: Quantity, runs: Sequence[Sequence[Point]]) -> tuple[int, int]:
        """Add the points of a series, an empty row after each run but the last; return its first and its last row."""
        shown, first = cell_text(name), len(self.rows)
        for run in runs:
            if len(self.rows) > first:
                self.rows.append((shown, "", ""))
            xs, ys = self._cells(self.x_quantity, [x for x, _ in run]), self._cells(quantity, [y for _, y in run])
            self.rows.extend((shown, x, y) for x, y in zip(xs, ys, strict=True))
        if not runs:
            self.rows.append((shown, "", ""))
        kinds = [(kind_of(one), one) for one in (self.x_quantity, quantity)]
        formats = [TEXT, *(kind.number_format(one, "", self.reader.locale) for kind, one in kinds)]
        self.styles.append((len(self.rows), [CellStyle(StyleRole.BODY, shown_as) for shown_as in formats]))
        return first, len(self.rows) - 1

    def _cells(self, quantity: Quantity, values: Sequence[float]) -> Sequence[CellValue]:
        return cell_values(quantity, values, [""] * len(values), self.reader.clock)

    def x_axis(self, scale: XScale, title: str) -> ValueAxis:
        """Return the axis of a scale in the numbers of the tab; it begins and ends at a tick."""
        quantity, kind = self.x_quantity, kind_of(self.x_quantity)
        ends = [scale.low, scale.high, *(tick.x for tick in scale.ticks[:1])]
        low, high, *ticks = kind.cell_numbers(quantity, ends, self.reader.clock)
        if not ticks or not math.isfinite(low + high + ticks[0]):
            return ValueAxis(cell_text(title))
        step, tick = scale.step / kind.cell_unit, ticks[0]
        first = tick - math.ceil(round((tick - low) / step, 6)) * step
        last = first + math.ceil(round((high - first) / step, 6)) * step
        shown = kind.number_format(quantity, "", self.reader.locale)
        if kind.is_moment:
            shown = moment_format(scale_pattern(scale, quantity), self.reader.locale)
        return ValueAxis(cell_text(title), first, last, step, shown)


def native_lines(section: Section, reader: Reader) -> tuple[PointBlock, NativeLines]:
    """Return a section's line or interval chart as a chart of a workbook, and the points that it is drawn over."""
    if section.HasField("line_chart"):
        block = PointBlock(section.line_chart.x_axis.quantity, reader)
        return block, _lines_of_chart(section.line_chart, block)
    block = PointBlock(section.interval_chart.quantity, reader)
    return block, _lines_of_intervals(section.interval_chart, block)


def _lines_of_chart(chart: LineChart, block: PointBlock) -> NativeLines:
    """Add the points of a line chart to a block; return the chart over them."""
    ends = x_range(chart)
    scale = x_scale(chart.x_axis, ends, TICKS, block.reader)
    lines = drawn_lines(chart)
    axes = list(chart.y_axes) or [YAxis()]
    series = []
    values: tuple[list[float], list[float]] = [], []
    for line in lines:
        rows = block.add(line.name, axes[line.axis].quantity, line.runs)
        series.append(NativeSeries(chart_title(line.name), *rows, line.colour, LineLook.LINE, _side(line.axis)))
        lone = [point for run in line.runs if len(run) == 1 for point in run]
        if lone:  # without a neighbour no line shows it
            rows = block.add(line.name, axes[line.axis].quantity, [lone])
            series.append(NativeSeries("", *rows, line.colour, LineLook.DOTS, _side(line.axis), in_legend=False))
        values[_side(line.axis)].extend(y for run in line.runs for _, y in run)
    for limit in chart.thresholds if ends else ():
        if 0 <= limit.axis < len(axes):
            y, side = drawable(limit.y), _side(limit.axis)
            rows = block.add(limit.label, axes[limit.axis].quantity, [[(scale.low, y), (scale.high, y)]])
            name, colour, named = chart_title(limit.label), threshold_colour(limit), bool(limit.label)
            series.append(NativeSeries(name, *rows, colour, LineLook.DASHES, side, in_legend=named))
            values[side].append(y)
    series += _marked(chart, axes[0].quantity, values[0], block)
    sides = [side for side in (axes[:1], axes[1:]) if side]
    y_axes = [_value_axis(side, values[place], block.reader) for place, side in enumerate(sides)]
    x_axis = block.x_axis(scale, chart.x_axis.label)
    return NativeLines(chart_title(chart.header), alternative_of(chart, block.reader), x_axis, y_axes, series)


def _lines_of_intervals(chart: IntervalChart, block: PointBlock) -> NativeLines:
    """Add the intervals of each lane to a block, the first lane at the top; return the chart over them."""
    scale = time_scale(chart.period_start, chart.period_end, TICKS, chart.quantity, block.reader)
    is_events = chart.kind == IntervalChart.KIND_EVENTS
    spans = lane_spans(chart, Columns(scale.low, scale.high, COLUMNS))
    number, series = Quantity(kind=Quantity.KIND_NUMBER), []
    for place, (lane, own) in enumerate(zip(chart.lanes, spans, strict=True)):
        y = float(len(chart.lanes) - place)
        rows = block.add(
            lane.name, number, [[(start, y)] if is_events else [(start, y), (end, y)] for start, end in own]
        )
        look = LineLook.MARKS if is_events else LineLook.BAND
        series.append(NativeSeries(chart_title(lane.name), *rows, colour_of(lane.color, place), look))
    y_axis = ValueAxis("", 0.0, len(chart.lanes) + 1.0, 1.0)
    said = alternative_of(chart, block.reader)
    return NativeLines(chart_title(chart.header), said, block.x_axis(scale, ""), [y_axis], series)


def _side(axis: int) -> int:
    """Return the side of an axis: 0 for the first on the left, 1 for all others."""
    return min(axis, 1)


def _value_axis(axes: Sequence[YAxis], values: Sequence[float], reader: Reader) -> ValueAxis:
    """Return the axis of a side in the quantity of the first of its axes, titled by all."""
    quantity = axes[0].quantity
    titles = [", ".join(filter(None, (axis.label, unit_of(axis.quantity)))) for axis in axes]
    kind, scale = kind_of(quantity), line_axis_for(values, quantity)
    low, high, step = (value / kind.cell_unit for value in (scale.low, scale.high, scale.step))
    title = cell_text("; ".join(filter(None, titles)))
    return ValueAxis(title, low, high, step, kind.number_format(quantity, "", reader.locale))


def _marked(chart: LineChart, quantity: Quantity, values: Sequence[float], block: PointBlock) -> Iterator[NativeSeries]:
    """Yield markers as points on the x axis, a series for each kind."""
    low = line_axis_for(values, quantity).low
    for kind in Marker.Kind.values():
        marked = [marker for marker in chart.markers if marker.kind == kind and math.isfinite(marker.x)]
        if marked:
            rows = block.add("", quantity, [[(marker.x, low) for marker in marked]])
            labels, colour = [cell_text(marker.label) for marker in marked], marker_colour(kind)
            yield NativeSeries("", *rows, colour, LineLook.MARKS, labels=labels, in_legend=False)
