"""Columns: each described once, then written as a table's column, a group's total or a line of a summary."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, MapRow, Places, Quantity, TotalCell
from numpy.typing import ArrayLike, NDArray

from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import half_up

Dimension = Literal["", "distance", "speed", "volume"]
Floats = NDArray[np.float64]
Rows = slice
ALL = slice(None)

ADDRESS_WIDTH, ADDRESS_WEIGHT = 4, 3
DEGREE_DECIMALS = 7
MONEY_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a report: its field, its title as a msgid, and what it measures.

    Values come in km, km/h, litres, seconds, percent or money; they are written in the reader's units.
    """

    field: str
    title: str
    kind: "Quantity.Kind.ValueType" = Quantity.KIND_NUMBER
    dimension: Dimension = ""
    decimals: int = 0
    total_decimals: int | None = None

    def column(self, language: Language, values: ArrayLike, *, currency_code: str = "") -> Column:
        """Return the column of the values, unknown (NaN) as an em dash."""
        raw = self.rounded(language, values)
        column = Column(
            field=self.field,
            title=self._named(language, ",\n"),
            align=Column.ALIGN_RIGHT,
            width=1,
            quantity=self._quantity(language, currency_code, self.decimals),
            text=self._texts(language, raw, self.decimals, currency_code),
            raw=raw.tolist(),
        )
        if not np.all(np.isnan(raw)):
            column.min_row, column.max_row = int(np.nanargmin(raw)), int(np.nanargmax(raw))
        return column

    def total(self, language: Language, value: float, *, currency_code: str = "") -> TotalCell:
        """Return the value as a cell of a total."""
        return self.totals(language, [value], currency_code=currency_code)[0]

    def totals(self, language: Language, values: ArrayLike, *, currency_code: str = "") -> list[TotalCell]:
        """Return each value as a cell of a total. A length's shows a digit less than its rows (reference 4.7)."""
        decimals = self._total_decimals
        raw = half_up(self._converted(language, values), decimals)
        texts = self._texts(language, raw, decimals, currency_code)
        return [
            TotalCell(field=self.field, text=text, raw=value, decimals=decimals)
            for text, value in zip(texts, raw.tolist(), strict=True)
        ]

    def line(self, language: Language, value: float, *, name: str = "", currency_code: str = "") -> MapRow:
        """Return the value as a line of a summary, under the measure's own name unless another msgid is given."""
        cell = self.total(language, value, currency_code=currency_code)
        return MapRow(
            name=self._named(language, ", ", name),
            text=cell.text,
            raw=cell.raw,
            quantity=self._quantity(language, currency_code, cell.decimals),
        )

    def rounded(self, language: Language, values: ArrayLike) -> Floats:
        """Return values in the reader's unit, rounded as rows show them."""
        return half_up(self._converted(language, values), self.decimals)

    def sum(self, language: Language, values: ArrayLike) -> float:
        """Return the sum of what the rows show, in this measure's own unit, so that a total is the sum of its rows."""
        return self.summing(language, values)(ALL)

    def summing(self, language: Language, values: ArrayLike) -> Callable[[Rows], float]:
        """Return what gives this sum of some of the rows."""
        rounded = self.rounded(language, values)
        shown = np.where(np.isnan(rounded), 0, rounded)
        unit = self._converted(language, [1.0]).item()
        return lambda rows: float(shown[rows].sum()) / unit

    @property
    def _total_decimals(self) -> int:
        return self.decimals if self.total_decimals is None else self.total_decimals

    def _converted(self, language: Language, values: ArrayLike) -> Floats:
        plain = np.asarray(values, np.float64)
        match self.dimension:
            case "distance":
                return language.units.distance(plain)
            case "speed":
                return language.units.speed(plain)
            case "volume":
                return language.units.volume(plain)
            case _:
                return plain

    def _unit(self, language: Language) -> str:
        units = language.units
        named = {"distance": units.distance_unit, "speed": units.speed_unit, "volume": units.volume_unit, "": ""}
        return language.t(named[self.dimension]) if self.dimension else ""

    def _named(self, language: Language, comma: str, name: str = "") -> str:
        unit = self._unit(language)
        return language.t(name or self.title) + (f"{comma}{unit}" if unit else "")

    def _quantity(self, language: Language, currency_code: str, decimals: int) -> Quantity:
        return Quantity(
            kind=self.kind,
            decimals=decimals,
            unit=self._unit(language),
            currency_code=currency_code,
            seconds=self.kind == Quantity.KIND_DURATION and language.show_seconds,
        )

    def _texts(self, language: Language, values: Floats, decimals: int, currency_code: str) -> list[str]:
        match self.kind:
            case Quantity.KIND_DURATION:
                return language.durations(values)
            case Quantity.KIND_PERCENT:
                return language.percents(values, decimals)
            case Quantity.KIND_MONEY:
                return language.money(values, currency_code)
            case _:
                return language.numbers(values, decimals)


