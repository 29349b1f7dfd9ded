"""Charts on paper: each in one piece, under its title."""

from daybook.report.v1.sheet_pb2 import Chart

from services.rendering.paper.bars import BarChart
from services.rendering.paper.flow import Flow
from services.rendering.paper.rings import RingChart
from services.rendering.plots import is_pie


def print_chart(flow: Flow, chart: Chart) -> None:
    """Print a chart, on a new page unless all of it fits on this one."""
    room = flow.page.width, flow.most_room - flow.title_height(chart.header)
    drawn = RingChart(flow.book, chart, room) if is_pie(chart) else BarChart(flow.book, chart, room)
    flow.start_section(chart.header, keep=drawn.height)
    drawn.draw(flow.page, flow.y)
    flow.y += drawn.height
