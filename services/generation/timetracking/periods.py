"""Days of a report: their moments in each time zone, and the days, weeks and months of a graph."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from daybook.input.v1.workspace_pb2 import Member

from services.generation.domain.columnar import Ints
from services.generation.timetracking.entries import DAY_S
from services.generation.words.weekdays import MONDAY


@dataclass(frozen=True, slots=True)
class Days:
    """The local days of a report, both inclusive, and the weekday that its weeks begin on, from 0 for Monday."""

    first: date
    last: date
    week_start: int = MONDAY


Resolution = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Span:
    """The entries of some members that start in [from_s, to_s), UTC seconds.

    The members of a time zone have one, or two where its clocks were set back over a midnight that bounds the days.
    """

    user_ids: tuple[int, ...]
    from_s: int
    to_s: int


ALL_TIME_S = (0, 4_133_980_800)  # of entries: from 1970 to before 2101
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_S, _LAST_S = -62_135_510_400, 253_402_128_000  # a day inside what datetime can hold, for any offset
_FURTHEST_S = 2 * DAY_S  # more than any clock is from UTC


def day_number(day: date) -> int:
    """Return a day as the number of days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def spans_of(days: Days, members: Iterable[Member]) -> tuple[Span, ...]:
    """Return when the members' local dates lie within the days, by time zone.

    A zone has one span; two where its clocks were set back over a midnight that bounds the days; none where its
    calendar skipped all of them. Raises ZoneInfoNotFoundError.
    """
    zones: dict[str, list[int]] = {}
    for member in members:
        zones.setdefault(member.time_zone, []).append(member.user_id)
    return tuple(
        Span(tuple(user_ids), from_s, to_s)
        for zone, user_ids in zones.items()
        for from_s, to_s in _joined(_shown(days, ZoneInfo(zone)))
    )


def _shown(days: Days, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Return when the clocks of a zone show the days, as half-open spans in time order, one for each offset."""
    first_s, end_s = day_number(days.first) * DAY_S, (day_number(days.last) + 1) * DAY_S
    for start, end, offset in _steady(first_s - _FURTHEST_S, end_s + _FURTHEST_S, zone):
        from_s, to_s = max(start, first_s - offset), min(end, end_s - offset)
        if from_s < to_s:
            yield from_s, to_s


def _steady(start: int, end: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Return a span of moments cut where the zone's offset changes, and the offsets in seconds.

    No zone changes its clocks there and back within one UTC day.
    """
    offset = _offset_s(start, zone)
    for day in range(start, end, DAY_S):
        if _offset_s(day + DAY_S, zone) != offset:
            change = _change(day, day + DAY_S, zone)
            yield start, change, offset
            start, offset = change, _offset_s(change, zone)
    yield start, end, offset


def _change(before: int, after: int, zone: ZoneInfo) -> int:
    """Return the first second in (before, after] with the offset that holds at `after`."""
    there = _offset_s(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset_s(middle, zone) == there else (middle, after)
    return after


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in time order with those joined that follow each other without a gap."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            start = joined.pop()[0]  # noqa: PLW2901 # the joined span begins where the one before it did
        joined.append((start, end))
    return joined


def _offset_s(moment_s: int, zone: ZoneInfo) -> int:
    moment = _EPOCH + timedelta(seconds=min(max(moment_s, _FIRST_S), _LAST_S))
    ahead = moment.astimezone(zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0


LONGEST_BY_DAY = 31  # days
LONGEST_BY_WEEK = 184  # days: six months
_DAYS_PER_WEEK = 7
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def resolution_of(days: Days) -> Resolution:
    """Return the resolution that the length of a report asks for (reference section 9)."""
    count = day_number(days.last) - day_number(days.first) + 1
    if count <= LONGEST_BY_DAY:
        return "day"
    return "week" if count <= LONGEST_BY_WEEK else "month"


def bucket_starts(days: Days, resolution: Resolution) -> Ints:
    """Return the first day of each bucket as days since 1970-01-01; the first begins where the report does."""
    first, last = day_number(days.first), day_number(days.last)
    every = np.arange(first, last + 1)
    begins = starts_of(every, resolution, days.week_start) == every
    begins[:1] = True
    return np.flatnonzero(begins) + first


def starts_of(days: Ints, resolution: Resolution, week_start: int) -> Ints:
    """Return the first days of the days, weeks or months that some days lie in, all as days since 1970-01-01."""
    if resolution == "day":
        return days
    if resolution == "week":
        return days - (days + _EPOCH_WEEKDAY - week_start) % _DAYS_PER_WEEK
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def date_of(number: int) -> date:
    """Return the day that is so many days after 1970-01-01."""
    return date.fromordinal(date(1970, 1, 1).toordinal() + number)
