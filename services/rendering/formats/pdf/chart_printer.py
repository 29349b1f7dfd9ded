"""Printing of charts, each undivided under its title."""

from daybook.report.v1.sheet_pb2 import Chart

from services.rendering.charts.chart_data import is_pie
from services.rendering.formats.pdf.bar_chart import BarChart
from services.rendering.formats.pdf.flow import Flow
from services.rendering.formats.pdf.pie_chart import PieChart


def print_chart(flow: Flow, chart: Chart) -> None:
    """Print a chart, on a new page unless all of it fits on this page."""
    room = flow.page.width, flow.most_room - flow.title_height(chart.header)
    drawn = PieChart(flow.document, chart, room) if is_pie(chart) else BarChart(flow.document, chart, room)
    flow.start_section(chart.header, keep=drawn.height)
    drawn.draw(flow.page, flow.y)
    flow.y += drawn.height
