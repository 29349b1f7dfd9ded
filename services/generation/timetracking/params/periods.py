"""The days of a report: given ones, named periods, and what is missing of them (reference section 5)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from services.errors import PeriodNotSupported, StartDateMissing, Violation
from services.generation.timetracking.computation.entries import Days

MAX_DAYS = 365  # from the first to the last: a leap year is 366 days long
DAY = timedelta(days=1)
WEEK_REST = timedelta(days=6)


def days_of(
    first: date | None, last: date | None, period: str | None, *, today: date, export: bool, weekly: bool
) -> Days:
    """Return the days from given ones, else those of a named period, else the last seven.

    One day alone begins or ends a span of seven; a weekly report always has seven from its first.

    Raises StartDateMissing when an export has neither a first day nor a period, and PeriodNotSupported when the period
    is unknown, ends before it begins, or is longer than a year.
    """
    if first is None and last is None and period is not None:
        days = named(period, today)
        first, last = days.first, days.last
    if first is None:
        if export:
            raise StartDateMissing
        first = (last or today) - WEEK_REST
    if last is None or weekly:
        last = first + WEEK_REST
    if not 0 <= (last - first).days <= MAX_DAYS:
        raise PeriodNotSupported([Violation("end_date", f"must be start_date or at most {MAX_DAYS} days after it")])
    return Days(first, last)


def named(period: str, today: date) -> Days:
    """Return the days of a named period. Raises PeriodNotSupported for an unknown name.

    Weeks begin on Mondays; weeks, months and years are whole, also the present ones; `last30Days` and the like end
    today; `last12Months` are the present month up to today and the eleven whole ones before it.
    """
    find = PERIODS.get(period)
    if find is None:
        raise PeriodNotSupported([Violation("period", f"must be one of {', '.join(PERIODS)}")])
    return find(today)


def _this_week(today: date) -> Days:
    monday = today - today.weekday() * DAY
    return Days(monday, monday + WEEK_REST)


def _prev_week(today: date) -> Days:
    return _this_week(today - 7 * DAY)


def _this_month(today: date) -> Days:
    return Days(today.replace(day=1), _months_on(today, 1) - DAY)


def _prev_month(today: date) -> Days:
    return _this_month(_months_on(today, -1))


def _this_year(today: date) -> Days:
    return Days(date(today.year, 1, 1), date(today.year, 12, 31))


def _prev_year(today: date) -> Days:
    return _this_year(date(today.year - 1, 1, 1))


def _last_12_months(today: date) -> Days:
    return Days(_months_on(today, -11), today)


def _last(count: int) -> Callable[[date], Days]:
    return lambda today: Days(today - (count - 1) * DAY, today)


def _months_on(day: date, months: int) -> date:
    """Return the first day of the month so many months on."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, 1)


PERIODS: Mapping[str, Callable[[date], Days]] = {
    "today": _last(1),
    "yesterday": lambda today: Days(today - DAY, today - DAY),
    "thisWeek": _this_week,
    "prevWeek": _prev_week,
    "lastWeek": _prev_week,
    "thisMonth": _this_month,
    "prevMonth": _prev_month,
    "lastMonth": _prev_month,
    "thisYear": _this_year,
    "prevYear": _prev_year,
    "lastYear": _prev_year,
    "last7Days": _last(7),
    "last14Days": _last(14),
    "last30Days": _last(30),
    "last90Days": _last(90),
    "last12Months": _last_12_months,
}
