"""Windows are what the period and the daily window leave, in the zone's own days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.windows import Daily, Windows, civil_to_ms, local_days, windows_of

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_MS = 3_600_000


def ms(text: str, zone: ZoneInfo = BERLIN) -> int:
    return civil_to_ms(datetime.fromisoformat(text), zone)


def found(from_text: str, to_text: str, daily: Daily, zone: ZoneInfo = BERLIN) -> list[tuple[str, str]]:
    """Return the windows as local times."""
    windows = windows_of(ms(from_text, zone), ms(to_text, zone), daily, zone)
    return [
        (
            f"{datetime.fromtimestamp(start / 1000, zone):%d %H:%M}",
            f"{datetime.fromtimestamp(end / 1000, zone):%d %H:%M}",
        )
        for start, end in zip(windows.start_ms, windows.end_ms, strict=True)
    ]


def hours(from_hour: float, to_hour: float, weekdays: range = range(1, 8)) -> Daily:
    """Return a daily window from one hour to before another."""
    return Daily(round(from_hour * 3600), round(to_hour * 3600) - 1, frozenset(weekdays))


def test_all_day_every_day_is_the_period() -> None:
    """The default filter does not cut at midnight; the last second is included."""
    windows = windows_of(ms("2020-10-05"), ms("2020-10-07T23:59:59"), Daily(), BERLIN)

    assert ([ms("2020-10-05")], [ms("2020-10-08")]) == (windows.start_ms.tolist(), windows.end_ms.tolist())


def test_a_daily_window_repeats_on_its_weekdays() -> None:
    """Monday is 1; 9 October 2020 was a Friday."""
    expected = [("09 09:00", "09 18:00"), ("12 09:00", "12 18:00")]

    assert expected == found("2020-10-09T00:00:00", "2020-10-12T23:59:59", hours(9, 18, range(1, 6)))


def test_a_window_across_midnight_belongs_to_the_day_it_starts_on() -> None:
    """On Sunday morning Saturday's night is still on, though the period begins in it; Sunday's own is not asked for."""
    assert [("11 02:00", "11 06:00")] == found("2020-10-11T02:00:00", "2020-10-11T23:59:59", hours(22, 6, range(6, 7)))


def test_a_period_outside_the_weekdays_has_no_window() -> None:
    """A Saturday under a filter for Mondays is empty."""
    assert [] == found("2020-10-10T00:00:00", "2020-10-10T23:59:59", hours(0, 24, range(1, 2)))


@pytest.mark.parametrize(("day", "length"), [("2020-03-29", 23), ("2020-10-24", 24), ("2020-10-25", 25)])
def test_days_of_clock_changes_are_covered_whole(day: str, length: int) -> None:
    """A local day lasts 23 hours in spring and 25 in autumn."""
    windows = windows_of(ms(day), ms(f"{day}T23:59:59"), Daily(), BERLIN)
    days = local_days(ms(day), ms(day) + 1, BERLIN)

    assert [length * HOUR_MS] == (windows.end_ms - windows.start_ms).tolist() == (days.end_ms - days.start_ms).tolist()


def test_a_window_that_ends_in_the_repeated_hour_ends_the_first_time() -> None:
    """From 0 to 2:30 in the night of the change is two and a half hours; to 3 o'clock it is four."""
    half_past, three = (
        windows_of(ms("2020-10-25"), ms("2020-10-25T23:59:59"), hours(0, hour), BERLIN) for hour in (2.5, 3)
    )

    assert [2.5 * HOUR_MS, 4 * HOUR_MS] == [float((one.end_ms - one.start_ms)[0]) for one in (half_past, three)]


def test_a_local_time_that_does_not_exist_moves_forward_by_the_gap() -> None:
    """2:30 on the day of the change in spring is 3:30 in summer time; in autumn 2:30 is the first of two."""
    assert datetime(2020, 3, 29, 1, 30, tzinfo=UTC).timestamp() * 1000 == ms("2020-03-29T02:30:00")
    assert datetime(2020, 10, 25, 0, 30, tzinfo=UTC).timestamp() * 1000 == ms("2020-10-25T02:30:00")


