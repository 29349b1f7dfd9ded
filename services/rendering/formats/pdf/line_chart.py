"""Line chart: lines over time, mileage or numbers, with axes on both sides, gaps, markers and thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import LineChart as LineChartData
from daybook.report.v1.sheet_pb2 import YAxis

from services.rendering import theme
from services.rendering.charts.axis import Axis, line_axis_for, tick_texts
from services.rendering.charts.chart_data import drawable, marker_colour, threshold_colour
from services.rendering.charts.line_data import Point, drawn_lines, x_range
from services.rendering.charts.x_scale import x_scale
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.legend import Legend
from services.rendering.formats.pdf.pages import Page, TextStyle
from services.rendering.formats.pdf.plot_area import BUTT, DASHES, ROUND, SOLID, TICK_ROOM, PlotArea, axis_height, pen
from services.rendering.values import Reader, unit_of

SIZE = 6.5  # points of type
PLOT = 165.0
GAP = 6.0
AXIS_GAP = 5.0
LINE, THIN = 0.9, 0.5
DOT = 3.0


@dataclass(frozen=True, slots=True)
class _Side:
    """An axis of values beside the plot, with the room its texts take."""

    axis: Axis
    texts: Sequence[tuple[float, str]]
    title: str
    width: float


class LineChart:
    """A line chart measured for a page; `height` is its height in points."""

    def __init__(self, document: Document, chart: LineChartData, room: tuple[float, float], reader: Reader) -> None:
        """Measure the chart for the page's width and the most height there is."""
        self._chart = chart
        self._style = TextStyle(document.regular, SIZE, theme.FAINT_INK)
        self._ink = TextStyle(document.regular, SIZE, theme.INK)
        width = room[0] - 2 * theme.MARGIN
        self._lines = drawn_lines(chart)
        self._sides = [self._side(place, axis, reader) for place, axis in enumerate(chart.y_axes or [YAxis()])]
        self._left = theme.MARGIN + self._sides[0].width
        self._width = width - sum(side.width for side in self._sides)
        self._scale = x_scale(chart.x_axis, x_range(chart), max(round(self._width / TICK_ROOM), 1), reader)
        named = [(line.name, line.colour) for line in self._lines if line.name]
        limits = [(limit.label, threshold_colour(limit)) for limit in chart.thresholds if limit.label]
        self._legend = Legend([*named, *limits], self._ink, width)
        self._above = SIZE + GAP * 1.5 + (SIZE + 2 if any(marker.label for marker in chart.markers) else 0.0)
        around = self._above + axis_height(self._style) + GAP + self._legend.height + bool(chart.x_axis.label) * SIZE
        self._plot = min(PLOT, room[1] - around)
        self.height = self._plot + around

    def _side(self, place: int, axis: YAxis, reader: Reader) -> _Side:
        values = [y for line in self._lines if line.axis == place for run in line.runs for _, y in run]
        limits = [drawable(limit.y) for limit in self._chart.thresholds if limit.axis == place]
        scale = line_axis_for([*values, *limits], axis.quantity)
        texts = tick_texts(scale, axis.quantity, reader)
        title = ", ".join(filter(None, (axis.label, unit_of(axis.quantity))))
        return _Side(scale, texts, title, max(self._style.width(text) for _, text in texts) + AXIS_GAP)

    def draw(self, page: Page, top: float) -> None:
        """Draw it from the upper end of its room."""
        area = PlotArea(self._scale, self._left, top + self._above, self._width, self._plot)
        self._draw_gaps(page, area)
        self._draw_axes(page, area, top + SIZE)
        area.draw_x_axis(page, self._style)
        self._draw_thresholds(page, area)
        self._draw_lines(page, area)
        self._draw_markers(page, area)
        below = area.bottom + axis_height(self._style)
        if self._chart.x_axis.label:
            below += SIZE
            label = self._style.clip(self._chart.x_axis.label, self._width)
            page.text(area.left + (area.width - self._style.width(label)) / 2, below, label, self._style)
        self._legend.draw(page, theme.MARGIN, below + GAP)

    def _draw_gaps(self, page: Page, area: PlotArea) -> None:
        low, high = self._scale.low, self._scale.high
        for gap in self._chart.gaps:
            start, end = max(gap.start, low), min(gap.end, high)
            if start < end:
                width = max(area.x(end) - area.x(start), THIN)
                page.fill(area.x(start), area.top, (width, area.height), theme.BAND_FILL)

    def _draw_axes(self, page: Page, area: PlotArea, title_base: float) -> None:
        """Draw the ticks of the first axis as a grid, the texts of the others on the right."""
        edge = area.right
        for place, side in enumerate(self._sides):
            ys = [area.bottom - side.axis.share(tick) * area.height for tick, _ in side.texts]
            if not place:
                page.rules(area.left, area.right, ys, theme.RULE)
            for y, (_, text) in zip(ys, side.texts, strict=True):
                x = edge + AXIS_GAP if place else area.left - AXIS_GAP - self._style.width(text)
                page.text(x, y + SIZE * 0.36, text, self._style)
            edge += side.width if place else 0.0
        share = (page.width - 2 * theme.MARGIN) / len(self._sides) - AXIS_GAP
        right = page.width - theme.MARGIN
        for place, side in reversed(list(enumerate(self._sides))):
            title = self._style.clip(side.title, share)
            right -= self._style.width(title)
            page.text(right if place else theme.MARGIN, title_base, title, self._style)
            right -= 2 * AXIS_GAP

    def _draw_thresholds(self, page: Page, area: PlotArea) -> None:
        for limit in self._chart.thresholds:
            if 0 <= limit.axis < len(self._sides):
                y = page.height - self._y(area, limit.axis, drawable(limit.y))
                line = f"{area.left:.2f} {y:.2f} m {area.right:.2f} {y:.2f} l S"
                page.draw(BUTT, DASHES, pen(threshold_colour(limit), LINE), line, SOLID)

    def _draw_lines(self, page: Page, area: PlotArea) -> None:
        for line in self._lines:
            paths = [
                " ".join(self._path(area, page.height, line.axis, run if len(run) > 1 else [*run, *run]))
                for run in line.runs
            ]
            lone = [path for path, run in zip(paths, line.runs, strict=True) if len(run) == 1]
            joined = [path for path, run in zip(paths, line.runs, strict=True) if len(run) > 1]
            page.draw(ROUND)
            for thickness, drawn in ((LINE, joined), (DOT, lone)):
                if drawn:
                    page.draw(pen(line.colour, thickness), *drawn, "S")
            page.draw(BUTT)

    def _path(self, area: PlotArea, height: float, axis: int, run: Sequence[Point]) -> Iterator[str]:
        for place, (x, y) in enumerate(run):
            yield f"{area.x(x):.2f} {height - self._y(area, axis, y):.2f} {'l' if place else 'm'}"

    def _y(self, area: PlotArea, axis: int, value: float) -> float:
        return area.bottom - self._sides[axis].axis.share(value) * area.height

    def _draw_markers(self, page: Page, area: PlotArea) -> None:
        past = 0.0
        for marker in sorted(self._chart.markers, key=lambda marker: marker.x):
            if not self._scale.low <= marker.x <= self._scale.high:
                continue
            colour = marker_colour(marker.kind)
            x = area.x(marker.x)
            ends = f"{x:.2f} {page.height - area.bottom:.2f} m {x:.2f} {page.height - area.top:.2f} l S"
            page.draw(BUTT, pen(colour, THIN), ends)
            style = TextStyle(self._ink.face, SIZE, colour)
            text = style.clip(marker.label, self._width / 4)
            left = min(max(x - style.width(text) / 2, theme.MARGIN), page.width - theme.MARGIN - style.width(text))
            if text and left >= past:
                page.text(left, area.top - 2, text, style)
                past = left + style.width(text) + 1.5
