"""Interval chart: bars or events over time, in lanes above one another."""

from daybook.report.v1.sheet_pb2 import IntervalChart as IntervalChartData

from services.rendering import theme
from services.rendering.charts.chart_data import colour_of
from services.rendering.charts.line_data import Columns, lane_spans
from services.rendering.charts.x_scale import time_scale
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.pages import Page, TextStyle, fill_color
from services.rendering.formats.pdf.plot_area import TICK_ROOM, PlotArea, axis_height
from services.rendering.values import Reader

SIZE = 6.5  # points of type
LANE, BAR_SHARE = 16.0, 0.62
NAME_GAP = 6.0
WIDEST_NAME = 130.0
NARROWEST, EVENT = 0.6, 2.4  # points of an interval and of an event


class IntervalChart:
    """An interval chart measured for a page; `height` is its height in points."""

    def __init__(self, document: Document, chart: IntervalChartData, room: tuple[float, float], reader: Reader) -> None:
        """Measure the chart for the page's width and the most height there is; lanes become lower to fit into it."""
        self._style = TextStyle(document.regular, SIZE, theme.FAINT_INK)
        self._ink = TextStyle(document.regular, SIZE, theme.INK)
        names = [self._ink.clip(lane.name, WIDEST_NAME) for lane in chart.lanes]
        self._left = theme.MARGIN + max(map(self._ink.width, names), default=0.0) + NAME_GAP
        self._width = room[0] - theme.MARGIN - self._left
        most = max(round(self._width / TICK_ROOM), 1)
        self._scale = time_scale(chart.period_start, chart.period_end, most, chart.quantity, reader)
        self._is_events = chart.kind == IntervalChartData.KIND_EVENTS
        columns = Columns(self._scale.low, self._scale.high, round(2 * self._width))
        colours = [colour_of(lane.color, place) for place, lane in enumerate(chart.lanes)]
        self._lanes = list(zip(names, colours, lane_spans(chart, columns), strict=True))
        axis = axis_height(self._style)
        self._lane_height = min(LANE, (room[1] - axis) / max(len(self._lanes), 1))
        self.height = self._lane_height * len(self._lanes) + axis

    def draw(self, page: Page, top: float) -> None:
        """Draw it from the upper end of its room."""
        height = self._lane_height * len(self._lanes)
        area = PlotArea(self._scale, self._left, top, self._width, height)
        page.rules(theme.MARGIN, area.right, [top + self._lane_height * n for n in range(len(self._lanes))], theme.RULE)
        past = 0.0
        for number, (name, colour, spans) in enumerate(self._lanes):
            middle = top + (number + 0.5) * self._lane_height
            if middle - SIZE / 2 >= past:
                page.text(theme.MARGIN, middle + SIZE * 0.36, name, self._ink)
                past = middle + SIZE / 2
            boxes = [self._box(area, page.height - middle, span) for span in spans]
            if boxes:
                page.draw(fill_color(colour), *boxes, "f")
        area.draw_x_axis(page, self._style)

    def _box(self, area: PlotArea, middle: float, span: tuple[float, float]) -> str:
        """Return the path of an interval, wide enough to be seen."""
        left, right = map(area.x, span)
        lack = max((EVENT if self._is_events else NARROWEST) - (right - left), 0.0)
        left, height = max(left - lack / 2, area.left), self._lane_height * BAR_SHARE
        width = min(max(right - left, EVENT if self._is_events else NARROWEST), area.right - left)
        return f"{left:.2f} {middle - height / 2:.2f} {max(width, NARROWEST):.2f} {height:.2f} re"
