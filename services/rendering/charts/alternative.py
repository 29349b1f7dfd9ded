"""Text alternatives of charts: what they show, in words and figures."""

import math
from collections.abc import Iterable, Iterator, Sequence

from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, LineChart, Quantity

from services.rendering.charts.chart_data import is_pie, slices_of
from services.rendering.values import Reader, chart_text

TO = "\N{EN DASH}"
MOST_FIGURES = 100  # of a chart; an ellipsis stands for those that follow


def alternative_of(chart: Chart | LineChart | IntervalChart, reader: Reader) -> str:
    """Return a chart in words, such as "Time by project: Website 48:40 (58 %), SEO 35:10 (42 %)"."""
    if isinstance(chart, LineChart):
        return _said(chart.header, _lines(chart, reader))
    if isinstance(chart, IntervalChart):
        return _said(chart.header, _lanes(chart, reader))
    return _said(chart.header, _slices(chart, reader) if is_pie(chart) else _bars(chart, reader))


def _said(header: str, figures: Iterable[str]) -> str:
    found: list[str] = []
    for figure in figures:
        if len(found) == MOST_FIGURES:
            found.append("\N{HORIZONTAL ELLIPSIS}")
            break
        found.append(figure)
    return ": ".join(filter(None, (header.replace("\n", " "), ", ".join(found))))


def _slices(chart: Chart, reader: Reader) -> Iterator[str]:
    for one in slices_of(chart, reader):
        yield f"{one.name} {one.text} ({reader.percent(f'{one.share:.0f}')})"


def _bars(chart: Chart, reader: Reader) -> Iterator[str]:
    """Yield the values of each category but zeros, with the names of series where there are several."""
    shown = [series for series in chart.series if any(map(_is_shown, series.values))]
    for place, category in enumerate(chart.categories):
        name = category.replace("\n", " ")
        for series in shown:
            value = series.values[place] if place < len(series.values) else math.nan
            if _is_shown(value):
                whose = f"{name} {series.name}" if len(shown) > 1 else name
                yield f"{whose} {_figure(chart.quantity, value, reader)}"


def _lines(chart: LineChart, reader: Reader) -> Iterator[str]:
    """Yield the lowest and the highest value of each line."""
    for line in chart.series:
        values = [value for value in line.y if math.isfinite(value)]
        if values and 0 <= line.axis < len(chart.y_axes):
            quantity = chart.y_axes[line.axis].quantity
            yield f"{line.name} {_range(quantity, values, reader)}".strip()


def _lanes(chart: IntervalChart, reader: Reader) -> Iterator[str]:
    """Yield each lane with the moments at which its intervals begin."""
    for number, lane in enumerate(chart.lanes):
        starts = [start for start, own in zip(chart.start, chart.lane, strict=False) if own == number]
        if starts:
            yield f"{lane.name} {len(starts)} ({_range(chart.quantity, starts, reader)})"


def _range(quantity: Quantity, values: Sequence[float], reader: Reader) -> str:
    ends = dict.fromkeys(chart_text(quantity, value, reader) for value in (min(values), max(values)))
    return " ".join(filter(None, (TO.join(ends), quantity.unit)))


def _figure(quantity: Quantity, value: float, reader: Reader) -> str:
    return f"{chart_text(quantity, value, reader)} {quantity.unit}".strip()


def _is_shown(value: float) -> bool:
    return math.isfinite(value) and value != 0
