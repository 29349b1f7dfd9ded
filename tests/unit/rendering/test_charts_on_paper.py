"""Charts in a PDF, read back by pypdf and poppler."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from daybook.report.v1.sheet_pb2 import Chart, IntervalChart, Lane, LineChart, Marker, Quantity, XAxis
from hypothesis import given
from hypothesis import strategies as st

from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.charts import EUROS, MINUTE_MS, MOMENT, SPEED, START_MS, bars, intervals, lines, pie
from tests.builders.examples import examples
from tests.builders.pdf_files import laid_out, pages, printed
from tests.builders.tables import one_sheet, text_table
from tests.builders.workbooks import written

TENTHS = Quantity(kind=Quantity.KIND_NUMBER, decimals=1)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)


def days(count: int) -> list[str]:
    return [str(date(2024, 1, 1) + timedelta(days=day)) for day in range(count)]


def printed_text(*charts: Chart | LineChart | IntervalChart) -> str:
    return "\n".join(pages(printed(one_sheet(*charts), headless=True)))


def test_a_week_shows_its_ticks_names_labels_and_legend() -> None:
    """Round times beside the bars, a name under each, its text above it, and what the colours mean."""
    series = {"Billable": [3600.0 * day for day in range(7)], "Not billable": [1800.0] * 7}
    text = printed_text(bars(days(7), series, labels=[f"label {day}" for day in range(7)]))

    for words in ("Time by day", "0:00", "2:00", "8:00", *days(7), "Billable", "Not billable", "label 0", "label 6"):
        assert words in text


def test_days_of_a_year_are_thinned_out() -> None:
    """The first day and some after it are named, in order and apart; bars have no labels where there is no room."""
    named = days(366)
    text = printed_text(bars(named, {"Time": [3600.0] * 366}, labels=["1:00:00"] * 366))

    found = re.findall(r"2024-\d\d-\d\d", text)
    assert named[0] == found[0]
    assert 8 <= len(found) <= 16
    assert sorted(found) == found
    assert "1:00:00" not in text


def test_labels_of_narrow_bars_are_those_of_the_largest_that_fit() -> None:
    """They stand level and apart; a bar of nothing has none."""
    hours = [3600.0 * (day % 5) for day in range(31)]
    text = printed_text(bars(days(31), {"Time": hours}, labels=[f"{day}:59:59" for day in range(31)]))

    found = {int(day) for day in re.findall(r"(\d+):59:59", text)}
    assert {day for day in range(31) if day % 5 == 4} <= found
    assert not {day for day in range(31) if day % 5 == 0} & found


def test_a_pie_lists_name_share_and_value(tmp_path: Path) -> None:
    """Side by side; values are the quantity's texts where the chart brings none."""
    file = printed(one_sheet(pie({"Design": 75.0, "Support": 25.0}, quantity=EUROS)), headless=True)

    text = laid_out(file, tmp_path / "pie.pdf")
    assert re.search(r"Design +75\.0% +75\.00 EUR", text)
    assert re.search(r"Support +25\.0% +25\.00 EUR", text)


def test_a_chart_is_never_cut() -> None:
    """One that does not fit below what is printed already begins on the next page, title and all."""
    table = text_table(*map(str, range(40)))
    texts = pages(printed(one_sheet(table, bars(days(3), {"Time": [1.0, 2.0, 3.0]})), headless=True))

    assert 2 == len(texts)
    assert "Time by day" not in texts[0]
    assert all(words in texts[1] for words in ("Time by day", "0:00:03", "2024-01-03"))


@pytest.mark.parametrize("slices", [0, 1, 12, 300])
def test_a_pie_fits_on_a_page_however_many_slices_it_has(slices: int) -> None:
    """An ellipsis stands for those that have no room."""
    names = [f"Project {number}." for number in range(slices)]
    texts = pages(printed(one_sheet(pie(dict.fromkeys(names, 1.0))), headless=True))

    assert 1 == len(texts)
    listed = [name for name in names if name in "\n".join(texts)]
    assert names[: len(listed)] == listed
    assert (slices > 100) == ("…" in "".join(texts))


def test_lines_show_axes_times_limits_and_names() -> None:
    """Units above the axes, hours and the date below, a legend of lines and limits."""
    chart = lines({"Van 1": [(minute, minute % 90) for minute in range(1440)]})
    chart.y_axes.add(label="Mileage", quantity=Quantity(kind=Quantity.KIND_NUMBER, unit="km"))
    chart.series.add(name="Way", axis=1, x=chart.series[0].x, y=range(1440))
    chart.thresholds.add(y=60, label="Speed limit")
    chart.markers.add(x=START_MS + 600 * MINUTE_MS, label="no. 1", kind=Marker.KIND_DRAIN)
    text = printed_text(chart)

    for words in ("Speed, km/h", "Mileage, km", "1500", "00:00", "21:00", "06.10.2020", "Van 1", "Way", "Speed limit"):
        assert words in text
    assert "no. 1" in text


