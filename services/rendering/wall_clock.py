"""Wall clock: moments in a time zone and civil readings, as whole seconds and as the days of spreadsheets."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

EPOCH_SERIAL = 25_569  # 1970-01-01 in days as Excel counts them
DAY_S = 86_400
DAY_MS = DAY_S * 1000
EARLIEST_MS = datetime(1900, 3, 2, tzinfo=UTC).timestamp() * 1000  # Excel counts a 29 February 1900 before
LATEST_MS = datetime(9999, 12, 30, tzinfo=UTC).timestamp() * 1000
DATE_LETTERS = frozenset("GyYuUrQqMLlwWdDFgEec")
TIME_LETTERS = frozenset("abBhHkKjJmsSA")

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  a reading of a wall clock has no zone
_QUOTED = re.compile(r"'(?:[^']|'')*'")


class WallClock:
    """Clock of one IANA time zone. The offset of each UTC day is remembered after its first use."""

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone or "UTC")
        self._offsets: dict[int, int] = {}

    def local_s(self, moments_ms: Iterable[float]) -> list[float]:
        """Return whole local seconds since 1970-01-01 00:00; NaN for unknown moments and those before 1900."""
        known, local = self._offsets.get, []
        for moment_ms in moments_ms:
            if EARLIEST_MS <= moment_ms <= LATEST_MS:
                second = int(moment_ms // 1000)
                offset = known(second // DAY_S)
                local.append(float(second + (self._learn(second) if offset is None else offset)))
            else:
                local.append(math.nan)
        return local

    def serials(self, moments_ms: Iterable[float]) -> list[float]:
        """Return local moments in days as spreadsheets count them; NaN where `local_s` is NaN."""
        return [second / DAY_S + EPOCH_SERIAL for second in self.local_s(moments_ms)]

    def iso_moment(self, moment_ms: float, *, with_time: bool = True) -> str:
        """Return a moment as yyyy-MM-ddTHH:mm:ss with the offset of the zone, or its date; empty when unknown."""
        local = self.local_s([moment_ms])[0]
        if math.isnan(local):
            return ""
        text = iso_text(local)
        if not with_time:
            return text[:10]
        sign, offset = ("-", -1) if local < moment_ms // 1000 else ("+", 1)
        minutes = int((local - moment_ms // 1000) * offset) // 60
        return f"{text.replace(' ', 'T')}{sign}{minutes // 60:02}:{minutes % 60:02}"

    def moment_ms(self, local_s: float) -> float:
        """Return the moment at local seconds since 1970-01-01 00:00, the first of two."""
        return reading(local_s).replace(tzinfo=self._zone).timestamp() * 1000

    def _learn(self, second: int) -> int:
        """Return the offset at a UTC second and remember it for its day, unless the offset changes on that day."""
        day = second // DAY_S
        begin, end = self._offset(day * DAY_S), self._offset(day * DAY_S + DAY_S - 1)
        if begin != end:
            return self._offset(second)
        self._offsets[day] = begin
        return begin

    def _offset(self, second: int) -> int:
        offset = datetime.fromtimestamp(second, self._zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0


def reading(local_s: float) -> datetime:
    """Return local seconds since 1970 as a reading of the clock, which has no zone."""
    return _EPOCH + timedelta(seconds=local_s)


def iso_text(local_s: float) -> str:
    """Return local seconds since 1970 as yyyy-MM-dd HH:mm:ss."""
    return reading(local_s).isoformat(" ")


@cache
def shows_date(pattern: str) -> bool:
    """Return whether a CLDR pattern shows any part of a date; a pattern without fields stands for all of them."""
    letters = set(_QUOTED.sub("", pattern))
    return bool(letters & DATE_LETTERS) or not letters & TIME_LETTERS


@cache
def shows_time(pattern: str) -> bool:
    """Return whether a CLDR pattern shows any part of a time of day; one without fields stands for all of them."""
    letters = set(_QUOTED.sub("", pattern))
    return bool(letters & TIME_LETTERS) or not letters & DATE_LETTERS


@cache
def date_part(pattern: str) -> str:
    """Return what a CLDR pattern has from its first field of the date to the last; empty without any."""
    return _part(pattern, DATE_LETTERS)


@cache
def time_part(pattern: str) -> str:
    """Return what a CLDR pattern has from its first field of the time of day to the last; empty without any."""
    return _part(pattern, TIME_LETTERS)


def _part(pattern: str, letters: frozenset[str]) -> str:
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), pattern)
    places = [place for place, char in enumerate(bare) if char in letters]
    return pattern[places[0] : places[-1] + 1] if places else ""


def civil_serials(raw_ms: Iterable[float], pattern: str) -> list[float]:
    """Return civil readings in days as spreadsheets count them, NaN for unknown ones and those before 1900.

    Where the pattern shows no date a reading is the part of its day that has passed.
    """
    if shows_date(pattern):
        return [ms / DAY_MS + EPOCH_SERIAL if EARLIEST_MS <= ms <= LATEST_MS else math.nan for ms in raw_ms]
    return [ms % DAY_MS / DAY_MS if math.isfinite(ms) else math.nan for ms in raw_ms]


def civil_text(ms: float, pattern: str) -> str:
    """Return a civil reading as yyyy-MM-dd, HH:mm:ss or both, by its pattern; empty when unknown or before 1900."""
    if not EARLIEST_MS <= ms <= LATEST_MS:
        return ""
    date, time = iso_text(ms // 1000).split(" ")
    return " ".join(filter(None, (date * shows_date(pattern), time * shows_time(pattern))))
