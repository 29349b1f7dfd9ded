"""The days of a report."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors.workspaces import PeriodNotSupported, StartDateMissing
from services.generation.timetracking.named_periods import PERIODS, Today, days_of, named
from services.generation.timetracking.periods import Days
from tests.builders.time_entries import days

SUNDAY = 6
WEDNESDAY = Today(date(2024, 2, 28))  # of a leap year


def asked(
    first: str | None = None,
    last: str | None = None,
    period: str | None = None,
    *,
    export: bool = False,
    weekly: bool = False,
) -> Days:
    begin, end = (date.fromisoformat(day) if day else None for day in (first, last))
    return days_of(begin, end, period, WEDNESDAY, export=export, weekly=weekly)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2024-02-28", "2024-02-28"),
        ("yesterday", "2024-02-27", "2024-02-27"),
        ("thisWeek", "2024-02-26", "2024-03-03"),
        ("prevWeek", "2024-02-19", "2024-02-25"),
        ("lastWeek", "2024-02-19", "2024-02-25"),
        ("thisMonth", "2024-02-01", "2024-02-29"),
        ("prevMonth", "2024-01-01", "2024-01-31"),
        ("lastMonth", "2024-01-01", "2024-01-31"),
        ("thisYear", "2024-01-01", "2024-12-31"),
        ("prevYear", "2023-01-01", "2023-12-31"),
        ("lastYear", "2023-01-01", "2023-12-31"),
        ("last7Days", "2024-02-22", "2024-02-28"),
        ("last14Days", "2024-02-15", "2024-02-28"),
        ("last30Days", "2024-01-30", "2024-02-28"),
        ("last90Days", "2023-12-01", "2024-02-28"),
        ("last12Months", "2023-03-01", "2024-02-28"),
    ],
)
def test_periods_have_names(period: str, first: str, last: str) -> None:
    """Weeks begin on Mondays; weeks, months and years are whole; the last so many days end today."""
    assert days(first, last) == named(period, WEDNESDAY) == asked(period=period, export=True)


@pytest.mark.parametrize(
    ("first", "last", "period", "today"),
    [
        ("2024-02-25", "2024-03-02", "thisWeek", "2024-02-28"),
        ("2024-02-25", "2024-03-02", "thisWeek", "2024-02-25"),
        ("2024-02-18", "2024-02-24", "lastWeek", "2024-02-28"),
    ],
)
def test_weeks_begin_on_the_weekday_of_the_account(first: str, last: str, period: str, today: str) -> None:
    """Here on Sundays."""
    found = named(period, Today(date.fromisoformat(today), SUNDAY))

    assert (first, last) == (str(found.first), str(found.last))


def test_a_weekly_report_without_a_first_day_is_of_the_present_week() -> None:
    """Or of that of its last day."""
    assert days("2024-02-26", "2024-03-03") == asked(weekly=True)
    assert days("2024-01-01", "2024-01-07") == asked(None, "2024-01-03", weekly=True)
    sundays = days_of(None, None, None, Today(WEDNESDAY.day, SUNDAY), export=False, weekly=True)
    assert Days(date(2024, 2, 25), date(2024, 3, 2), SUNDAY) == sundays


def test_months_cross_the_year() -> None:
    """The month before January is December."""
    assert days("2023-12-01", "2023-12-31") == named("prevMonth", Today(date(2024, 1, 31)))
    assert days("2023-12-01", "2023-12-31") == named("thisMonth", Today(date(2023, 12, 31)))
    assert days("2023-02-01", "2024-01-15") == named("last12Months", Today(date(2024, 1, 15)))


@given(st.dates(date(1971, 1, 1), date(2199, 12, 31)), st.sampled_from(sorted(PERIODS)))
def test_every_period_is_supported_on_every_day(today: date, period: str) -> None:
    """None is ever too long or turned round, not even a leap year."""
    found = named(period, Today(today))

    assert found == days_of(None, None, period, Today(today), export=True, weekly=False)
    assert found.first <= today


@pytest.mark.parametrize("period", ["", "Today", "lastCentury", "last12months"])
def test_other_names_are_not_supported(period: str) -> None:
    """Names are known exactly or not at all."""
    with pytest.raises(PeriodNotSupported):
        asked(period=period)


def test_one_day_alone_gives_seven() -> None:
    """A first day alone begins a week, a last day alone ends one, and nothing at all is the week up to today."""
    assert days("2024-01-01", "2024-01-07") == asked("2024-01-01")
    assert days("2024-01-01", "2024-01-07") == asked(None, "2024-01-07")
    assert days("2024-02-22", "2024-02-28") == asked()


def test_exports_need_a_first_day_or_a_period() -> None:
    """A last day alone is not enough."""
    assert days("2024-01-01", "2024-01-07") == asked("2024-01-01", export=True)
    for last in (None, "2024-01-07"):
        with pytest.raises(StartDateMissing):
            asked(None, last, export=True)


def test_given_days_win_over_a_period() -> None:
    """Even over an unknown one."""
    assert days("2024-01-01", "2024-01-02") == asked("2024-01-01", "2024-01-02", "no such")


def test_a_week_has_seven_days() -> None:
    """From its first, whatever the last may be."""
    assert days("2024-01-01", "2024-01-07") == asked("2024-01-01", "2023-01-01", weekly=True)
    assert days("2024-01-01", "2024-01-07") == asked(period="prevMonth", weekly=True)


def test_a_year_is_the_longest() -> None:
    """366 days are a year, 367 and days turned round are none."""
    start = date(2023, 3, 1)
    assert days("2023-03-01", "2024-02-29") == asked(str(start), str(start + timedelta(days=365)))
    for distance in (366, -1, -3650):
        with pytest.raises(PeriodNotSupported):
            asked(str(start), str(start + timedelta(days=distance)))
