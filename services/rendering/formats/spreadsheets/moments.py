"""Moments as the wall clock of one time zone shows them."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH_SERIAL = 25_569  # 1970-01-01 in days as Excel counts them
DAY_S = 86_400
EARLIEST_MS = datetime(1900, 3, 2, tzinfo=UTC).timestamp() * 1000  # Excel counts a 29 February 1900 before
LATEST_MS = datetime(9999, 12, 30, tzinfo=UTC).timestamp() * 1000

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  a wall clock's reading has no zone


class WallClock:
    """Reads moments in one IANA time zone; knows each UTC day's offset after its first use."""

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone or "UTC")
        self._offsets: dict[int, int] = {}

    def local_s(self, moments_ms: Iterable[float]) -> list[float]:
        """Return whole local seconds since 1970-01-01 00:00; NaN for what is unknown or before 1900."""
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


def iso_text(local_s: float) -> str:
    """Return local seconds since 1970 as yyyy-MM-dd HH:mm:ss."""
    return (_EPOCH + timedelta(seconds=local_s)).isoformat(" ")
