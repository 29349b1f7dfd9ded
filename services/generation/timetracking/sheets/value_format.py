"""Text of dates, times, durations and amounts: for programs and for paper (reference section 11)."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, Self

import numpy as np
from daybook.report.v1.sheet_pb2 import Quantity
from numpy.typing import NDArray

from services.generation.timetracking.parameters import DetailedParams, Params
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language, Locale
from services.generation.words.locales import DEFAULT_LOCALE, cldr, decimal_symbol, group_symbol
from services.generation.words.numbers import durations
from services.generation.words.patterns import TWELVE_HOURS, date_text, numeric_date
from services.runtime.currencies import decimals_of
from services.runtime.date_patterns import date_pattern

DAY_S = 86_400
_SECONDS = tuple(f":{second:02d}" for second in range(60))
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Format of dates and times of day, as CLDR patterns, and the locale whose words dates have."""

    date: str
    time: str
    locale: str = DEFAULT_LOCALE

    @classmethod
    def for_programs(cls) -> Self:
        """Return ISO dates and times with seconds."""
        return cls("yyyy-MM-dd", "HH:mm:ss")

    @classmethod
    def for_paper(cls, params: Params, reader: Locale) -> Self:
        """Return the formats of the parameters, else of the reader; only detailed reports show times of day."""
        given = params.model_fields_set
        if isinstance(params, DetailedParams) and "hour_format" in given:
            is_12_hours = params.hour_format == "h:mm A"
        else:
            is_12_hours = reader.hour_mode == TWELVE_HOURS
        if "date_format" in given:
            date = params.date_format.replace("YYYY", "yyyy").replace("DD", "dd")
        else:
            date = (
                date_pattern(reader.date_format, cldr(reader.locale))
                if reader.date_format
                else numeric_date(reader.locale)
            )
        return cls(date, "h:mm a" if is_12_hours else "H:mm", reader.locale)

    @property
    def with_seconds(self) -> Self:
        """Return it with seconds in times of day."""
        return replace(self, time=self.time.replace("mm", "mm:ss"))

    def day(self, day: dt.date) -> str:
        """Return a date."""
        return self._dated(day, self.date)

    def short_day(self, day: dt.date) -> str:
        """Return a date without its year: "01/05"."""
        return self._dated(day, _without("y", self.date))

    def month(self, day: dt.date) -> str:
        """Return a date without its day: "01/2026"."""
        return self._dated(day, _without("d", self.date))

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
        return date_text(day, pattern, self.locale)


def _without(letter: str, pattern: str) -> str:
    """Return the pattern of a date without its year or its day, and what stood beside it."""
    marked = re.sub(f"{letter}+", "\0", re.sub(r"'[^']*'", "", pattern)).strip()
    between = not marked.startswith("\0") and not marked.endswith("\0")
    return re.sub(r"([./\- ,]?)[./\- ,]*\0[./\- ,]*", r"\1" if between else "", marked).strip(" ,")


@cache
def _minutes(pattern: str) -> tuple[str, ...]:
    """Return the texts of a day's 1,440 minutes; seconds are left out."""
    return tuple(_minute(pattern, hour, minute) for hour in range(24) for minute in range(60))


def _minute(pattern: str, hour: int, minute: int) -> str:
    if pattern.startswith("h:"):
        return f"{(hour - 1) % 12 + 1}:{minute:02d} {'AM' if hour < 12 else 'PM'}"  # noqa: PLR2004  noon
    return f"{hour:02d}:{minute:02d}" if pattern.startswith("HH") else f"{hour}:{minute:02d}"


