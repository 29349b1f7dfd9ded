"""Lines as they are drawn: where they break, and intervals that are one."""

import math

from daybook.report.v1.sheet_pb2 import Gap, XAxis
from hypothesis import given
from hypothesis import strategies as st

from services.rendering.charts.line_data import Columns, drawn_lines, lane_spans
from tests.builders.charts import MINUTE_MS, START_MS, intervals, lines

POINTS = st.lists(st.tuples(st.integers(0, 500).map(float), st.floats(-1e6, 1e6) | st.just(math.nan)), max_size=60)


def runs_of(points: list[tuple[float, float]], *gaps: Gap) -> list[list[float]]:
    """Return the minutes of each run of a line."""
    chart = lines({"line": points})
    chart.gaps.extend(gaps)
    drawn = drawn_lines(chart)
    return [[(x - START_MS) / MINUTE_MS for x, _ in run] for run in drawn[0].runs]


def test_a_line_breaks_after_more_than_30_minutes() -> None:
    """Thirty minutes do not break it."""
    assert [[0, 30], [60.5, 70]] == runs_of([(0, 1), (30, 1), (60.5, 1), (70, 1)])


def test_lines_over_mileage_do_not_break() -> None:
    """Only time has a longest distance."""
    chart = lines({"line": [(0, 1), (1000, 2)]})
    chart.x_axis.kind = XAxis.KIND_MILEAGE

    assert [2] == [len(run) for run in drawn_lines(chart)[0].runs]


def test_a_line_breaks_at_gaps_and_unknown_values() -> None:
    """Also where a gap lies between two neighbours or holds one in it."""
    gap = Gap(start=START_MS + 12 * MINUTE_MS, end=START_MS + 14 * MINUTE_MS)
    points = [(0, 1), (10, 1), (15, 1), (16, math.nan), (17, 2), (18, 2)]

    assert [[0, 10], [15], [17, 18]] == runs_of(points, gap)


def test_few_points_stay_as_they_are() -> None:
    """One, none, and equal values."""
    assert [[7]] == runs_of([(7, 1)])
    assert [] == runs_of([])
    assert [[0, 1, 2]] == runs_of([(0, 5), (1, 5), (2, 5)])


@given(POINTS)
def test_a_line_has_all_known_points(points: list[tuple[float, float]]) -> None:
    """In its runs, whatever the points."""
    (drawn,) = drawn_lines(lines({"line": sorted(points, key=lambda point: point[0])}))

    assert sorted(y for _, y in points if not math.isnan(y)) == sorted(y for run in drawn.runs for _, y in run)


def test_steps_hold_until_the_next_point() -> None:
    """A corner before each further point."""
    chart = lines({"line": [(0, 1), (10, 2)]})
    chart.series[0].step = True

    ((first, corner, last),) = drawn_lines(chart)[0].runs
    assert (first[1], corner, last[1]) == (1.0, (last[0], 1.0), 2.0)


def test_intervals_too_close_to_be_seen_apart_are_one() -> None:
    """Those a column apart stay; what lies outside the period is cut off."""
    chart = intervals({"On": [(-60, 60), (60.5, 120), (240, 1500)], "Off": []})
    columns = Columns(chart.period_start, chart.period_end, 100)

    on, off = lane_spans(chart, columns)
    assert [(0, 120), (240, 1440)] == [tuple((x - START_MS) / MINUTE_MS for x in span) for span in on]
    assert [] == off


def test_events_of_a_column_are_one() -> None:
    """The first of them stays, however dense they are."""
    chart = intervals({"SOS": [(n / 10, n / 10) for n in range(14_400)]}, is_events=True)

    (events,) = lane_spans(chart, Columns(chart.period_start, chart.period_end, 100))
    assert 100 == len(events)
    assert all(start == end for start, end in events)
