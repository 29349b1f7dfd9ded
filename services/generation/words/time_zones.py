"""Time zones that users may choose, and the offsets of their clocks from UTC."""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from numpy.typing import NDArray

DEFAULT_ZONE = "UTC"
DAY_S = 86_400

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_S, _LAST_S = -62_135_510_400, 253_402_128_000  # a day inside what datetime can hold, for any offset
_FEW_YEARS = 100  # so many in a row are looked up without finding out which occur
_NOT_PLACES = frozenset({"Factory", "localtime"})


def is_time_zone(text: str) -> bool:
    """Return whether the text names an IANA time zone."""
    return text in _names()


def offsets_s(zone: str, moments_s: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the offset of the zone's clocks from UTC in seconds at each moment (seconds since 1970 UTC).

    The zone is looked up once per day of the years that occur, not per moment. Raises ZoneInfoNotFoundError.
    """
    if not len(moments_s):
        return np.zeros(0, np.int64)
    first, last = _years(np.array([moments_s.min(), moments_s.max()])).tolist()
    years = np.arange(first, last + 1) if last - first < _FEW_YEARS else np.unique(_years(moments_s))
    starts, offsets = zip(*(_year(zone, year) for year in years.tolist()), strict=True)
    place = np.searchsorted(np.concatenate(starts), moments_s, side="right") - 1
    return np.concatenate(offsets)[place]


def _years(moments_s: NDArray[np.int64]) -> NDArray[np.int64]:
    return moments_s.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NOT_PLACES


@lru_cache(maxsize=4096)
def _year(name: str, year: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the seconds since 1970 at which an offset begins in a UTC year, and the offsets in seconds.

    No zone changes its clocks there and back within a UTC day, so equal offsets at both ends of a day hold all day.
    """
    zone = ZoneInfo(name)
    first, last = (np.datetime64(f"{edge:04d}-01-01", "s").astype(np.int64) for edge in (year, year + 1))
    days = range(int(first), int(last) + 1, DAY_S)
    offsets = [_offset_s(zone, day) for day in days]
    starts, kept = [days[0]], [offsets[0]]
    for day, before, after in zip(days, offsets, offsets[1:], strict=False):
        if before != after:
            starts.append(_change(zone, day, day + DAY_S))
            kept.append(after)
    return np.array(starts, np.int64), np.array(kept, np.int64)


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """Return the first second in (before, after] with the offset of `after`."""
    there = _offset_s(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset_s(zone, middle) == there else (middle, after)
    return after


def _offset_s(zone: ZoneInfo, moment_s: int) -> int:
    moment = _EPOCH + timedelta(seconds=min(max(moment_s, _FIRST_S), _LAST_S))
    ahead = moment.astimezone(zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
