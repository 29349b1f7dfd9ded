"""From local days to moments: which entries of which members start in the days of a report."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.generation.timetracking.computation.directory import Member
from services.generation.timetracking.computation.entries import DAY_S, Days, Span

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
        zones.setdefault(member.time_zone, []).append(member.id)
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
