"""Charts of any kind as blocks of a page."""

import math

from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, LineChart

from services.rendering.charts.alternative import alternative_of
from services.rendering.charts.chart_data import is_pie
from services.rendering.formats.pdf import bar_chart, interval_chart, line_chart, pie_chart
from services.rendering.formats.pdf.flow import Flow
from services.rendering.values import Reader

AnyChart = Chart | LineChart | IntervalChart
Drawn = bar_chart.BarChart | pie_chart.PieChart | line_chart.LineChart | interval_chart.IntervalChart


def print_chart(flow: Flow, chart: AnyChart, reader: Reader, *, most_height: float = math.inf) -> None:
    """Print a chart, on a new page unless all of it fits on this page."""
    room = min(flow.most_room - flow.title_height(chart.header), most_height)
    drawn = _measured(flow, chart, (flow.page.width, room), reader)
    flow.start_section(chart.header, keep=drawn.height)
    with flow.page.tagged(flow.document.element("Figure", alt=alternative_of(chart, reader))):
        drawn.draw(flow.page, flow.y)
    flow.y += drawn.height


def _measured(flow: Flow, chart: AnyChart, room: tuple[float, float], reader: Reader) -> Drawn:
    if isinstance(chart, LineChart):
        return line_chart.LineChart(flow.document, chart, room, reader)
    if isinstance(chart, IntervalChart):
        return interval_chart.IntervalChart(flow.document, chart, room, reader)
    return (pie_chart.PieChart if is_pie(chart) else bar_chart.BarChart)(flow.document, chart, room, reader)
