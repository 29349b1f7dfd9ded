"""Short ways to make charts for tests."""

from collections.abc import Mapping, Sequence

from daybook.report.v1.sheet_pb2 import (
    Chart,
    IntervalChart,
    Lane,
    LineChart,
    LineSeries,
    Quantity,
    Series,
    XAxis,
    YAxis,
)

HOURS = Quantity(kind=Quantity.KIND_DURATION, seconds=True)
SPEED = Quantity(kind=Quantity.KIND_NUMBER, unit="km/h")
MOMENT = Quantity(kind=Quantity.KIND_MOMENT, pattern="dd.MM.yyyy HH:mm")
START_MS = 1601931600000.0  # 2020-10-06 00:00 in Moscow
MINUTE_MS = 60_000.0
EUROS = Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="EUR")


def bars(
    categories: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    header: str = "Time by day",
    quantity: Quantity = HOURS,
    labels: Sequence[str] = (),
) -> Chart:
    """Return stacked bars: values for each category by the name of their series."""
    piles = [Series(name=name, values=values) for name, values in series.items()]
    return Chart(
        header=header,
        kind=Chart.KIND_STACKED_BAR,
        categories=categories,
        series=piles,
        quantity=quantity,
        labels=labels,
    )


def pie(
    slices: Mapping[str, float], *, header: str = "Projects", quantity: Quantity = HOURS, colors: Sequence[str] = ()
) -> Chart:
    """Return a pie: a value for each name."""
    whole = Series(values=slices.values())
    return Chart(
        header=header, kind=Chart.KIND_PIE, categories=slices, series=[whole], quantity=quantity, colors=colors
    )


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]], *, header: str = "Speed", unit: str = "km/h"
) -> LineChart:
    """Return lines over time: points of minutes after `START_MS` and values for each name."""
    chart = LineChart(header=header, x_axis=XAxis(kind=XAxis.KIND_TIME, quantity=MOMENT))
    chart.y_axes.append(YAxis(label=header, quantity=Quantity(kind=Quantity.KIND_NUMBER, decimals=2, unit=unit)))
    for name, points in series.items():
        xs, ys = [START_MS + minute * MINUTE_MS for minute, _ in points], [value for _, value in points]
        chart.series.append(LineSeries(name=name, x=xs, y=ys))
    return chart


def intervals(
    lanes: Mapping[str, Sequence[tuple[float, float]]], *, header: str = "States", is_events: bool = False
) -> IntervalChart:
    """Return a chart over a day: start and end of the intervals of each lane in minutes after `START_MS`."""
    kinds = IntervalChart.KIND_EVENTS, IntervalChart.KIND_INTERVALS
    chart = IntervalChart(header=header, kind=kinds[not is_events], quantity=MOMENT)
    chart.period_start, chart.period_end = START_MS, START_MS + 1440 * MINUTE_MS
    chart.lanes.extend(Lane(id=name.lower(), name=name) for name in lanes)
    found = sorted((start, end, lane) for lane, spans in enumerate(lanes.values()) for start, end in spans)
    for start, end, lane in found:
        chart.lane.append(lane)
        chart.start.append(START_MS + start * MINUTE_MS)
        chart.end.append(START_MS + end * MINUTE_MS)
    return chart
