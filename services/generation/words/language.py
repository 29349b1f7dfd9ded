"""Language of a report: the reader's words, units, numbers, dates and durations, and the settings that choose them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from numpy.typing import ArrayLike

from services.generation.words import numbers
from services.generation.words.catalogue import translator
from services.generation.words.locales import DEFAULT_LOCALE, decimal_symbol, is_locale
from services.generation.words.measurement_systems import DEFAULT_SYSTEM, MEASUREMENT_SYSTEMS, Units, units_of
from services.generation.words.moments import Clock
from services.generation.words.patterns import DEFAULT_HOUR_MODE, HOUR_MODES
from services.generation.words.time_zones import DEFAULT_ZONE, is_time_zone
from services.generation.words.weekdays import WEEKDAYS, territory_week_start
from services.runtime.date_patterns import DATE_FORMATS

_RULES: dict[str, tuple[Callable[[str], bool], str]] = {
    "time_zone": (is_time_zone, "must be an IANA time zone, such as Europe/Berlin"),
    "locale": (is_locale, "must be language or language_COUNTRY, such as en or ru_RU"),
    "measurement_system": (MEASUREMENT_SYSTEMS.__contains__, f"must be one of {', '.join(MEASUREMENT_SYSTEMS)}"),
    "date_format": (("", *DATE_FORMATS).__contains__, f"must be one of {', '.join(DATE_FORMATS)}"),
    "hour_mode": (HOUR_MODES.__contains__, f"must be one of {', '.join(HOUR_MODES)}"),
    "week_start": (("", *WEEKDAYS).__contains__, f"must be one of {', '.join(WEEKDAYS)}"),
}


@dataclass(frozen=True, slots=True)
class Locale:
    """Settings of a reader, under the names of daybook.report.v1.LocaleInfo."""

    locale: str = DEFAULT_LOCALE
    time_zone: str = DEFAULT_ZONE
    measurement_system: str = DEFAULT_SYSTEM
    date_format: str = ""  # the locale's own
    hour_mode: str = DEFAULT_HOUR_MODE
    week_start: str = ""  # that of the locale's territory

    @property
    def first_weekday(self) -> int:
        """Return the weekday that weeks begin on, counted from 0 for Monday."""
        return WEEKDAYS.index(self.week_start) if self.week_start else territory_week_start(self.locale)

    def faults(self) -> dict[str, str]:
        """Return the fields with a value that is not allowed, and what would be right."""
        return {name: wanted for name, (allows, wanted) in _RULES.items() if not allows(getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Language:
    """Texts of a report's values for its reader; every method takes a whole column, NaN for unknown."""

    locale: str
    t: Callable[[str], str]  # msgid to text
    units: Units
    clock: Clock
    decimal_symbol: str
    show_seconds: bool

    @classmethod
    def of(cls, reader: Locale, *, show_seconds: bool = False) -> Self:
        """Return the language of a reader. Raises KeyError on a setting that is none of the allowed values."""
        return cls(
            locale=reader.locale,
            t=translator(reader.locale),
            units=units_of(reader.measurement_system),
            clock=Clock(reader.time_zone, reader.locale, reader.date_format, reader.hour_mode, seconds=show_seconds),
            decimal_symbol=decimal_symbol(reader.locale),
            show_seconds=show_seconds,
        )

    def numbers(self, values: ArrayLike, decimals: int) -> list[str]:
        """Return the text of each number, rounded half up, trailing zeros dropped; unknown (NaN) "—"."""
        return numbers.texts(values, decimals, self.decimal_symbol)

    def percents(self, values: ArrayLike, decimals: int = 1) -> list[str]:
        """Return the text of each percentage, 0 to 100; unknown (NaN) "—"."""
        return numbers.percents(values, decimals, self.locale)

    def money(self, values: ArrayLike, currency: str) -> list[str]:
        """Return the text of each sum in an ISO 4217 currency; unknown (NaN) "—"."""
        return numbers.money(values, currency, self.locale)

    def durations(self, seconds: ArrayLike) -> list[str]:
        """Return the text of each duration, HH:mm or with seconds as the report asks; unknown (NaN) "—"."""
        return numbers.durations(seconds, show_seconds=self.show_seconds)
