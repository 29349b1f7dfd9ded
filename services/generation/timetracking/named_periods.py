"""Days that parameters stand for: given ones, else those of a named period, else the last seven."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from services.errors import Violation
from services.errors.workspaces import PeriodNotSupported, StartDateMissing
from services.generation.timetracking.periods import Days
from services.generation.words.weekdays import MONDAY

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Today:
    """Day of a run, which named periods are counted from, and the weekday that weeks begin on, from 0 for Monday."""

    day: date
    week_start: int = MONDAY


MAX_DAYS = 365  # from the first to the last: a leap year is 366 days long
DAY = timedelta(days=1)
WEEK_REST = timedelta(days=6)


def days_of(
    first: date | None, last: date | None, period: str | None, today: Today, *, export: bool, weekly: bool
) -> Days:
    """Return the days from given ones, else those of a named period, else the last seven.

    One day alone begins or ends a span of seven; a weekly report always has seven from its first, which without one is
    the first of the present week, or of that of the last day.

    Raises StartDateMissing when an export has neither a first day nor a period, and PeriodNotSupported when the period
    is unknown, ends before it begins, or is longer than a year.
    """
    if first is None and last is None and period is not None:
        days = named(period, today)
        first, last = days.first, days.last
    if first is None:
        if export:
            raise StartDateMissing
        end = last or today.day
        first = week_of(end, today.week_start).first if weekly else end - WEEK_REST
    if last is None or weekly:
        last = first + WEEK_REST
    if not 0 <= (last - first).days <= MAX_DAYS:
        raise PeriodNotSupported([Violation("end_date", f"must be start_date or at most {MAX_DAYS} days after it")])
    return Days(first, last, today.week_start)


def named(period: str, today: Today) -> Days:
    """Return the days of a named period. Raises PeriodNotSupported for an unknown name.

    Weeks, months and years are whole, also the present ones; `last30Days` and the like end today; `last12Months` are
    the present month up to today and the eleven whole ones before it.
    """
    find = PERIODS.get(period)
    if find is None:
        raise PeriodNotSupported([Violation("period", f"must be one of {', '.join(PERIODS)}")])
    return find(today)


def week_of(day: date, week_start: int) -> Days:
    """Return the days of the week that a day lies in."""
    first = day - (day.weekday() - week_start) % DAYS_PER_WEEK * DAY
    return Days(first, first + WEEK_REST)


def _weeks_ago(count: int) -> Callable[[Today], Days]:
    return lambda today: week_of(today.day - count * DAYS_PER_WEEK * DAY, today.week_start)


def _month(today: Today, months: int) -> Days:
    first = _months_on(today.day, months)
    return Days(first, _months_on(first, 1) - DAY)


def _year(today: Today, years: int) -> Days:
    year = today.day.year + years
    return Days(date(year, 1, 1), date(year, 12, 31))


def _last_12_months(today: Today) -> Days:
    return Days(_months_on(today.day, -11), today.day)


def _last(count: int) -> Callable[[Today], Days]:
    return lambda today: Days(today.day - (count - 1) * DAY, today.day)


def _months_on(day: date, months: int) -> date:
    """Return the first day of the month so many months on."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


PERIODS: Mapping[str, Callable[[Today], Days]] = {
    "today": _last(1),
    "yesterday": lambda today: Days(today.day - DAY, today.day - DAY),
    "thisWeek": _weeks_ago(0),
    "prevWeek": _weeks_ago(1),
    "lastWeek": _weeks_ago(1),
    "thisMonth": partial(_month, months=0),
    "prevMonth": partial(_month, months=-1),
    "lastMonth": partial(_month, months=-1),
    "thisYear": partial(_year, years=0),
    "prevYear": partial(_year, years=-1),
    "lastYear": partial(_year, years=-1),
    "last7Days": _last(7),
    "last14Days": _last(14),
    "last30Days": _last(30),
    "last90Days": _last(90),
    "last12Months": _last_12_months,
}
