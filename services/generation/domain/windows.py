"""Windows of a report: its period, cut by a daily window on some weekdays, in a time zone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from services.generation.domain.columnar import Columns, Floats, Ints

SECONDS_PER_DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS, DAY = timedelta(milliseconds=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Windows(Columns):
    """Disjoint half-open intervals in ms, in time order."""

    start_ms: Ints
    end_ms: Ints

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> "Windows":
        """Return the union of half-open intervals as the fewest windows; empty intervals cover nothing."""
        ordered = np.array(sorted(span for span in intervals if span[0] < span[1]), np.int64).reshape(-1, 2)
        start_ms, end_ms = ordered[:, 0], np.maximum.accumulate(ordered[:, 1])
        apart = np.flatnonzero(start_ms[1:] > end_ms[:-1])
        first, last = np.append(0, apart + 1), np.append(apart, len(ordered) - 1)
        return cls(start_ms[first], end_ms[last]) if len(ordered) else cls.empty()

    def at(self, time_ms: Ints) -> Ints:
        """Return the index of the window of each moment, -1 outside of all."""
        place = np.searchsorted(self.start_ms, time_ms, side="right") - 1
        inside = (place >= 0) & (time_ms < np.append(self.end_ms, 0)[place])
        return np.where(inside, place, -1)

    def edges_ms(self) -> Ints:
        """Return all starts and ends in ascending order, without duplicates."""
        return np.union1d(self.start_ms, self.end_ms)

    def covered_s(self, start_ms: Ints, end_ms: Ints) -> Floats:
        """Return the seconds of each span that the windows cover."""
        if not len(self):
            return np.zeros(len(start_ms))
        knots = np.column_stack([self.start_ms, self.end_ms]).ravel()
        lengths = self.end_ms - self.start_ms
        covered = np.column_stack([np.cumsum(lengths) - lengths, np.cumsum(lengths)]).ravel()
        covered_ms: Floats = np.interp(end_ms, knots, covered) - np.interp(start_ms, knots, covered)
        return covered_ms / 1000

    def cut(self, start_ms: Ints, end_ms: Ints) -> "Pieces":
        """Return the pieces of half-open spans inside the windows, by span and time.

        A span of no length is a piece when its moment lies in a window.
        """
        first = np.searchsorted(self.end_ms, start_ms, side="right")
        behind = np.searchsorted(self.start_ms, end_ms, side="left")
        behind = np.maximum(behind, np.searchsorted(self.start_ms, start_ms, side="right"))
        counts = np.maximum(behind - first, 0)
        span = np.repeat(np.arange(len(start_ms)), counts)
        window = np.arange(len(span)) - np.repeat(np.cumsum(counts) - counts - first, counts)
        return Pieces(
            span,
            window,
            np.maximum(start_ms[span], self.start_ms[window]),
            np.minimum(end_ms[span], self.end_ms[window]),
        )


@dataclass(frozen=True, slots=True)
class Pieces(Columns):
    """Pieces of spans inside windows: the index of the span, the index of the window, and the part, in ms."""

    span: Ints
    window: Ints
    start_ms: Ints
    end_ms: Ints


@dataclass(frozen=True, slots=True)
class Daily:
    """A daily window in local seconds of the day, both included, and the weekdays it starts on (1 Monday to 7 Sunday).

    A window that ends before it starts crosses midnight.
    """

    from_s: int = 0
    to_s: int = SECONDS_PER_DAY - 1
    weekdays: frozenset[int] = frozenset(range(1, 8))

    @classmethod
    def between(cls, start: str, end: str, weekdays: Iterable[int]) -> "Daily":
        """Return the window between two clock times, HH:MM or HH:MM:SS.

        An end without seconds is the first moment outside, but 23:59 is the end of the day. With seconds it is inside.
        """
        from_s, end_s = _clock_s(start), _clock_s(end)
        if end.count(":") == 1 and end_s != SECONDS_PER_DAY - 60:
            end_s = (end_s - 1) % SECONDS_PER_DAY
        elif end.count(":") == 1:
            end_s = SECONDS_PER_DAY - 1
        return cls(from_s, end_s, frozenset(weekdays))


def windows_of(from_ms: int, to_ms: int, daily: Daily, zone: ZoneInfo) -> Windows:
    """Return the windows of a period of whole seconds, both ends included, under a daily window.

    A moment belongs to a daily window by its local clock time, also on days when the clock is changed.
    """
    end_ms = to_ms + 1000
    return Windows.of(
        (max(start, from_ms), min(end, end_ms))
        for day in dates_of(from_ms, to_ms, zone)
        if day.isoweekday() in daily.weekdays
        for start, end in _daily_spans(day, daily, zone)
    )


def _clock_s(clock: str) -> int:
    hours, minutes, *seconds = map(int, clock.split(":"))
    return (hours * 60 + minutes) * 60 + sum(seconds)


def local_days(start_ms: int, end_ms: int, zone: ZoneInfo) -> Windows:
    """Return the whole local days that touch a half-open interval, which must not be empty."""
    days = [*dates_of(start_ms, end_ms - 1, zone)][1:]
    midnights = np.unique([civil_to_ms(datetime.combine(day, time()), zone) for day in [*days, days[-1] + DAY]])
    return Windows(midnights[:-1], midnights[1:])


def civil_to_ms(civil: datetime, zone: ZoneInfo) -> int:
    """Return the moment of a local time without zone, in ms.

    A local time that does not exist moves forward by the gap; of two equal local times it is the first.
    """
    return (civil.replace(tzinfo=zone, fold=0).astimezone(UTC) - EPOCH) // MS


def dates_of(from_ms: int, to_ms: int, zone: ZoneInfo) -> Iterator[date]:
    """Yield the local dates from the day before `from_ms` to the day of `to_ms`."""
    day, last = (date_at(moment, zone) for moment in (from_ms, to_ms))
    day -= DAY
    while day <= last:
        yield day
        day += DAY


def date_at(moment_ms: int, zone: ZoneInfo) -> date:
    """Return the local date of a moment."""
    return (EPOCH + moment_ms * MS).astimezone(zone).date()


Spans = Iterator[tuple[int, int]]  # half-open, in ms


def _daily_spans(day: date, daily: Daily, zone: ZoneInfo) -> Spans:
    """Yield the spans of the window that starts on a local day."""
    if daily.from_s <= daily.to_s:
        yield from _clock_spans(day, (daily.from_s, daily.to_s + 1), zone)
    else:
        yield from _clock_spans(day, (daily.from_s, SECONDS_PER_DAY), zone)
        yield from _clock_spans(day + DAY, (0, daily.to_s + 1), zone)


def _clock_spans(day: date, seconds: tuple[int, int], zone: ZoneInfo) -> Spans:
    """Yield the spans in which the clock of a local day shows a time within half-open bounds, in seconds of the day.

    There are two where the clock is set back.
    """
    midnight_ms = int(datetime.combine(day, time(), UTC).timestamp()) * 1000
    for start_ms, end_ms in _steady_spans(day, zone):
        offset_ms = _offset_ms(start_ms, zone)
        shown = [midnight_ms + second * 1000 - offset_ms for second in seconds]
        yield max(shown[0], start_ms), min(shown[1], end_ms)


def _steady_spans(day: date, zone: ZoneInfo) -> Spans:
    """Yield a local day as a span, or as two where the clock is changed in between."""
    start_ms, end_ms = (civil_to_ms(datetime.combine(date_, time()), zone) for date_ in (day, day + DAY))
    if start_ms >= end_ms:  # a date that the calendar of the zone skipped
        return
    changed_ms = end_ms
    if _offset_ms(start_ms, zone) != _offset_ms(end_ms - 1, zone):
        before, changed_ms = start_ms // 1000, end_ms // 1000
        while changed_ms - before > 1:
            middle = (before + changed_ms) // 2
            if _offset_ms(middle * 1000, zone) == _offset_ms(start_ms, zone):
                before = middle
            else:
                changed_ms = middle
        changed_ms *= 1000
        yield changed_ms, end_ms
    yield start_ms, changed_ms


def _offset_ms(moment_ms: int, zone: ZoneInfo) -> int:
    offset = (EPOCH + moment_ms * MS).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // MS
