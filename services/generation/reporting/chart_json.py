"""Public JSON of charts (reference sections 4.2 and 4.6)."""

import math
from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

from daybook.report.v1 import sheet_pb2 as pb

from services.runtime.chart_values import UNKNOWN, fixed, palette_colour, span_text, trimmed

Keys = dict[str, object]

X_AXES = {pb.XAxis.KIND_TIME: "time", pb.XAxis.KIND_MILEAGE: "mileage"}
MARKERS = {pb.Marker.KIND_FILLING: "filling", pb.Marker.KIND_DRAIN: "drain"}


def _header(chart: Any) -> Keys:
    return {"header": chart.header} if chart.header else {}


def chart_json(chart: pb.Chart) -> Keys:
    """Return a pie or bars."""
    if chart.kind == pb.Chart.KIND_PIE:
        return _pie(chart)
    return _simple_bars(chart) if chart.kind == pb.Chart.KIND_SIMPLE_BAR else _stacked_bars(chart)


def _stacked_bars(chart: pb.Chart) -> Keys:
    """Return stacked bars (reference section 4.2); each bar holds its series by name, in order."""
    names = [series.field or series.name for series in chart.series]
    data = [
        {
            "x": {"v": category, **_raw(_at(chart.category_values, place))},
            "bars": {name: _bar(chart, series, place) for name, series in zip(names, chart.series, strict=True)},
        }
        for place, category in enumerate(chart.categories)
    ]
    described = {
        "series": [
            {"field": name, "title": series.name, "color": series.color or palette_colour(place)}
            for place, (name, series) in enumerate(zip(names, chart.series, strict=True))
        ]
    }
    label = {"label": chart.quantity.unit or chart.quantity.currency_code}
    return {"type": "stacked_bar_chart", **_header(chart), "y_axis": label, **described, "data": data}


def _bar(chart: pb.Chart, series: pb.Series, place: int) -> Keys:
    value = _at(series.values, place)
    return {"v": _label(series.labels, chart.quantity, place, value), **_raw(value)}


def _simple_bars(chart: pb.Chart) -> Keys:
    values = chart.series[0].values if chart.series else []
    bars = [
        {
            "title": category,
            "x": {"v": _label(chart.labels, chart.quantity, place, _at(values, place)), **_raw(_at(values, place))},
        }
        for place, category in enumerate(chart.categories)
    ]
    return {"type": "simple_bar_chart", **_header(chart), "bars": bars}


def _pie(chart: pb.Chart) -> Keys:
    """Return a pie (reference section 4.6); what is unknown or negative is none of it."""
    values = [_at(chart.series[0].values if chart.series else [], place) for place in range(len(chart.categories))]
    values = [max(value, 0.0) if isfinite(value) else 0.0 for value in values]
    whole = math.fsum(values)
    data = [
        {
            "name": name,
            "v": _label(chart.labels, chart.quantity, place, value),
            "raw": value,
            "percent": round(100 * value / whole, 1) if whole else 0.0,
            "color": (chart.colors[place] if place < len(chart.colors) else "") or palette_colour(place),
        }
        for place, (name, value) in enumerate(zip(chart.categories, values, strict=True))
    ]
    return {"type": "pie_chart", **_header(chart), "data": data}


def line_chart_json(chart: pb.LineChart) -> Keys:
    """Return lines; an unknown value is null in its point. What has no place is left out."""
    return {
        "type": "line_chart",
        **_header(chart),
        "x_axis": {"type": X_AXES.get(chart.x_axis.kind, "number"), "label": chart.x_axis.label},
        "y_axes": [{"label": axis.label, "unit": axis.quantity.unit} for axis in chart.y_axes],
        "series": [
            {
                "name": line.name,
                "axis": line.axis,
                "color": line.color or palette_colour(place),
                "points": [point for point in zip(line.x, line.y, strict=True) if isfinite(point[0])],
            }
            for place, line in enumerate(chart.series)
        ],
        "gaps": [[gap.start, gap.end] for gap in chart.gaps if isfinite(gap.start + gap.end)],
        "markers": [
            {"x": mark.x, "label": mark.label, "kind": MARKERS.get(mark.kind, "")}
            for mark in chart.markers
            if isfinite(mark.x)
        ],
        "thresholds": [{"y": one.y, "color": one.color} for one in chart.thresholds if isfinite(one.y)],
    }


def interval_chart_json(chart: pb.IntervalChart) -> Keys:
    """Return events by lane, or intervals in the order of their start (reference section 4.6)."""
    if chart.kind == pb.IntervalChart.KIND_EVENTS:
        points: list[list[float]] = [[] for _ in chart.lanes]
        for lane, moment in zip(chart.lane, chart.start, strict=True):
            if isfinite(moment):
                points[lane].append(moment)
        lanes = [
            {"event": lane.id, "name": lane.name, "points": own} for lane, own in zip(chart.lanes, points, strict=True)
        ]
        return {"type": "event_timeline", **_header(chart), "lanes": lanes}
    intervals = [
        {"from": start, "to": end, "state": chart.lanes[lane].id, "name": chart.lanes[lane].name}
        for lane, start, end in zip(chart.lane, chart.start, chart.end, strict=True)
        if isfinite(start + end)
    ]
    return {"type": "interval_chart", **_header(chart), "intervals": intervals}


def chart_text(quantity: pb.Quantity, value: float) -> str:
    """Return a value of a chart as a text without its unit, money with its currency; an em dash for an unknown one."""
    if not isfinite(value):
        return UNKNOWN
    if quantity.kind == pb.Quantity.KIND_DURATION:
        return span_text(value, seconds_shown=quantity.seconds)
    if quantity.kind == pb.Quantity.KIND_MONEY:
        return f"{fixed(value, quantity.decimals)} {quantity.currency_code}".strip()
    return trimmed(value, quantity.decimals) + "%" * (quantity.kind == pb.Quantity.KIND_PERCENT)


def _label(labels: Sequence[str], quantity: pb.Quantity, place: int, value: float) -> str:
    return (labels[place] if place < len(labels) else "") or chart_text(quantity, value)


def _at(values: Sequence[float], place: int) -> float:
    return values[place] if place < len(values) else nan


def _raw(value: float) -> Keys:
    return {"raw": value} if isfinite(value) else {}
