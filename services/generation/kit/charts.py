"""Charts of a sheet: bars, pies, lines over time, mileage or numbers, intervals and events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from daybook.report.v1.sheet_pb2 import (
    Chart,
    Gap,
    IntervalChart,
    Lane,
    LineChart,
    Marker,
    Quantity,
    Section,
    Series,
    Threshold,
    XAxis,
    YAxis,
)
from numpy.typing import ArrayLike

from services.generation.domain.columnar import Ints
from services.generation.domain.thinning import MOST_POINTS, thinned
from services.generation.kit.columns import dates
from services.generation.kit.measures import MILEAGE, NUMBER, Measure
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

XKind = Literal["time", "mileage", "number"]

TIME, DISTANCE = _("Time"), _("Mileage")
MARKERS = {"": Marker.KIND_UNSPECIFIED, "filling": Marker.KIND_FILLING, "drain": Marker.KIND_DRAIN}


@dataclass(frozen=True, slots=True)
class Bars:
    """Values of a chart by category, in the measure's own unit. The title is a text of the reader's language."""

    field: str
    title: str
    values: ArrayLike
    color: str = ""


def stacked_bars(
    language: Language, header: str, categories: Sequence[str] | Ints, bars: Sequence[Bars], measure: Measure
) -> Section:
    """Return upright bars, those of one category stacked; categories are names, or first moments of local days."""
    chart = Chart(
        header=header,
        kind=Chart.KIND_STACKED_BAR,
        series=[_series(language, one, measure) for one in bars],
        quantity=measure.quantity(language),
    )
    if isinstance(categories, np.ndarray):
        days = dates(language, "", "", categories)
        chart.categories.extend(days.text)
        chart.category_values.extend(days.raw)
        chart.category_quantity.CopyFrom(days.quantity)
    else:
        chart.categories.extend(categories)
    return Section(chart=chart)


def simple_bars(language: Language, header: str, titles: Sequence[str], values: ArrayLike, measure: Measure) -> Section:
    """Return an upright bar for each title."""
    raw = measure.rounded(language, values)
    chart = Chart(
        header=header,
        kind=Chart.KIND_SIMPLE_BAR,
        categories=titles,
        series=[Series(values=raw.tolist())],
        quantity=measure.quantity(language),
        labels=measure.texts(language, raw),
    )
    return Section(chart=chart)


def pie(language: Language, header: str, slices: Sequence[Bars], measure: Measure) -> Section:
    """Return the shares of slices of one value each."""
    raw = measure.rounded(language, np.array([one.values for one in slices], np.float64))
    chart = Chart(
        header=header,
        kind=Chart.KIND_PIE,
        categories=[one.title for one in slices],
        series=[Series(values=raw.tolist())],
        quantity=measure.quantity(language),
        labels=measure.texts(language, raw),
        colors=[one.color for one in slices] if all(one.color for one in slices) else [],
    )
    return Section(chart=chart)


def _series(language: Language, bars: Bars, measure: Measure) -> Series:
    raw = measure.rounded(language, bars.values)
    labels = measure.texts(language, raw)
    return Series(name=bars.title, color=bars.color, values=raw.tolist(), field=bars.field, labels=labels)


@dataclass(frozen=True, slots=True)
class Axis:
    """Axis of values of a line chart: its title as a text of the reader's language, and how its values are shown."""

    title: str
    measure: Measure = NUMBER


@dataclass(frozen=True, slots=True)
class Line:
    """Line of a chart. `x` is in milliseconds UTC, km or plain numbers, `y` in the unit of its axis; NaN breaks it."""

    name: str
    x: ArrayLike
    y: ArrayLike
    axis: int = 0
    color: str = ""
    steps: bool = False