def test_a_midnight_that_does_not_exist_is_one_oclock() -> None:
    """In São Paulo summer time began at midnight."""
    zone = ZoneInfo("America/Sao_Paulo")

    assert [("04 01:00", "05 00:00")] == found("2018-11-04T00:00:00", "2018-11-04T23:59:59", Daily(), zone)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("08:00", "17:00", 9 * 3600),
        ("08:00:00", "17:00:00", 9 * 3600 + 1),
        ("08:00:00", "17:00", 9 * 3600),
        ("8:00", "9:00", 3600),
        ("22:00", "06:00", 8 * 3600),
        ("22:00", "23:59", 2 * 3600),
        ("00:00", "23:59", 24 * 3600),
        ("00:00:00", "23:59:59", 24 * 3600),
        ("00:00", "23:59:00", 23 * 3600 + 59 * 60 + 1),
        ("23:59", "00:00", 60),
        ("23:59", "23:59", 60),
        ("23:58", "00:01", 180),
        ("00:00", "00:00", 24 * 3600),
    ],
)
def test_a_bound_without_seconds_is_the_edge(start: str, end: str, seconds: int) -> None:
    """An end with seconds belongs to the window; 23:59 as an end is the end of the day, as a start it is itself."""
    friday = windows_of(ms("2020-10-09"), ms("2020-10-11T23:59:59"), Daily.between(start, end, [5]), BERLIN)

    assert [seconds * 1000] == (friday.end_ms - friday.start_ms).tolist()


@pytest.mark.parametrize(("first", "last", "hours_"), [("03-28", "03-30", 71), ("10-24", "10-26", 73)])
def test_whole_days_are_one_window_also_when_clocks_change(first: str, last: str, hours_: int) -> None:
    """Windows that touch are one: 00:00 to 23:59 cuts nothing at midnight."""
    daily = Daily.between("00:00", "23:59", range(1, 8))
    windows = windows_of(ms(f"2020-{first}"), ms(f"2020-{last}T23:59:59"), daily, BERLIN)

    assert [hours_ * HOUR_MS] == (windows.end_ms - windows.start_ms).tolist()


@pytest.mark.parametrize(("day", "saturday_night"), [("2020-03-28", 7), ("2020-10-24", 9), ("2020-10-10", 8)])
def test_a_night_is_an_hour_shorter_or_longer_when_clocks_change(day: str, saturday_night: int) -> None:
    """From 22:00 to 06:00 by the clock."""
    windows = windows_of(ms(day), ms(day) + 48 * HOUR_MS, Daily.between("22:00", "06:00", [6]), BERLIN)

    assert [saturday_night * HOUR_MS] == (windows.end_ms - windows.start_ms).tolist()


SECONDS = st.integers(0, 86_399)
MOMENTS = st.integers(0, 400 * 86_400).map(lambda second: 1000 * (1_577_836_800 + second))


DAILY = st.builds(Daily, SECONDS, SECONDS, st.frozensets(st.integers(1, 7), min_size=1))


@given(MOMENTS, st.integers(1, 86_400 * 5), DAILY, st.data())
def test_a_moment_is_covered_when_its_local_time_is_in_the_window(
    from_ms: int, length_s: int, daily: Daily, data: st.DataObject
) -> None:
    """Apart from days on which clocks change, local time and weekday alone decide."""
    windows = windows_of(from_ms, from_ms + length_s * 1000, daily, BERLIN)
    moment = from_ms + 1000 * data.draw(st.integers(0, length_s))
    local = datetime.fromtimestamp(moment / 1000, BERLIN)
    if len({(local + timedelta(days=days)).utcoffset() for days in (-2, 0, 2)}) > 1:
        return
    second = local.hour * 3600 + local.minute * 60 + local.second
    today, yesterday = ((local - timedelta(days=days)).isoweekday() in daily.weekdays for days in (0, 1))
    expected = today and daily.from_s <= second <= daily.to_s
    if daily.to_s < daily.from_s:
        expected = (today and second >= daily.from_s) or (yesterday and second <= daily.to_s)

    assert expected == bool(windows.at(np.array([moment]))[0] >= 0)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=8), st.integers(0, 99), st.integers(0, 99))
