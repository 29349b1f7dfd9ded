"""Lines as they are drawn, broken at gaps, and intervals, thinned to the columns of a drawing."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from daybook.report.v1.sheet_pb2 import Gap, IntervalChart, LineChart, LineSeries, XAxis

from services.rendering.charts.chart_data import colour_of, drawable

BREAK_MS = 30 * 60 * 1000  # two points further apart in time are not joined

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a drawing of intervals: `count` of them side by side over x from `low` to `high`."""

    low: float
    high: float
    count: int

    def place(self, x: float) -> int:
        """Return the column of an x."""
        return int((x - self.low) / ((self.high - self.low) or 1.0) * self.count)

    def part(self, span: Point, x: float, *, is_events: bool) -> bool:
        """Return whether an interval that begins at x is seen apart from the one before, or an event from another."""
        if is_events:
            return self.place(x) != self.place(span[0])
        return (x - span[1]) * self.count >= self.high - self.low


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line: runs of joined points, and the place of its axis of values."""

    name: str
    colour: str
    axis: int
    runs: Sequence[Sequence[Point]]


def x_range(chart: LineChart) -> tuple[float, float] | None:
    """Return the least and the greatest x of points and markers, None without any."""
    ends = [x for line in chart.series for x in (*line.x[:1], *line.x[-1:])] + [marker.x for marker in chart.markers]
    known = [drawable(x) for x in ends if math.isfinite(x)]
    return (min(known), max(known)) if known else None


def drawn_lines(chart: LineChart) -> list[DrawnLine]:
    """Return the lines of a chart, with all points that it has between its least and its greatest x."""
    ends = x_range(chart) or (0.0, 0.0)
    gaps = _Gaps(chart.gaps, BREAK_MS if chart.x_axis.kind == XAxis.KIND_TIME else math.inf)
    last_axis = max(len(chart.y_axes) - 1, 0)
    return [
        DrawnLine(
            line.name,
            colour_of(line.color, place),
            min(max(line.axis, 0), last_axis),
            [_stepped(run) if line.step else run for run in _runs(line, gaps, ends)],
        )
        for place, line in enumerate(chart.series)
    ]


def lane_spans(chart: IntervalChart, columns: Columns) -> list[list[Point]]:
    """Return start and end of the intervals of each lane; those less than a column apart are one.

    Of the events in a column the first stays.
    """
    lanes: list[list[Point]] = [[] for _ in chart.lanes]
    is_events = chart.kind == IntervalChart.KIND_EVENTS
    for lane, start, end in zip(chart.lane, chart.start, chart.end, strict=False):
        first, last = max(start, columns.low), min(max(start, end), columns.high)
        if not 0 <= lane < len(lanes) or not first <= last:
            continue
        spans = lanes[lane]
        if not spans or columns.part(spans[-1], first, is_events=is_events):
            spans.append((first, first if is_events else last))
        elif not is_events:
            spans[-1] = spans[-1][0], max(spans[-1][1], last)
    return lanes


class _Gaps:
    """Places where no line is drawn from one point to the next."""

    def __init__(self, gaps: Iterable[Gap], longest: float) -> None:
        ordered = sorted((gap.start, gap.end) for gap in gaps)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))
        self._longest = longest

    def between(self, before: float, after: float) -> bool:
        """Return whether two neighbouring points are parted."""
        if after - before > self._longest:
            return True
        reached = bisect_left(self._starts, after)
        return reached > 0 and self._ends[reached - 1] > before


def _runs(line: LineSeries, gaps: _Gaps, ends: Point) -> Iterator[list[Point]]:
    points = [point for point in _points(line, gaps) if ends[0] <= point[1] <= ends[1]]
    for _, run in groupby(points, key=lambda point: point[0]):
        yield [(x, y) for _, x, y in run]


def _points(line: LineSeries, gaps: _Gaps) -> list[tuple[int, float, float]]:
    """Return the known points, each with the number of its run."""
    points, run, before = [], 0, math.nan
    for x, y in zip(line.x, line.y, strict=False):
        if not (math.isfinite(x) and math.isfinite(y)):
            before = math.nan
            continue
        run += math.isnan(before) or gaps.between(before, x)
        points.append((run, x, drawable(y)))
        before = x
    return points


def _stepped(run: Sequence[Point]) -> list[Point]:
    """Return points in between, so that each value holds until the next."""
    corners = [corner for (x, y), (after, _) in pairwise(run) for corner in ((x, y), (after, y))]
    return [*corners, run[-1]]
