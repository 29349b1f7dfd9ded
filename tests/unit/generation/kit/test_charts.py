"""Charts: what builders write into the contract's messages."""

import numpy as np
from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, Lane, Marker, Quantity, XAxis

from services.generation.accounts.user import Locale
from services.generation.kit.charts import (
    Axis,
    Bars,
    Line,
    LineChartBuilder,
    Spans,
    pie,
    simple_bars,
    stacked_bars,
    timeline,
)
from services.generation.kit.measures import DURATION, MILEAGE, NUMBER, PERCENT, SPEED
from services.generation.words.language import Language
from tests.builders.tracks import DAY_MS, WORKED_EXAMPLE_DAY_MS

MILES = Language.of(Locale("en", "Europe/Moscow", "imperial"))


def test_stacked_bars_by_day_know_their_days() -> None:
    """Categories are local dates that carry their first moment; each series has a field for programs."""
    days = WORKED_EXAMPLE_DAY_MS + DAY_MS * np.arange(2)
    bars = [Bars("idle", "Idle", [60, np.nan], "#0000ff"), Bars("moving", "In movement", [0, 30.4])]
    chart = stacked_bars(MILES, "Daily", days, bars, DURATION).chart

    assert (Chart.KIND_STACKED_BAR, "Daily", Quantity.KIND_DURATION) == (chart.kind, chart.header, chart.quantity.kind)
    assert ["Oct 6, 2020", "Oct 7, 2020"] == list(chart.categories)
    assert (days.tolist(), Quantity.KIND_MOMENT) == (list(chart.category_values), chart.category_quantity.kind)
    assert [("idle", "Idle", "#0000ff"), ("moving", "In movement", "")] == [
        (one.field, one.name, one.color) for one in chart.series
    ]
    np.testing.assert_array_equal([60, np.nan], list(chart.series[0].values))
    assert [0, 30] == list(chart.series[1].values)


def test_bars_by_name_have_no_machine_value() -> None:
    """Categories may be names."""
    chart = stacked_bars(MILES, "Penalties", ["Van", "Car"], [Bars("a", "A", [1, 2])], NUMBER).chart

    assert (["Van", "Car"], []) == (list(chart.categories), list(chart.category_values))


def test_stacked_bars_carry_the_texts_of_tables() -> None:
    """Times have hours of two digits, numbers the decimal sign of the reader."""
    russian = Language.of(Locale("ru", "Europe/Moscow"))
    times = stacked_bars(russian, "", ["Van"], [Bars("a", "A", [600])], DURATION).chart
    ways = stacked_bars(russian, "", ["Van", "Car"], [Bars("a", "A", [1.25, np.nan])], MILEAGE).chart

    assert ["00:10"] == list(times.series[0].labels)
    assert ["1,25", "—"] == list(ways.series[0].labels)


def test_simple_bars_carry_their_texts() -> None:
    """A bar has a title and a text in the reader's unit."""
    chart = simple_bars(MILES, "Way", ["Van", "Car"], [1.609344, 16.09344], MILEAGE).chart

    assert (Chart.KIND_SIMPLE_BAR, ["Van", "Car"]) == (chart.kind, list(chart.categories))
    assert ([1, 10], ["1", "10"]) == (list(chart.series[0].values), list(chart.labels))


def test_a_pie_has_the_colours_of_its_slices_or_none() -> None:
    """Colours of the renderer's choice and given ones are not mixed."""
    colored, plain = (Bars("", "Off", 75.0, "#888888"), Bars("", "On", 25.0))
    chart = pie(MILES, "Activity", [colored, Bars("", "On", 25.0, "#ff0000")], PERCENT).chart

    assert (["Off", "On"], ["75%", "25%"]) == (list(chart.categories), list(chart.labels))
    assert ["#888888", "#ff0000"] == list(chart.colors)
    assert [] == list(pie(MILES, "Activity", [colored, plain], PERCENT).chart.colors)


def test_lines_over_mileage_are_in_the_readers_units() -> None:
    """The axes, the points, gaps, markers and thresholds are converted alike."""
    builder = LineChartBuilder(MILES, "Speed", "mileage", [Axis("Speed", SPEED), Axis("Level", NUMBER)])
    builder.line(Line("Speed", [0, 16.09344], [16.09344, np.nan]))
    builder.line(Line("Level", [0], [7.4], axis=1, color="#00ff00", steps=True))
    builder.gaps([1.609344], [16.09344])
    builder.markers([16.09344], ["1"], "filling")
    builder.threshold(160.9344, "Limit", color="#ff0000")
    chart = builder.section().line_chart

    assert (XAxis.KIND_MILEAGE, "Mileage, miles") == (chart.x_axis.kind, chart.x_axis.label)
    assert [("Speed", "mph"), ("Level", "")] == [(axis.label, axis.quantity.unit) for axis in chart.y_axes]
    speed, level = chart.series
    assert [0, 10] == list(speed.x)
    np.testing.assert_array_equal([10, np.nan], list(speed.y))
    assert (1, "#00ff00", True, [7]) == (level.axis, level.color, level.step, list(level.y))
    assert [(1, 10)] == [(gap.start, gap.end) for gap in chart.gaps]
    assert [(10, "1", Marker.KIND_FILLING)] == [(one.x, one.label, one.kind) for one in chart.markers]
    assert [(100, 0, "Limit", "#ff0000")] == [(one.y, one.axis, one.label, one.color) for one in chart.thresholds]


def test_lines_over_time_keep_their_milliseconds() -> None:
    """Moments are not converted; a chart without points is still there."""
    builder = LineChartBuilder(MILES, "Level", "time", [Axis("Level")])
    builder.line(Line("Level", [WORKED_EXAMPLE_DAY_MS], [1]))
    builder.line(Line("Nothing", [], []))
    chart = builder.section().line_chart

    assert (XAxis.KIND_TIME, "Time", Quantity.KIND_MOMENT) == (
        chart.x_axis.kind, chart.x_axis.label, chart.x_axis.quantity.kind,
    )  # fmt: skip
    assert [[WORKED_EXAMPLE_DAY_MS], []] == [list(one.x) for one in chart.series]


def test_lines_over_numbers_have_the_title_given() -> None:
    """An axis of plain numbers is named by the report."""
    chart = LineChartBuilder(MILES, "Curve", "number", [Axis("Out")], "In").section().line_chart

    assert (XAxis.KIND_NUMBER, "In") == (chart.x_axis.kind, chart.x_axis.label)


def test_a_timeline_holds_intervals_or_events() -> None:
    """Intervals have an end, events have none."""
    lanes, period = [Lane(id="offline", name="Offline"), Lane(id="online", name="Online")], (0, 100)
    states = timeline(MILES, "States", period, lanes, Spans([0, 1], [10, 20], [20, 100])).interval_chart
    events = timeline(MILES, "Events", period, lanes, Spans([1], [30])).interval_chart

    assert (IntervalChart.KIND_INTERVALS, [0, 1], [10, 20], [20, 100]) == (
        states.kind, list(states.lane), list(states.start), list(states.end),
    )  # fmt: skip
    assert (IntervalChart.KIND_EVENTS, [1], [30], [30]) == (
        events.kind, list(events.lane), list(events.start), list(events.end),
    )  # fmt: skip
    assert (0, 100, ["offline", "online"]) == (states.period_start, states.period_end, [one.id for one in states.lanes])
