"""Data of charts by categories: colours, heights of bars, slices."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Chart, Marker, Series, Threshold

from services.rendering import theme
from services.rendering.charts.distinct_colours import distinct
from services.rendering.values import UTC_READER, Reader, chart_text
from services.runtime.chart_values import palette_colour

MOST = 1e15

_COLOUR = re.compile("#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a pie: its share of the whole in percent, and its value as a text."""

    name: str
    value: float
    share: float
    text: str
    colour: str


def is_pie(chart: Chart) -> bool:
    """Return whether a chart is a pie; all others are bars."""
    return chart.kind == Chart.KIND_PIE


def series_colours(chart: Chart) -> list[str]:
    """Return a colour for each series, which differs from those beside it."""
    return distinct([colour_of(series.color, place) for place, series in enumerate(chart.series)])


def heights(series: Series, count: int) -> list[float]:
    """Return a value for each category: 0 for an unknown value, and none beyond what can be drawn."""
    values = [drawable(value) if math.isfinite(value) else 0.0 for value in series.values[:count]]
    return values + [0.0] * (count - len(values))


def drawable(value: float) -> float:
    """Return the value, or the nearest that can be drawn."""
    return max(-MOST, min(MOST, value))


def slices_of(chart: Chart, reader: Reader = UTC_READER) -> list[Slice]:
    """Return the slices of a pie in order; unknown and negative values count as zero."""
    first = chart.series[0] if chart.series else Series()
    values = [max(value, 0.0) for value in heights(first, len(chart.categories))]
    whole = math.fsum(values)
    wishes = [colour_of(_at(chart.colors, place), place) for place in range(len(values))]
    colours = distinct(wishes, is_ring=True)
    return [
        Slice(
            name=name,
            value=value,
            share=100 * value / whole if whole else 0.0,
            text=_at(chart.labels, place) or chart_text(chart.quantity, value, reader),
            colour=colours[place],
        )
        for place, (name, value) in enumerate(zip(chart.categories, values, strict=True))
    ]


def threshold_colour(threshold: Threshold) -> str:
    """Return the colour of a threshold."""
    return threshold.color if _COLOUR.fullmatch(threshold.color) else theme.THRESHOLD


def marker_colour(kind: Marker.Kind.ValueType) -> str:
    """Return the colour of a kind of markers."""
    return {Marker.KIND_FILLING: theme.FILLING, Marker.KIND_DRAIN: theme.DRAIN}.get(kind, theme.FAINT_INK)


def colour_of(wish: str, place: int) -> str:
    """Return a colour if it is valid, else that of the palette for a place."""
    return wish if _COLOUR.fullmatch(wish) else palette_colour(place)


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""