def test_lanes_are_named_beside_their_intervals() -> None:
    """Above the hours of the period."""
    text = printed_text(intervals({"Online": [(0, 700)], "Offline": [(700, 1440)]}))

    for words in ("States", "Online", "Offline", "03:00", "06.10.2020", "07.10.2020"):
        assert words in text


@pytest.mark.parametrize("lanes", [0, 1, 300])
def test_an_interval_chart_fits_on_a_page_however_many_lanes_it_has(lanes: int) -> None:
    """Lanes become lower; names that would overlap are left out."""
    chart = intervals({f"Lane {number}.": [(number, number + 60)] for number in range(lanes)}, is_events=True)

    assert 1 == len(pages(printed(one_sheet(chart), headless=True)))


@examples(60)
@given(st.data())
def test_any_line_or_interval_chart_can_be_drawn(data: st.DataObject) -> None:
    """Whatever the numbers: missing, huge, out of order, of axes that are not there."""
    numbers = st.lists(st.floats() | st.floats(START_MS, START_MS + 1e8), max_size=9)
    places = st.integers(-2, 3)
    kind = data.draw(st.sampled_from(XAxis.Kind.values()))
    chart = LineChart(x_axis=XAxis(kind=kind, quantity=MOMENT if kind == XAxis.KIND_TIME else SPEED))
    for _ in range(data.draw(st.integers(0, 3))):
        chart.y_axes.add(label=data.draw(NAMES), quantity=data.draw(st.sampled_from([EUROS, SPEED])))
    for x in data.draw(st.lists(numbers, max_size=3)):
        y = data.draw(st.lists(st.floats(), min_size=len(x), max_size=len(x)))
        chart.series.add(x=x, y=y, axis=data.draw(places), step=data.draw(st.booleans()))
        chart.gaps.add(start=data.draw(st.floats()), end=data.draw(st.floats()))
        chart.markers.add(x=data.draw(st.floats()), label=data.draw(NAMES))
        chart.thresholds.add(y=data.draw(st.floats()), axis=data.draw(places), label=data.draw(NAMES))
    lanes = IntervalChart(kind=data.draw(st.sampled_from(IntervalChart.Kind.values())), quantity=MOMENT)
    lanes.period_start, lanes.period_end = data.draw(st.floats()), data.draw(st.floats())
    lanes.lanes.extend(Lane(name=name) for name in data.draw(st.lists(NAMES, max_size=3)))
    for _ in range(data.draw(st.integers(0, 5)) if lanes.lanes else 0):
        lanes.lane.append(data.draw(st.integers(0, len(lanes.lanes) - 1)))
        lanes.start.append(data.draw(st.floats()))
        lanes.end.append(data.draw(st.floats()))

    assert pages(printed(one_sheet(chart, lanes), headless=True))
    for kind_of_file in (Xlsx(), Csv()):
        assert written(kind_of_file, one_sheet(chart, lanes))


@examples(60)
@given(st.data())
def test_any_chart_can_be_drawn(data: st.DataObject) -> None:
    """Whatever the numbers, names and colours: missing, huge, negative, unknown or wrong."""
    chart = Chart(header=data.draw(NAMES), kind=data.draw(st.sampled_from(Chart.Kind.values())))
    chart.categories.extend(data.draw(st.lists(NAMES, max_size=12)))
    chart.labels.extend(data.draw(st.lists(NAMES, max_size=12)))
    chart.colors.extend(data.draw(st.lists(st.sampled_from(["#aabbcc", "", "red", "#12345"]), max_size=3)))
    chart.quantity.CopyFrom(data.draw(st.sampled_from([EUROS, bars([], {}).quantity])))
    for values in data.draw(st.lists(st.lists(st.floats(), max_size=13), max_size=3)):
        chart.series.add(name=data.draw(NAMES), color=data.draw(st.sampled_from(["", "#000000", "x"])), values=values)

    assert pages(printed(one_sheet(chart), headless=True))


def test_charts_are_written_in_the_language_of_the_report() -> None:
    """Shares and ticks have the decimal sign of the reader."""
    report = one_sheet(pie({"On": 1.0, "Off": 2.0}), bars(["Van"], {"": [0.5]}, quantity=TENTHS))
    report[0].report.locale_info.locale = "ru"
    text = "\n".join(pages(printed(report, headless=True)))

    assert ("33,3\xa0%" in text, "0,2" in text, "." in text) == (True, True, False)
