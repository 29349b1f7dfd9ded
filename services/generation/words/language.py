"""The language of a report: its reader's words, units, numbers, dates and durations in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

from numpy.typing import ArrayLike

from services.generation.words import amounts, durations, numbers
from services.generation.words.catalogue import translator
from services.generation.words.locales import DEFAULT_LOCALE, decimal_symbol, is_locale
from services.generation.words.measurement_systems import (
    DEFAULT_SYSTEM,
    MEASUREMENT_SYSTEMS,
    MeasurementSystem,
    Units,
    units_of,
)
from services.generation.words.moments import Clock
from services.generation.words.patterns import DATE_FORMATS, DEFAULT_HOUR_MODE, HOUR_MODES, DateFormat, HourMode
from services.generation.words.zones import DEFAULT_ZONE, is_time_zone

__all__ = [
    "DATE_FORMATS",
    "DEFAULT_HOUR_MODE",
    "DEFAULT_LOCALE",
    "DEFAULT_SYSTEM",
    "DEFAULT_ZONE",
    "HOUR_MODES",
    "MEASUREMENT_SYSTEMS",
    "DateFormat",
    "HourMode",
    "Language",
    "LocaleInfo",
    "MeasurementSystem",
    "is_locale",
    "is_time_zone",
]


class LocaleInfo(Protocol):
    """What a user chose; an empty value asks for the default."""

    @property
    def locale(self) -> str:
        """Language or language_COUNTRY."""

    @property
    def time_zone(self) -> str:
        """IANA name."""

    @property
    def measurement_system(self) -> str:
        """One of `MEASUREMENT_SYSTEMS`."""

    @property
    def date_format(self) -> str:
        """One of `DATE_FORMATS`; the locale's own when empty."""

    @property
    def hour_mode(self) -> str:
        """One of `HOUR_MODES`."""


@dataclass(frozen=True, slots=True)
class Language:
    """Everything that turns a report's values into texts for one reader."""

    locale: str
    t: Callable[[str], str]  # msgid to text
    units: Units
    clock: Clock
    decimal_symbol: str
    show_seconds: bool

    @classmethod
    def of(cls, info: LocaleInfo, *, show_seconds: bool = False) -> Self:
        """Return the language a user chose. Raises KeyError on a setting that is none of the allowed values."""
        locale = info.locale or DEFAULT_LOCALE
        zone, hour_mode = info.time_zone or DEFAULT_ZONE, info.hour_mode or DEFAULT_HOUR_MODE
        return cls(
            locale=locale,
            t=translator(locale),
            units=units_of(info.measurement_system or DEFAULT_SYSTEM),
            clock=Clock(zone, locale, info.date_format, hour_mode, seconds=show_seconds),
            decimal_symbol=decimal_symbol(locale),
            show_seconds=show_seconds,
        )

    def column_title(self, title: str, unit: str) -> str:
        """Return a column's title with its unit on a line of its own, both given as msgids."""
        return f"{self.t(title)},\n{self.t(unit)}"

    def row_name(self, title: str, unit: str) -> str:
        """Return the name of a value in a list with its unit, both given as msgids: "Total trips length, km"."""
        return f"{self.t(title)}, {self.t(unit)}"

    def numbers(self, values: ArrayLike, decimals: int) -> list[str]:
        """Return the text of each number, rounded half up, trailing zeros dropped; unknown (NaN) "—"."""
        return numbers.texts(values, decimals, self.decimal_symbol)

    def percents(self, values: ArrayLike, decimals: int = 1) -> list[str]:
        """Return the text of each percentage, 0 to 100; unknown (NaN) "—"."""
        return amounts.percents(values, decimals, self.locale)

    def money(self, values: ArrayLike, currency: str) -> list[str]:
        """Return the text of each sum in an ISO 4217 currency; unknown (NaN) "—"."""
        return amounts.money(values, currency, self.locale)

    def durations(self, seconds: ArrayLike) -> list[str]:
        """Return the text of each duration, HH:mm or with seconds as the report asks; unknown (NaN) "—"."""
        return durations.durations(seconds, show_seconds=self.show_seconds)