@dataclass(frozen=True, slots=True)
class Series:
    """The values of a measure row by row, and what some rows come to together."""

    measure: Measure
    values: Floats
    whole: Callable[[Rows], float]
    line_name: str = ""  # a msgid, where a summary names the measure otherwise
    currency_code: str = ""

    @classmethod
    def summed(
        cls, language: Language, measure: Measure, values: Floats, *, line_name: str = "", currency_code: str = ""
    ) -> "Series":
        """Return values that come to their sum as shown."""
        return cls(measure, values, measure.summing(language, values), line_name, currency_code)

    def column(self, language: Language) -> Column:
        """Return the column of the values."""
        return self.measure.column(language, self.values, currency_code=self.currency_code)

    def totals(self, language: Language, groups: Sequence[Rows]) -> list[TotalCell]:
        """Return what the rows of each group come to as a cell of its total."""
        wholes = [self.whole(rows) for rows in groups]
        return self.measure.totals(language, wholes, currency_code=self.currency_code)

    def line(self, language: Language) -> MapRow:
        """Return what all rows come to as a line of a summary."""
        whole = self.whole(ALL)
        return self.measure.line(language, whole, name=self.line_name, currency_code=self.currency_code)


@dataclass(frozen=True, slots=True)
class Spots:
    """Where and when something began or ended, row by row: milliseconds UTC, degrees, addresses."""

    time_ms: NDArray[np.int64]
    lat: Floats
    lng: Floats
    addresses: Sequence[str]

    @property
    def places(self) -> Places:
        """The places of all rows."""
        return Places(row=range(len(self.lat)), lat=self.lat.tolist(), lng=self.lng.tolist(), address=self.addresses)


def moment_with_address(language: Language, field: str, titles: tuple[str, str], spots: Spots) -> Column:
    """Return the column "HH:mm - address"; titles are the msgids of the whole and of the address alone."""
    times = language.clock.times(spots.time_ms)
    quantity = Quantity(
        kind=Quantity.KIND_MOMENT_WITH_ADDRESS, pattern=language.clock.pattern, seconds=language.show_seconds
    )
    return Column(
        field=field,
        title=language.t(titles[0]),
        address_title=language.t(titles[1]),
        align=Column.ALIGN_LEFT,
        width=ADDRESS_WIDTH,
        weight=ADDRESS_WEIGHT,
        quantity=quantity,
        text=[f"{time} - {address}" for time, address in zip(times, spots.addresses, strict=True)],
        raw=spots.time_ms.astype(np.float64).tolist(),
        places=spots.places,
    )


def moment(language: Language, field: str, title: str, time_ms: NDArray[np.int64]) -> Column:
    """Return the column of times of day; `title` is a msgid."""
    return Column(
        field=field,
        title=language.t(title),
        align=Column.ALIGN_LEFT,
        width=1,
        quantity=Quantity(kind=Quantity.KIND_MOMENT, pattern=language.clock.pattern, seconds=language.show_seconds),
        text=language.clock.times(time_ms),
        raw=time_ms.astype(np.float64).tolist(),
    )


def address(language: Language, field: str, title: str, spots: Spots) -> Column:
    """Return the column of addresses with their places; `title` is a msgid."""
    return Column(
        field=field,
        title=language.t(title),
        align=Column.ALIGN_LEFT,
        width=ADDRESS_WIDTH,
        weight=ADDRESS_WEIGHT,
        quantity=Quantity(kind=Quantity.KIND_TEXT),
        text=spots.addresses,
        places=spots.places,
    )


def text(language: Language, field: str, title: str, values: Sequence[str]) -> Column:
    """Return a column of plain texts; `title` is a msgid."""
    return Column(
        field=field,
        title=language.t(title),
        align=Column.ALIGN_LEFT,
        width=ADDRESS_WIDTH,
        weight=ADDRESS_WEIGHT,
        quantity=Quantity(kind=Quantity.KIND_TEXT),
        text=values,
    )


def coordinates(language: Language, prefix: str, titles: tuple[str, str], spots: Spots) -> list[Column]:
    """Return the columns of latitude and longitude in degrees; titles are msgids."""
    pairs = ((f"{prefix}lat", titles[0], spots.lat), (f"{prefix}lng", titles[1], spots.lng))
    return [Measure(field, title, decimals=DEGREE_DECIMALS).column(language, values) for field, title, values in pairs]


IN_TOTAL = _("In total:")
SUMMARY = _("Summary")
