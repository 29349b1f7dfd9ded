"""Due days of schedules and the periods of their reports, by the table of the design and by laws over all zones."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.windows import civil_to_ms
from services.generation.schedules.due import MOST_UNITS, Plan, ReportPeriod, Rule, Window
from services.generation.words.time_zones import is_time_zone

DAILY = Rule(weekdays=(1, 2, 3, 4, 5, 6, 7))
DAY = timedelta(days=1)
ZONES = sorted(filter(is_time_zone, available_timezones()))
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("zone", "day", "at", "due", "shown"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29 01:30", "03:30"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25 00:30", "02:30"),
        ("Africa/Cairo", date(2026, 4, 24), time(0), "2026-04-23 22:00", "01:00"),
        ("Asia/Beirut", date(2026, 3, 29), time(0), "2026-03-28 22:00", "01:00"),
        ("America/Santiago", date(2026, 9, 6), time(0), "2026-09-06 04:00", "01:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2), "2026-10-03 15:30", "02:30"),
        ("Pacific/Apia", date(2011, 12, 30), time(0), "2011-12-30 10:00", "00:00"),
        ("Pacific/Apia", date(2011, 12, 31), time(0), "2011-12-30 10:00", "00:00"),
    ],
)
def test_a_time_that_does_not_exist_moves_on_and_one_that_exists_twice_is_the_first(zone, day, at, due, shown):
    """The table of the design; what is shown is the clock of the zone at that moment."""
    moment = Plan(DAILY, at, zone).due_at(day)

    assert datetime.fromisoformat(due).replace(tzinfo=UTC) == moment
    assert shown == moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def test_of_two_days_with_one_moment_one_is_kept():
    """Apia had no 30 December 2011: its due and that of the 31st are the same."""
    plan = Plan(DAILY, time(0), "Pacific/Apia")

    assert date(2012, 1, 1) == plan.following(date(2011, 12, 30))


@pytest.mark.parametrize("at", [time(2, 30), time(2), time(3), time(0)])
def test_four_hundred_days_have_four_hundred_runs(at):
    """Of a daily schedule in Berlin, over both changes of clocks."""
    plan, day, days = Plan(DAILY, at, "Europe/Berlin"), date(2026, 1, 1), []
    for _ in range(400):
        days.append(day)
        day = plan.following(day)

    assert [date(2026, 1, 1) + place * DAY for place in range(400)] == days


@pytest.mark.parametrize(
    ("month_days", "count"), [((31,), 12), ((30, 31), 19), ((1,), 12), ((29, 30, 31), 30), ((28,), 12)]
)
def test_days_behind_the_end_of_a_month_are_its_last_day_once(month_days, count):
    """[31] is due 12 times a year; [30, 31] in February is one due."""
    rule = Rule(month_days=month_days)
    year = [date(2026, 1, 1) + place * DAY for place in range(365)]

    assert count == sum(rule.is_due(day, 0) for day in year)
    assert rule.is_due(date(2026, 2, 28), 0) == (month_days != (1,))


def test_the_first_day_of_the_week_is_that_of_the_owner():
    """Monday, or Sunday where weeks begin then."""
    rule = Rule(first_day_of_week=True)

    assert (True, False) == (rule.is_due(date(2026, 6, 1), 0), rule.is_due(date(2026, 6, 1), 6))
    assert rule.is_due(date(2026, 5, 31), 6)


@pytest.mark.parametrize(
    ("period", "due", "first", "last"),
    [
        ("1d", date(2026, 6, 1), date(2026, 5, 31), date(2026, 5, 31)),
        ("d", date(2026, 6, 1), date(2026, 5, 31), date(2026, 5, 31)),
        ("3d", date(2026, 6, 1), date(2026, 5, 29), date(2026, 5, 31)),
        ("1w", date(2026, 6, 3), date(2026, 5, 27), date(2026, 6, 2)),
        ("w", date(2026, 6, 1), date(2026, 5, 25), date(2026, 5, 31)),
        ("1m", date(2026, 6, 1), date(2026, 5, 1), date(2026, 5, 31)),
        ("1m", date(2026, 3, 31), date(2026, 2, 28), date(2026, 3, 30)),
        ("1m", date(2024, 3, 31), date(2024, 2, 29), date(2024, 3, 30)),
        ("2m", date(2026, 1, 15), date(2025, 11, 15), date(2026, 1, 14)),
        ("1y", date(2024, 2, 29), date(2023, 2, 28), date(2024, 2, 28)),
        ("y", date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
        ("previous_week", date(2026, 6, 3), date(2026, 5, 25), date(2026, 5, 31)),
        ("previous_week", date(2026, 6, 1), date(2026, 5, 25), date(2026, 5, 31)),
        ("previous_month", date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        ("previous_month", date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_is_whole_days_up_to_the_day_before(period, due, first, last):
    """Months begin on the same day of the month before, or on its last; named ones follow the calendar."""
    found = ReportPeriod.read(period)

    assert found is not None
    assert Window(first, last) == found.window(due)


@pytest.mark.parametrize("text", ["", "0d", "367d", "1x", "1 w", "-1d", "1W", "w1", "1.5d", "previous_year", "\uff11w"])
def test_other_forms_of_a_period_are_none(text):
    """Neither counts outside of 1 to 366 nor other letters."""
    assert ReportPeriod.read(text) is None


@pytest.mark.parametrize(("period", "days"), [("1d", 1), ("2w", 14), ("1m", 31), ("2m", 62), ("3m", 92), ("1y", 366)])
def test_the_longest_case_of_a_period_is_known(period, days):
    """By which it is judged whether a report may be so long."""
    found = ReportPeriod.read(period)

    assert found is not None
    assert days == found.longest().days


@given(st.sampled_from(ZONES), TIMES, DAYS)
def test_daily_dues_rise_and_have_a_day_each(zone, at, day):
    """Over any zone, whatever it did to its clocks; the next due after a moment is later than it."""
    plan = Plan(DAILY, at, zone)
    days = [plan.after(plan.due_at(day) - DAY)]
    for _ in range(40):
        days.append(plan.following(days[-1]))
    dues = [plan.due_at(one) for one in days]

    assert all(first < second for first, second in pairwise(dues))
    assert len(set(days)) == len(days)
    assert all(plan.after(one) == following for one, following in zip(dues, days[1:], strict=False))


@given(st.sampled_from(ZONES), TIMES, DAYS)
def test_periods_of_daily_runs_meet(zone, at, day):
    """Without a gap and without an overlap, in real time: the end of one is the beginning of the next."""
    plan, yesterday = Plan(DAILY, at, zone), ReportPeriod(1, "d")
    clock, following = ZoneInfo(zone), plan.following(day)

    def midnight(of: date) -> int:
        return civil_to_ms(datetime.combine(of, time(0)), clock)

    assert midnight(yesterday.window(day).last + DAY) == midnight(yesterday.window(following).first)


@given(st.integers(1, MOST_UNITS), st.sampled_from("dwmy"), DAYS)
def test_a_period_ends_the_day_before_and_is_no_longer_than_its_longest_case(count, unit, day):
    """Whatever the day."""
    period = ReportPeriod(count, unit)
    window = period.window(day)

    assert day - DAY == window.last
    assert window.first <= window.last
    assert window.days <= period.longest().days + (unit in "my" and count > 47) * 2


@given(st.lists(st.integers(1, 31), min_size=1), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_every_month_has_a_due_for_each_different_day_at_most(month_days, day):
    """And at least one."""
    rule = Rule(month_days=tuple(month_days))
    first = day.replace(day=1)
    month = [one for place in range(31) if (one := first + place * DAY).month == first.month]

    assert 1 <= sum(rule.is_due(one, 0) for one in month) <= len(set(month_days))
