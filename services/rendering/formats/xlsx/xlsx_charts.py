"""Charts of a workbook as XlsxWriter describes them."""

from xlsxwriter.chart import Chart

from services.rendering.formats.spreadsheets.workbook import NativeChart
from services.rendering.theme import CELL_FONT, FAINT_INK, INK, RULE

PLOT_ROWS = 16  # that a chart of this height may cover
SIZE = {"width": 640, "height": 290}  # pixels
TITLE = {"name": CELL_FONT, "size": 11, "bold": True, "color": INK}
WORDS = {"name": CELL_FONT, "size": 8, "color": FAINT_INK}
GAP_PERCENT = 45  # between bars, of a bar's width


def drawn(chart: Chart, plot: NativeChart, tab_name: str) -> Chart:
    """Describe a chart and return it. The numbers go with it: programs show it before they read the cells."""
    first, last = plot.first_row, plot.first_row + len(plot.names) - 1
    for place, values in enumerate(plot.values):
        column = place + 1
        series: dict[str, object] = {
            "name": [tab_name, first - 1, column],
            "categories": [tab_name, first, 0, last, 0],
            "values": [tab_name, first, column, last, column],
            "categories_data": list(plot.names),
            "values_data": [value if isinstance(value, float) else 0.0 for value in values],
            "gap": GAP_PERCENT,
        }
        if plot.is_pie:
            series["points"] = [{"fill": {"color": colour}} for colour in plot.colours]
        else:
            series["fill"] = {"color": plot.colours[place]}
        chart.add_series(series)
    chart.set_size(SIZE)
    chart.set_title({"name": plot.header, "name_font": TITLE} if plot.header else {"none": True})
    chart.set_legend({"position": "right" if plot.is_pie else "bottom", "font": WORDS})
    chart.set_chartarea({"border": {"color": RULE}})
    if not plot.is_pie:
        chart.set_x_axis({"num_font": WORDS, "line": {"color": FAINT_INK}, "major_tick_mark": "none"})
        chart.set_y_axis(
            {
                "num_font": WORDS,
                "num_format": plot.number_format,
                "line": {"none": True},
                "major_gridlines": {"visible": True, "line": {"color": RULE}},
                "major_unit": plot.step,
            }
        )
    return chart