class LineChartBuilder:
    """Line chart over one x axis; values are converted into the reader's units. `header` is a translated text."""

    def __init__(self, language: Language, header: str, x: XKind, axes: Sequence[Axis], x_title: str = "") -> None:
        self._language = language
        self._axes = axes
        self._chart = LineChart(
            header=header,
            x_axis=_x_axis(language, x, x_title),
            y_axes=[YAxis(label=one.title, quantity=one.measure.quantity(language)) for one in axes],
        )

    def line(self, line: Line) -> None:
        """Add a line; one with too many points is thinned."""
        measure = self._axes[line.axis].measure
        x, y = np.asarray(line.x, np.float64), np.asarray(line.y, np.float64)
        if len(x) > MOST_POINTS:
            rows = thinned(x, y, (float(x[0]), float(x[-1])))
            x, y = x[rows], y[rows]
        self._chart.series.add(
            name=line.name,
            color=line.color,
            axis=line.axis,
            x=self._x_values(x),
            y=measure.rounded(self._language, y).tolist(),
            step=line.steps,
        )

    def gaps(self, starts: ArrayLike, ends: ArrayLike) -> None:
        """Add stretches of x without data, at which lines break."""
        spans = zip(self._x_values(starts), self._x_values(ends), strict=True)
        self._chart.gaps.extend(Gap(start=start, end=end) for start, end in spans)

    def markers(self, x: ArrayLike, labels: Iterable[str], kind: Literal["", "filling", "drain"] = "") -> None:
        """Add marks on the x axis."""
        marks = zip(self._x_values(x), labels, strict=True)
        self._chart.markers.extend(Marker(x=place, label=label, kind=MARKERS[kind]) for place, label in marks)

    def threshold(self, y: float, label: str = "", *, axis: int = 0, color: str = "") -> None:
        """Add a horizontal line at a value of an axis."""
        shown = self._axes[axis].measure.rounded(self._language, [y]).item()
        self._chart.thresholds.append(Threshold(y=shown, axis=axis, color=color, label=label))

    def section(self) -> Section:
        """Return the chart with everything added so far."""
        return Section(line_chart=self._chart)

    def _x_values(self, values: ArrayLike) -> list[float]:
        if self._chart.x_axis.kind != XAxis.KIND_MILEAGE:
            return [*map(float, np.asarray(values, np.float64))]
        return [*map(float, MILEAGE.rounded(self._language, values))]


def _x_axis(language: Language, kind: XKind, title: str) -> XAxis:
    match kind:
        case "time":
            return XAxis(kind=XAxis.KIND_TIME, label=title or language.t(TIME), quantity=_moments(language))
        case "mileage":
            label = title or MILEAGE.titled(language, DISTANCE)
            return XAxis(kind=XAxis.KIND_MILEAGE, label=label, quantity=MILEAGE.quantity(language))
        case "number":
            return XAxis(kind=XAxis.KIND_NUMBER, label=title, quantity=NUMBER.quantity(language))


@dataclass(frozen=True, slots=True)
class Spans:
    """Intervals in milliseconds UTC in the order of their start, each in a lane by its place; events have no end."""

    lane: ArrayLike
    start_ms: ArrayLike
    end_ms: ArrayLike | None = None


def timeline(
    language: Language, header: str, period_ms: tuple[int, int], lanes: Sequence[Lane], spans: Spans
) -> Section:
    """Return intervals, a state to a lane, or events, a type to a lane, over a period in milliseconds UTC."""
    is_events = spans.end_ms is None
    chart = IntervalChart(
        header=header,
        kind=IntervalChart.KIND_EVENTS if is_events else IntervalChart.KIND_INTERVALS,
        period_start=period_ms[0],
        period_end=period_ms[1],
        quantity=_moments(language),
        lanes=lanes,
        lane=np.asarray(spans.lane, np.int32).tolist(),
        start=np.asarray(spans.start_ms, np.float64).tolist(),
        end=np.asarray(spans.start_ms if spans.end_ms is None else spans.end_ms, np.float64).tolist(),
    )
    return Section(interval_chart=chart)


def _moments(language: Language) -> Quantity:
    return Quantity(kind=Quantity.KIND_MOMENT, pattern=language.clock.pattern, seconds=language.show_seconds)
