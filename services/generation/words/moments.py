"""Moments: dates and times of day of whole columns, in a zone and a language."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from babel.dates import parse_pattern
from numpy.typing import ArrayLike, NDArray

from services.generation.words.locales import cldr
from services.generation.words.numbers import with_unknown
from services.generation.words.patterns import DEFAULT_HOUR_MODE, TWELVE_HOURS, time_pattern
from services.generation.words.time_zones import DAY_S, offsets_s
from services.runtime.date_patterns import date_pattern

_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


class Clock:
    """Texts of moments (milliseconds since 1970 UTC, NaN for unknown) for a zone and a language.

    `zone` is the IANA name; `pattern` is the CLDR pattern of a full moment and `date_pattern` that of a date;
    `weekdays` are the seven abbreviations from Monday. Raises KeyError on an unknown date format or hour mode and
    ZoneInfoNotFoundError on an unknown zone.
    """

    def __init__(
        self,
        zone: str,
        locale: str,
        date_format: str = "",
        hour_mode: str = DEFAULT_HOUR_MODE,
        *,
        seconds: bool = False,
    ) -> None:
        self.zone = ZoneInfo(zone).key
        self._locale = cldr(locale)
        self.date_pattern = date_pattern(date_format, self._locale)
        self.pattern = f"{self.date_pattern} {time_pattern(hour_mode, seconds=seconds)}"
        self._date = parse_pattern(self.date_pattern)
        names = self._locale.days["stand-alone"]["abbreviated"]
        self.weekdays = tuple(str(names[day]) for day in range(7))
        periods, twelve = self._locale.day_periods["format"]["abbreviated"], hour_mode == TWELVE_HOURS
        halves = tuple(f" {periods[half]}" if twelve else "" for half in ("am", "pm"))
        self._heads, self._tails = _texts_of_a_day(halves, twelve=twelve, seconds=seconds)

    def times(self, moments_ms: ArrayLike) -> list[str]:
        """Return the local time of day of each moment: "00:47", "00:47:19", "12:47 AM"; unknown "—"."""
        local, unknown = self._local_s(moments_ms)
        return with_unknown(self._times(local), unknown)

    def moments(self, moments_ms: ArrayLike) -> list[str]:
        """Return the local date and time of each moment, a space between them; unknown "—"."""
        local, unknown = self._local_s(moments_ms)
        days, place = np.unique(local // DAY_S, return_inverse=True)
        dates = [self.date(dt.date.fromordinal(day + _EPOCH_ORDINAL)) for day in days.tolist()]
        rows = zip(place.tolist(), self._times(local), strict=True)
        return with_unknown([f"{dates[day]} {time}" for day, time in rows], unknown)

    def local_days(self, moments_ms: ArrayLike) -> NDArray[np.int64]:
        """Return the local day of each known moment as the ordinal that `datetime.date.fromordinal` takes."""
        return self._local_s(moments_ms)[0] // DAY_S + _EPOCH_ORDINAL

    def date(self, day: dt.date) -> str:
        """Return a date as text."""
        return str(self._date.apply(day, self._locale))

    def day_header(self, day: dt.date, count: int) -> str:
        """Return the header of a day's rows, "Oct 6, 2020 (Tue) : 7"; clients split it at "(" and " : "."""
        return f"{self.date(day)} ({self.weekdays[day.weekday()]}) : {count}"

    def _times(self, local_s: NDArray[np.int64]) -> list[str]:
        minute, second = np.divmod(local_s % DAY_S, 60)
        tail = second + 60 * (minute >= DAY_S // 60 // 2)
        heads, tails = self._heads, self._tails
        return [heads[m] + tails[s] for m, s in zip(minute.tolist(), tail.tolist(), strict=True)]

    def _local_s(self, moments_ms: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return seconds since 1970 on the zone's own clock (0 UTC where unknown), and which are unknown."""
        exact = np.atleast_1d(np.asarray(moments_ms))
        unknown = ~np.isfinite(exact)
        utc = np.floor_divide(np.where(unknown, 0, exact), 1000).astype(np.int64)
        return utc + offsets_s(self.zone, utc), unknown


@lru_cache(maxsize=64)
def _texts_of_a_day(halves: tuple[str, ...], *, twelve: bool, seconds: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the texts of a day's 1,440 minutes, and their endings in each second before and after noon."""
    hours = [str((hour - 1) % 12 + 1) if twelve else f"{hour:02d}" for hour in range(24)]
    heads = tuple(f"{hour}:{minute:02d}" for hour in hours for minute in range(60))
    tails = tuple(f":{second:02d}{half}" if seconds else half for half in halves for second in range(60))
    return heads, tails
