"""Reading periods and daily windows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Violation
from services.generation.reporting.period import read_period, read_time_filter
from services.generation.reporting.report import TimeFilter
from services.runtime.time_spans import isoformat_days

MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"
LATER = "2200-01-01 00:00:00"


def start(text: str, zone: str = MOSCOW) -> str:
    """Return how a first moment is understood, in UTC."""
    found: list[Violation] = []
    period = read_period(text, LATER, zone, found)
    assert [] == found
    assert period is not None
    return period.from_time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def complaints(from_: str, to: str) -> list[str]:
    found: list[Violation] = []
    assert read_period(from_, to, MOSCOW, found) is None
    return [one.field for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "2023-06-05 00:00:00",
        "2023-6-5 0:0:0",
        "2023-06-05T00:00:00",
        "2023-06-05 00:00",
        "2023-06-05 00:00:00.123",
        "2023-06-05T02:00:00+05:00",
        "2023-06-05T02:00:00+0500",
        "2023-06-04T21:00:00Z",
        " 2023-06-05 00:00:00 ",
    ],
)
def test_a_moment_may_be_written_in_several_ways(text: str) -> None:
    """Civil time is the user's; with an offset it is what it says. Digits may be left out in front."""
    assert "2023-06-04 21:00:00" == start(text)


def test_a_local_time_that_does_not_exist_moves_forward() -> None:
    """02:30 in the hour that summer time leaves out is 03:30."""
    assert "2021-03-28 01:30:00" == start("2021-03-28 02:30:00", BERLIN)


def test_a_local_time_that_exists_twice_is_the_first() -> None:
    """02:30 in the hour that comes twice is the one in summer time."""
    assert "2021-10-31 00:30:00" == start("2021-10-31 02:30:00", BERLIN)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2023-13-01 00:00:00", "2023-02-30 00:00:00", "2023-01-01 24:00:00", "2023-01-01",
     "1969-12-31 00:00:00", "2201-01-01 00:00:00", "2023-01-01T00:00:00+25:00", "2023-01-01 00:00:00\n2",
     "٢٠٢٣-01-01 00:00:00"],
)  # fmt: skip
def test_what_is_no_moment_is_named(text: str) -> None:
    """A text that is no moment of the years 1970 to 2200 is complained about under its name."""
    assert ["from"] == complaints(text, LATER)
    assert ["to"] == complaints("2023-01-01 00:00:00", text)


@pytest.mark.parametrize("to", ["2023-06-05 00:00:00", "2023-06-04 00:00:00"])
def test_the_end_is_later_than_the_start(to: str) -> None:
    """An empty or backward period is the end's mistake."""
    assert ["to"] == complaints("2023-06-05 00:00:00", to)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_read_or_refused(from_: str, to: str) -> None:
    """Whatever is written, nothing but a complaint comes of it."""
    found: list[Violation] = []

    assert (read_period(from_, to, MOSCOW, found) is None) == bool(found)


def test_a_window_is_completed() -> None:
    """Seconds may be left out, weekdays come in any order and more than once, empty bounds are the whole day."""
    found: list[Violation] = []

    assert TimeFilter("8:05", "17:00:30", (1, 5)) == read_time_filter(TimeFilter("8:05", "17:00:30", (5, 1, 5)), found)
    assert TimeFilter() == read_time_filter(TimeFilter("", "", (1, 2, 3, 4, 5, 6, 7)), found)
    assert TimeFilter() == read_time_filter(None, found)
    assert [] == found


@pytest.mark.parametrize(
    ("window", "field"),
    [
        (TimeFilter("24:00"), "time_filter.from"),
        (TimeFilter("08:60"), "time_filter.from"),
        (TimeFilter(end_time_of_day="8"), "time_filter.to"),
        (TimeFilter(end_time_of_day="08:00:60"), "time_filter.to"),
        (TimeFilter(weekdays=()), "time_filter.weekdays"),
        (TimeFilter(weekdays=(0, 1)), "time_filter.weekdays"),
        (TimeFilter(weekdays=(8,)), "time_filter.weekdays"),
    ],
)
def test_a_bad_window_is_named(window: TimeFilter, field: str) -> None:
    """Each wrong part of a window is complained about under its name; no weekday at all is wrong."""
    found: list[Violation] = []
    read_time_filter(window, found)

    assert [field] == [one.field for one in found]


@pytest.mark.parametrize(
    ("span", "text"),
    [(timedelta(days=90), "P90D"), (timedelta(days=1), "PT24H"), (timedelta(hours=36), "PT36H")],
)
def test_a_span_is_written_as_iso_8601(span: timedelta, text: str) -> None:
    """Days where they are whole and several, else hours."""
    assert text == isoformat_days(span)


def test_a_period_is_in_utc() -> None:
    """Moments leave this module aware, in UTC."""
    period = read_period("2020-10-05 00:00:00", "2020-10-05 23:59:59", MOSCOW, [])

    assert period is not None
    assert (datetime(2020, 10, 4, 21, tzinfo=UTC), UTC) == (period.from_time, period.to_time.tzinfo)
