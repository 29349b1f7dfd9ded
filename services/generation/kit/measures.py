"""Measures: units, rounding and texts of the numbers that reports show."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from daybook.report.v1.sheet_pb2 import Quantity
from numpy.typing import ArrayLike

from services.generation.domain.columnar import Floats
from services.generation.words.language import Language
from services.generation.words.numbers import half_up
from services.generation.words.short_titles import short_title
from services.generation.words.unit_codes import unit_code

Dimension = Literal["", "distance", "speed", "volume", "consumption"]
Texts = Callable[[Language, Floats, int], list[str]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Presentation of numbers.

    Values come in km, km/h, litres, litres per 100 km, seconds, percent or money; they are shown in the reader's units.

    Args:
        kind: Kind of quantity.
        dimension: Physical dimension, for conversion into the reader's units; "" for none or for a unit of its own.
        decimals: Digits after the point in rows.
        total_decimals: Digits in totals and lines, when they differ.
        raw_decimals: Digits of the machine value, when it is more exact than the text.
        unit: A unit of the user's own, such as a sensor's; not translated.
        currency_code: ISO 4217 code of a sum of money.
        words: Function that writes the texts, when they are not those of the kind.

    """

    kind: "Quantity.Kind.ValueType" = Quantity.KIND_NUMBER
    dimension: Dimension = ""
    decimals: int = 0
    total_decimals: int | None = None
    raw_decimals: int | None = None
    unit: str = ""
    currency_code: str = ""
    words: Texts | None = None

    @property
    def in_totals(self) -> "Measure":
        """The measure of totals and lines."""
        return self if self.total_decimals is None else replace(self, decimals=self.total_decimals)

    @property
    def exact_decimals(self) -> int:
        """Digits of the machine value."""
        return self.decimals if self.raw_decimals is None else self.raw_decimals

    def rounded(self, language: Language, values: ArrayLike) -> Floats:
        """Return values in the reader's unit, rounded as they are shown; unknown ones (NaN) stay unknown."""
        return half_up(self._converted(language, values), self.exact_decimals)

    def restored(self, language: Language, shown: Floats) -> Floats:
        """Return values of the reader's unit in the measure's own."""
        return shown / self._converted(language, [1.0]).item()

    def texts(self, language: Language, shown: Floats) -> list[str]:
        """Return the texts of rounded values, "—" for an unknown one."""
        if self.words is not None:
            return self.words(language, shown, self.decimals)
        match self.kind:
            case Quantity.KIND_DURATION:
                return language.durations(shown)
            case Quantity.KIND_PERCENT:
                return language.percents(shown, self.decimals)
            case Quantity.KIND_MONEY:
                return language.money(shown, self.currency_code)
            case _:
                return language.numbers(shown, self.decimals)

    def quantity(self, language: Language) -> Quantity:
        """Return what a renderer must know of the values."""
        return Quantity(
            kind=self.kind,
            decimals=self.decimals,
            unit=self.unit_text(language),
            unit_code=unit_code(language, "%" if self.kind == Quantity.KIND_PERCENT else self.unit_text(language)),
            raw_decimals=self.exact_decimals if self.exact_decimals > self.decimals else 0,
            currency_code=self.currency_code,
            seconds=self.kind == Quantity.KIND_DURATION and language.show_seconds,
        )

    def unit_text(self, language: Language) -> str:
        """Return the unit in the reader's language, "" for none."""
        units = language.units
        match self.dimension:
            case "distance":
                return language.t(units.distance_unit)
            case "speed":
                return language.t(units.speed_unit)
            case "volume":
                return language.t(units.volume_unit)
            case "consumption":
                return language.t(units.consumption_unit)
            case _:
                return self.unit

    def titled(self, language: Language, title: str, comma: str = ", ") -> str:
        """Return a title, given as a msgid, followed by the unit."""
        unit = self.unit_text(language)
        return language.t(title) + (f"{comma}{unit}" if unit else "")

    def short_titled(self, language: Language, title: str) -> str:
        """Return the short form of a title, given as a msgid, with the unit; empty where there is none."""
        return short_title(language.t, title, self.unit_text(language))

    def _converted(self, language: Language, values: ArrayLike) -> Floats:
        plain, units = np.asarray(values, np.float64), language.units
        match self.dimension:
            case "distance":
                return units.distance(plain)
            case "speed":
                return units.speed(plain)
            case "volume":
                return units.volume(plain)
            case "consumption":
                return units.consumption(plain)
            case _:
                return plain


NUMBER = Measure()
EXACT = Measure(decimals=9)  # of the sides of a quotient that are not the ones shown
TRIP_LENGTH = Measure(dimension="distance", decimals=2, total_decimals=1)
MILEAGE = Measure(dimension="distance", decimals=2)
ODOMETER = Measure(dimension="distance", decimals=1)
SPEED = Measure(dimension="speed")
VOLUME = Measure(dimension="volume", decimals=1)
CONSUMPTION = Measure(dimension="consumption", decimals=2)
DURATION = Measure(Quantity.KIND_DURATION)
PERCENT = Measure(Quantity.KIND_PERCENT, decimals=1)
DEGREES = Measure(decimals=7)


def money(currency_code: str) -> Measure:
    """Return the measure of sums in a currency."""
    return Measure(Quantity.KIND_MONEY, decimals=2, currency_code=currency_code)
