"""Due days of schedules, the moments they stand for, and the periods that their reports cover."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
DAYS_PER_WEEK = 7
MONTHS_PER_YEAR = 12
PERIOD = re.compile(r"(\d{1,3})?([dwmy])", re.ASCII)
MOST_UNITS = 366  # of a period
PREVIOUS_WEEK, PREVIOUS_MONTH = "previous_week", "previous_month"
PERIOD_FORM = f"must be 1 to {MOST_UNITS} and d, w, m or y, such as 1w, or {PREVIOUS_WEEK} or {PREVIOUS_MONTH}"
LEAP_CYCLE = (date(2023, 1, 1), date(2027, 1, 1))  # has every length that months in a row may have


@dataclass(frozen=True, slots=True)
class Rule:
    """Days on which a schedule is due: of exactly one kind.

    Weekdays are 1 for Monday to 7 for Sunday. A day of the month behind the month's end stands for its last day.
    """

    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    first_day_of_week: bool = False

    def is_due(self, day: date, week_start: int) -> bool:
        """Return whether a day is one; weeks begin on the weekday `week_start`, from 0 for Monday."""
        if self.first_day_of_week:
            return day.weekday() == week_start
        if self.weekdays:
            return day.isoweekday() in self.weekdays
        return day.day in self.month_days or (_ends_month(day) and max(self.month_days, default=0) > day.day)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole local days of a report, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.last - self.first) // DAY + 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Rule and time of day of a schedule on the clocks of a zone."""

    rule: Rule
    sending_time: time
    zone: str
    week_start: int = 0

    def due_at(self, day: date) -> datetime:
        """Return the moment in UTC at which a day's run is due.

        A time that does not exist moves forward by the gap, and one that exists twice is the first.
        """
        return datetime.combine(day, self.sending_time, ZoneInfo(self.zone)).astimezone(UTC)

    def after(self, moment: datetime) -> date:
        """Return the first due day whose moment is later than the given one."""
        start = moment.astimezone(ZoneInfo(self.zone)).date() - DAY  # a gap may push a day's due into the next
        return next(day for day in self._days(start) if self.due_at(day) > moment)

    def following(self, day: date) -> date:
        """Return the due day after one, with a later moment: of two days with the same moment one is kept."""
        return self.after(self.due_at(day))

    def missed(self, day: date, now: datetime) -> list[date]:
        """Return the due days from one on whose moments are not later than now, in order."""
        found = []
        while self.due_at(day) <= now:
            found.append(day)
            day = self.following(day)
        return found

    def _days(self, start: date) -> Iterator[date]:
        """Yield the days of the rule from a day on."""
        day = start
        while True:
            if self.rule.is_due(day, self.week_start):
                yield day
            day += DAY


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Length of the period before a due day, or the whole week or month before."""

    count: int
    unit: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the period of a text, None for one of another form."""
        if text in (PREVIOUS_WEEK, PREVIOUS_MONTH):
            return cls(1, text)
        match = PERIOD.fullmatch(text)
        count = int(match[1] or 1) if match else 0
        return cls(count, match[2]) if match and 1 <= count <= MOST_UNITS else None

    def window(self, due: date) -> Window:
        """Return the whole local days up to the day before the due one.

        A month begins on the same day of the month before, or on that month's last day: due on 1 June it covers 1 to 31
        May, due on 31 March 28 February to 30 March.
        """
        if self.unit == PREVIOUS_WEEK:
            monday = due - due.weekday() * DAY
            return Window(monday - DAYS_PER_WEEK * DAY, monday - DAY)
        if self.unit == PREVIOUS_MONTH:
            last = due.replace(day=1) - DAY
            return Window(last.replace(day=1), last)
        if self.unit in "dw":
            days = self.count * (DAYS_PER_WEEK if self.unit == "w" else 1)
            return Window(due - days * DAY, due - DAY)
        months = self.count * (MONTHS_PER_YEAR if self.unit == "y" else 1)
        return Window(_months_before(due, months), due - DAY)

    def longest(self) -> Window:
        """Return one of the longest windows that the period may have."""
        return _longest(self)


@lru_cache(maxsize=256)
def _longest(period: ReportPeriod) -> Window:
    first, end = LEAP_CYCLE
    days = (first + number * DAY for number in range((end - first) // DAY))
    return max((period.window(day) for day in days), key=lambda window: window.days)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 - months, MONTHS_PER_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _ends_month(day: date) -> bool:
    return (day + DAY).month != day.month
