"""Charts of a workbook as XlsxWriter describes them."""

import math
from collections.abc import Sequence

from xlsxwriter.chart import Chart

from services.rendering.formats.spreadsheets.advance_widths import width_in_digits
from services.rendering.formats.spreadsheets.workbook import LineLook, NativeChart, NativeLines, NativeSeries, ValueAxis
from services.rendering.theme import CELL_FONT, FAINT_INK, INK, RULE

PLOT_ROWS = 16  # that a chart of this height may cover
SIZE = {"width": 640, "height": 290}  # pixels
LINES_ROWS = 18
LINES_SIZE = {"width": 900, "height": 340}
TITLE = {"name": CELL_FONT, "size": 11, "bold": True, "color": INK}
WORDS = {"name": CELL_FONT, "size": 8, "color": FAINT_INK}
LEVEL_WORDS = WORDS | {"rotation": 0}  # without it programs turn labels that are close
PLOT_WIDTH = 560  # pixels of the x axis
LABEL_DIGIT = 5.5  # pixels of a digit of a label
LABEL_GAP = 8
GAP_PERCENT = 45  # between bars, of a bar's width
MARKERS: dict[LineLook, dict[str, object]] = {
    LineLook.DOTS: {"type": "circle", "size": 3},
    LineLook.MARKS: {"type": "diamond", "size": 6},
}
LOOKS: dict[LineLook, dict[str, object]] = {
    LineLook.LINE: {"width": 1.25},
    LineLook.DASHES: {"width": 1.25, "dash_type": "dash"},
    LineLook.BAND: {"width": 9},
}


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
    chart.set_legend(_legend(plot))
    chart.set_chartarea({"border": {"color": RULE}})
    if not plot.is_pie:
        x_axis = {"num_font": LEVEL_WORDS, "line": {"color": FAINT_INK}, "major_tick_mark": "none"}
        chart.set_x_axis(x_axis | {"interval_unit": _label_step(plot.names)})
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


def _legend(plot: NativeChart) -> dict[str, object]:
    """Describe the legend: the slices of a pie, or the series of bars, that have values."""
    entries = [[value] for value in plot.values[0]] if plot.is_pie else plot.values
    empty = [place for place, values in enumerate(entries) if not any(isinstance(one, float) and one for one in values)]
    names = plot.names if plot.is_pie else plot.series
    is_shown = any(name for place, name in enumerate(names) if place not in empty)
    position = ("right" if plot.is_pie else "bottom") if is_shown else "none"
    return {"position": position, "font": WORDS, "delete_series": empty}


def _label_step(names: Sequence[str]) -> int:
    """Return how many categories a label stands for, so that level labels fit side by side."""
    widest = max(map(width_in_digits, names), default=0.0) * LABEL_DIGIT + LABEL_GAP
    return max(math.ceil(widest * len(names) / PLOT_WIDTH), 1)


def drawn_lines(chart: Chart, plot: NativeLines, tab_name: str, first_row: int) -> Chart:
    """Describe a chart of points and return it; rows of the series count from `first_row` of the tab."""
    drawn_in_order = sorted(plot.series, key=lambda series: series.axis)  # as programs count them for the legend
    for series in drawn_in_order:
        chart.add_series(_series(series, tab_name, first_row))
    chart.set_size(LINES_SIZE)
    chart.set_title({"name": plot.header, "name_font": TITLE} if plot.header else {"none": True})
    hidden = [place for place, series in enumerate(drawn_in_order) if not series.in_legend]
    shown = len(hidden) < len(plot.series)
    chart.set_legend({"position": "bottom" if shown else "none", "font": WORDS, "delete_series": hidden})
    chart.set_chartarea({"border": {"color": RULE}})
    chart.set_x_axis({"label_position": "low"} | _axis(plot.x_axis) | {"major_gridlines": {"visible": False}})
    for place, (axis, set_axis) in enumerate(zip(plot.y_axes, (chart.set_y_axis, chart.set_y2_axis), strict=False)):
        grid = {"visible": not place, "line": {"color": RULE}}
        set_axis(_axis(axis) | {"major_gridlines": grid})
    chart.show_hidden_data()
    chart.show_blanks_as("gap")
    return chart


def _series(series: NativeSeries, tab_name: str, first_row: int) -> dict[str, object]:
    first, last = first_row + series.first_row, first_row + series.last_row
    described: dict[str, object] = {
        "name": series.name,
        "categories": [tab_name, first, 1, last, 1],
        "values": [tab_name, first, 2, last, 2],
        "y2_axis": bool(series.axis),
    }
    if series.look in MARKERS:
        colours = {"fill": {"color": series.colour}, "border": {"color": series.colour}}
        described |= {"line": {"none": True}, "marker": {**MARKERS[series.look], **colours}}
        if any(series.labels):
            custom = [{"value": label} for label in series.labels]
            described["data_labels"] = {"value": True, "position": "above", "font": WORDS, "custom": custom}
    else:
        described |= {"line": {"color": series.colour, **LOOKS[series.look]}, "marker": {"type": "none"}}
    return described


def _axis(axis: ValueAxis) -> dict[str, object]:
    described: dict[str, object] = {"num_font": LEVEL_WORDS, "line": {"color": FAINT_INK}, "major_tick_mark": "outside"}
    if axis.title:
        described |= {"name": axis.title, "name_font": WORDS | {"bold": False}}
    if axis.low is not None and axis.high is not None:
        described |= {"min": axis.low, "max": axis.high}
    if axis.step:
        described["major_unit"] = axis.step
    if axis.number_format:
        return described | {"num_format": axis.number_format}
    return described | {"label_position": "none", "major_tick_mark": "none"}
