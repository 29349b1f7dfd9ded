"""Dates and times of day on wall clocks, as texts of whole columns: for programs and as asked for on paper."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from services.generation.timetracking.computation.query import FormatOptions

DAY_S = 86_400
_SECONDS = tuple(f":{second:02d}" for second in range(60))
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One way to write dates and times of day, as CLDR patterns of yyyy, MM, dd, H or HH, h, mm, ss and a."""

    date: str
    time: str

    @classmethod
    def for_programs(cls) -> Self:
        """Return ISO dates and times with seconds."""
        return cls("yyyy-MM-dd", "HH:mm:ss")

    @classmethod
    def for_paper(cls, writing: FormatOptions) -> Self:
        """Return the formats asked for."""
        time = {"H:mm": "H:mm", "h:mm A": "h:mm a"}[writing.hour_format]
        return cls(writing.date_format.replace("YYYY", "yyyy").replace("DD", "dd"), time)

    def day(self, day: dt.date) -> str:
        """Return a date."""
        return self._dated(day, self.date)

    def short_day(self, day: dt.date) -> str:
        """Return a date without its year: "01/05"."""
        return self._dated(day, self.date.replace("yyyy", "").strip("-./"))

    def month(self, day: dt.date) -> str:
        """Return a date without its day: "01/2026"."""
        separator = next(letter for letter in self.date if not letter.isalpha())
        return self._dated(day, separator.join(part for part in self.date.split(separator) if part != "dd"))

    def days(self, wall_s: NDArray[np.int64]) -> list[str]:
        """Return the date of each moment, seconds since 1970 on its wall clock."""
        distinct, place = np.unique(wall_s // DAY_S, return_inverse=True)
        texts = [self.day(_EPOCH + dt.timedelta(days=number)) for number in distinct.tolist()]
        return [texts[number] for number in place.tolist()]

    def times(self, wall_s: NDArray[np.int64]) -> list[str]:
        """Return the time of day of each moment, seconds since 1970 on its wall clock."""
        minute, second = np.divmod(wall_s % DAY_S, 60)
        heads = _minutes(self.time)
        if not self.time.endswith("ss"):
            return [heads[number] for number in minute.tolist()]
        return [heads[m] + _SECONDS[s] for m, s in zip(minute.tolist(), second.tolist(), strict=True)]

    def _dated(self, day: dt.date, pattern: str) -> str:
        filled = pattern.replace("yyyy", f"{day.year:04d}").replace("MM", f"{day.month:02d}")
        return filled.replace("dd", f"{day.day:02d}")


@cache
def _minutes(pattern: str) -> tuple[str, ...]:
    """Return the texts of a day's 1,440 minutes; seconds are left out."""
    return tuple(_minute(pattern, hour, minute) for hour in range(24) for minute in range(60))


def _minute(pattern: str, hour: int, minute: int) -> str:
    if pattern.startswith("h:"):
        return f"{(hour - 1) % 12 + 1}:{minute:02d} {'AM' if hour < 12 else 'PM'}"  # noqa: PLR2004  noon
    return f"{hour:02d}:{minute:02d}" if pattern.startswith("HH") else f"{hour}:{minute:02d}"
