"""Text of dates, times, durations and amounts: for programs and for paper (reference section 11)."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Self

import numpy as np
from daybook.report.v1.sheet_pb2 import Quantity
from numpy.typing import NDArray

from services.generation.timetracking.parameters import DetailedParams, Params
from services.generation.words.catalogue import mark as _
from services.generation.words.numbers import durations

DAY_S = 86_400
_SECONDS = tuple(f":{second:02d}" for second in range(60))
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Format of dates and times of day, as CLDR patterns of yyyy, MM, dd, H or HH, h, mm, ss and a."""

    date: str
    time: str

    @classmethod
    def for_programs(cls) -> Self:
        """Return ISO dates and times with seconds."""
        return cls("yyyy-MM-dd", "HH:mm:ss")

    @classmethod
    def for_paper(cls, params: Params) -> Self:
        """Return the formats of the parameters; only detailed reports show times of day."""
        is_12_hours = isinstance(params, DetailedParams) and params.hour_format == "h:mm A"
        time = "h:mm a" if is_12_hours else "H:mm"
        return cls(params.date_format.replace("YYYY", "yyyy").replace("DD", "dd"), time)

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


Form = Literal["padded", "plain", "short", "hours"]  # 01:30:00, 1:30:00, 45:00 min below an hour, 1.50
MINUTES, HOURS = _("min"), _("h")
DECIMALS, EXACT_DECIMALS = 2, 9
HOUR_S = 3600
NO_HOUR = "00:"
_DATA: Mapping[str, Form] = {"classic": "padded", "improved": "plain", "decimal": "hours"}
_PAPER: Mapping[str, Form] = {"classic": "short", "improved": "plain", "decimal": "hours"}


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """Format of values: the form of durations and their unit, and the decimal separator."""

    form: Form
    unit: str = ""
    point: str = "."

    @classmethod
    def for_programs(cls, params: Params) -> Self:
        """Return the format of CSV and XLSX, which is the same in all languages."""
        return cls(_DATA[params.duration_format])

    @classmethod
    def for_paper(cls, params: Params, t: Callable[[str], str]) -> Self:
        """Return the format of PDF: units in the reader's language, the decimal separator of the parameters."""
        form = _PAPER[params.duration_format]
        unit = {"short": t(MINUTES), "hours": t(HOURS)}.get(form, "")
        return cls(form, unit, params.cents_separator)

    @property
    def time(self) -> Quantity:
        """Return the quantity of raw durations: seconds, or hours where they are written as decimals."""
        if self.form == "hours":
            return Quantity(
                kind=Quantity.KIND_NUMBER, decimals=DECIMALS, raw_decimals=EXACT_DECIMALS, unit=self.unit, unit_code="h"
            )
        return Quantity(kind=Quantity.KIND_DURATION, seconds=True)

    def durations(self, seconds: Sequence[int]) -> list[str]:
        """Return the text of each duration in seconds."""
        match self.form:
            case "padded":
                return durations(seconds, show_seconds=True)
            case "plain":
                return [text.removeprefix("0") for text in durations(seconds, show_seconds=True)]
            case "short":
                whole = durations(seconds, show_seconds=True)
                return [f"{text[3:]} {self.unit}" if text.startswith(NO_HOUR) else text for text in whole]
            case "hours":
                texts = (_cents(_hundredths(number), self.point) for number in seconds)
                return [f"{text} {self.unit}" if self.unit else text for text in texts]

    def times(self, seconds: Sequence[int]) -> list[float]:
        """Return the raw value of each duration in seconds, as `time` says."""
        if self.form == "hours":
            return [number / HOUR_S for number in seconds]
        return [float(number) for number in seconds]

    def amounts(self, cents: Sequence[int | None]) -> list[str]:
        """Return the text of each sum, two decimals without a currency; empty where there is none."""
        return ["" if number is None else _cents(number, self.point) for number in cents]

    def priced(self, amounts: Mapping[str, int]) -> str:
        """Return sums by currency, one a line: "75.00 EUR", "10.00 USD"; empty without any."""
        return "\n".join(f"{_cents(amounts[currency], self.point)} {currency}" for currency in sorted(amounts))


def clock_text(seconds: int) -> str:
    """Return a duration as hours and whole minutes, as charts show it: "7:30"."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}"


def _hundredths(seconds: int) -> int:
    """Return hundredths of an hour, half up."""
    return (seconds + 18) // 36


def _cents(number: int, point: str) -> str:
    return f"{number // 100}{point}{number % 100:02d}"