def test_spans_are_cut_to_what_is_covered(intervals: list[tuple[int, int]], start: int, end: int) -> None:
    """The pieces of a span and the seconds covered are those of its moments that lie in any interval."""
    windows, start, end = Windows.of(intervals), min(start, end), max(start, end)
    covered = {moment for first, last in intervals for moment in range(first, last)} & set(range(start, end))
    spans = np.array([start]), np.array([end])
    pieces = windows.cut(*spans)

    assert len(covered) / 1000 == pytest.approx(windows.covered_s(*spans)[0])
    assert len(covered) == int((pieces.end_ms - pieces.start_ms).sum())
    assert (windows.start_ms[1:] > windows.end_ms[:-1]).all()


def utc(text: str) -> int:
    """Return a UTC time as ms."""
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * 1000


def daily(text_from: str, text_to: str) -> Daily:
    """Return a daily window given as HH:mm."""
    first, last = (int(text[:2]) * 3600 + int(text[3:]) * 60 for text in (text_from, text_to))
    return Daily(first, last)


@pytest.mark.parametrize(
    ("day", "window", "expected"),
    [
        ("2019-03-10", ("02:30", "03:15"), [("2019-03-10T07:00:00", "2019-03-10T07:15:01")]),  # 02:00 became 03:00
        ("2019-03-10", ("01:30", "03:00"), [("2019-03-10T06:30:00", "2019-03-10T07:00:01")]),
        (
            "2019-11-03",  # 02:00 became 01:00
            ("01:00", "01:30"),
            [("2019-11-03T05:00:00", "2019-11-03T05:30:01"), ("2019-11-03T06:00:00", "2019-11-03T06:30:01")],
        ),
        (
            "2019-11-03",
            ("01:30", "02:30"),
            [("2019-11-03T05:30:00", "2019-11-03T06:00:00"), ("2019-11-03T06:30:00", "2019-11-03T07:30:01")],
        ),
    ],
)
def test_a_daily_window_is_what_the_clock_shows(
    day: str, window: tuple[str, str], expected: list[tuple[str, str]]
) -> None:
    """When clocks are changed a moment counts by the local time shown at it (reference section 1.4)."""
    zone = ZoneInfo("America/New_York")
    first, last = (civil_to_ms(datetime.fromisoformat(f"{day}T{time}"), zone) for time in ("00:00:00", "23:59:59"))
    found = windows_of(first, last, daily(*window), zone)

    assert [(utc(a), utc(b)) for a, b in expected] == list(zip(found.start_ms, found.end_ms, strict=True))


@given(
    st.sampled_from(["America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "Europe/Dublin"]),
    st.integers(0, 86_399),
    st.integers(0, 86_399),
    st.integers(0, 366 * 86_400),
)
def test_a_moment_is_in_the_window_when_its_local_time_is(name: str, first: int, last: int, after_s: int) -> None:
    """The rule of the reference, moment by moment, in zones with odd changes of the clock."""
    zone = ZoneInfo(name)
    start_ms = utc("2011-06-01T00:00:00")
    moment_ms = start_ms + after_s * 1000
    found = windows_of(start_ms, start_ms + 367 * 86_400_000, Daily(first, last), zone)
    local = datetime.fromtimestamp(moment_ms / 1000, zone)
    second = local.hour * 3600 + local.minute * 60 + local.second
    expected = first <= second <= last if first <= last else second >= first or second <= last

    assert expected == bool((found.at(np.array([moment_ms])) >= 0)[0])