Form = Literal["padded", "plain", "minutes", "hours"]  # 01:30:00, 1:30:00, 1:30, 1.50
HOURS = _("h")
DECIMALS = 2
_DATA: Mapping[str, Form] = {"classic": "padded", "improved": "plain", "decimal": "hours"}


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """Format of values: the form of durations and their unit, and the separators of numbers.

    For people (`exact`) sums have the decimals of their currencies, for programs always two.
    """

    form: Form
    unit: str = ""
    point: str = "."
    group: str = ""
    exact: bool = False
    whole_minutes: bool = False
    percent_pattern: str = "{}%"

    @classmethod
    def for_programs(cls, params: Params, *, whole_minutes: bool = False) -> Self:
        """Return the format of CSV and XLSX, which is the same in all languages.

        Cells of workbooks leave seconds out where there are none, as paper does.
        """
        return cls(_DATA[params.duration_format], whole_minutes=whole_minutes)

    @classmethod
    def for_paper(cls, params: Params, language: Language, *, whole_minutes: bool = False) -> Self:
        """Return the format for people: one notation of durations, which leaves seconds out where there are none.

        Separators are those of the parameters, else of the language.
        """
        form: Form = "minutes" if whole_minutes else "plain"
        form = "hours" if params.duration_format == "decimal" else form
        own = decimal_symbol(language.locale)
        point = params.cents_separator if "cents_separator" in params.model_fields_set else own
        group = group_symbol(language.locale)
        if group == point:
            group = "." if point == "," else ","
        unit, percent = language.t(HOURS) if form == "hours" else "", cldr(language.locale).percent_formats[None]
        return cls(form, unit, point, group, exact=True, percent_pattern=f"{percent.prefix[0]}{{}}{percent.suffix[0]}")

    @property
    def time(self) -> Quantity:
        """Return the quantity of durations, which are raw seconds: with decimals where they are shown as hours."""
        if self.form == "hours":
            return Quantity(kind=Quantity.KIND_DURATION, decimals=DECIMALS, unit=self.unit, grouped=True)
        return Quantity(kind=Quantity.KIND_DURATION, seconds=not self._without_seconds)

    @property
    def _without_seconds(self) -> bool:
        return self.form == "minutes" or self.whole_minutes

    @property
    def chart_time(self) -> Quantity:
        """Return the quantity of durations in charts, which leave seconds out."""
        return self.time if self.form == "hours" else Quantity(kind=Quantity.KIND_DURATION)

    def durations(self, seconds: Sequence[int]) -> list[str]:
        """Return the text of each duration in seconds."""
        match self.form:
            case "padded":
                return durations(seconds, show_seconds=True)
            case "plain":
                return [text.removeprefix("0") for text in durations(seconds, show_seconds=True)]
            case "minutes":
                return [clock_text(number) for number in seconds]
            case "hours":
                texts = (self._number(hundredths(number), DECIMALS) for number in seconds)
                return [f"{text} {self.unit}" if self.unit else text for text in texts]

    def chart_durations(self, seconds: Sequence[int]) -> list[str]:
        """Return the texts of durations in charts: in hours and minutes, or decimal hours; empty for none."""
        if self.form != "hours":
            return [clock_text(number) if number else "" for number in seconds]
        return [self._number(hundredths(number), DECIMALS) if number else "" for number in seconds]

    def amounts(self, cents: Sequence[int | None], currency: str = "") -> list[str]:
        """Return the text of each sum without its currency; empty where there is none."""
        return ["" if number is None else self._amount(number, currency) for number in cents]

    def percent(self, number: int) -> str:
        """Return the text of a whole percentage."""
        return self.percent_pattern.format(number)

    def priced(self, amounts: Mapping[str, int]) -> str:
        """Return sums by currency, one a line: "75.00 EUR", "10.00 USD"; empty without any."""
        return "\n".join(f"{self._amount(amounts[currency], currency)} {currency}" for currency in sorted(amounts))

    def _amount(self, cents: int, currency: str) -> str:
        decimals = decimals_of(currency) if self.exact else DECIMALS
        if decimals < DECIMALS:
            return self._number((cents + 50) // 100, 0)
        return self._number(cents, DECIMALS) + "0" * (decimals - DECIMALS)

    def _number(self, value: int, decimals: int) -> str:
        whole, rest = divmod(value, 10**decimals)
        text = f"{whole:,}".replace(",", self.group) if self.group else str(whole)
        return f"{text}{self.point}{rest:0{decimals}d}" if decimals else text


def money_quantity(currency: str) -> Quantity:
    """Return the quantity of sums in a currency; "" stands for several."""
    return Quantity(kind=Quantity.KIND_MONEY, decimals=decimals_of(currency), currency_code=currency, grouped=True)


def clock_text(seconds: int) -> str:
    """Return a duration as hours and minutes, half up: "7:30"."""
    minutes = (seconds + 30) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def hundredths(seconds: int) -> int:
    """Return hundredths of an hour, half up."""
    return (seconds + 18) // 36


def offset_text(offset_s: int) -> str:
    """Return how far a clock is ahead of UTC: "+02:00"."""
    minutes = abs(offset_s) // 60
    return f"{'-' if offset_s < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
