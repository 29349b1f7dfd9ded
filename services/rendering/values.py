"""Table of value kinds: how the values of each are written in CSV, in the cells of workbooks and in charts."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from babel.dates import format_datetime
from daybook.report.v1.sheet_pb2 import Column, Quantity

from services.rendering import excel_formats as excel
from services.rendering.wall_clock import DAY_S, WallClock, civil_serials, civil_text, iso_text, reading
from services.runtime.chart_values import UNKNOWN, fixed, span_text, trimmed

MAX_NUMBER = 9.99e307  # of a spreadsheet
MINUTE, HOUR = 60, 3600
ROUND_TIMES = (1, 2, 5, 10, 15, 30, *(MINUTE * n for n in (1, 2, 5, 10, 15, 30)), *(HOUR * n for n in (1, 2, 4, 8)))
BLUR = 1e-9  # of a step: what sums of floats may be off

Numbers = Sequence[float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Time zone and language in which values are shown."""

    clock: WallClock
    locale: str = ""

    @property
    def decimal_symbol(self) -> str:
        """The separator of decimals in the language."""
        return str(excel.known_locale(self.locale).number_symbols["latn"]["decimal"])

    def number(self, plain: str, *, grouped: bool = False) -> str:
        """Return a number, written with a full stop, as the language writes it, its thousands apart where asked."""
        whole, point, decimals = plain.partition(".")
        if grouped:
            group = str(excel.known_locale(self.locale).number_symbols["latn"]["group"])
            whole = f"{int(whole):,}".replace(",", group)
        return f"{whole}{self.decimal_symbol if point else ''}{decimals}"

    def percent(self, plain: str) -> str:
        """Return a percentage, a number written with a full stop, with the sign where the language puts it."""
        pattern = excel.known_locale(self.locale).percent_formats[None]
        return f"{pattern.prefix[0]}{self.number(plain)}{pattern.suffix[0]}"


UTC_READER = Reader(WallClock("UTC"))


def _decimal_steps(least: float, unit: float | None = None) -> Iterator[float]:
    """Yield 1, 2 and 5 times powers of ten, or of ten times `unit`, that are at least `least`."""
    unit = unit or 10.0 ** math.floor(math.log10(least))
    while True:
        yield from (unit * digit for digit in (1, 2, 5) if unit * digit >= least * (1 - BLUR))
        unit *= 10


def _number_steps(quantity: Quantity, least: float) -> Iterator[float]:
    """Yield whole steps for whole numbers."""
    return _decimal_steps(least, 1.0 if not quantity.decimals and least <= 1 else None)


def _clock_steps(_: Quantity, least: float) -> Iterator[float]:
    """Yield seconds that are round on a clock, then tens of hours."""
    return chain((float(step) for step in ROUND_TIMES if step >= least), _decimal_steps(least, HOUR * 10.0))


def moment_text(pattern: str, local_s: float, locale: str) -> str:
    """Return a reading of a clock by a CLDR pattern in a language."""
    if math.isnan(local_s):
        return UNKNOWN
    return format_datetime(reading(local_s), pattern or excel.FULL_MOMENT, locale=excel.known_locale(locale))


def _known(write: Callable[[float], str], raw: Numbers) -> list[str]:
    """Return finite values as texts and unknown ones as empty texts."""
    return [write(value) if math.isfinite(value) else "" for value in raw]


def _plain_tick(value: float, step: float) -> str:
    return fixed(value, max(0, -math.floor(math.log10(step) + BLUR)))


def _tick(_: Quantity, value: float, step: float, to: Reader) -> str:
    return to.number(_plain_tick(value, step))


def _grouped_tick(quantity: Quantity, value: float, step: float, to: Reader) -> str:
    return to.number(_plain_tick(value, step), grouped=quantity.grouped)


def _number_format(quantity: Quantity) -> str:
    """Return the format of numbers: General, which leaves out trailing zeros, where the values have no more digits."""
    if quantity.raw_decimals > quantity.decimals or not quantity.decimals:
        return excel.decimals_format(quantity.decimals)
    return excel.GENERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueKind:
    """Spellings of the values of a kind of quantity."""

    plain_texts: Callable[[Quantity, Numbers, WallClock], list[str]]
    """Values for programs: full stops, ISO moments, no units, empty texts for unknown values."""
    cell_numbers: Callable[[Quantity, Numbers, WallClock], Numbers]
    """Values as a spreadsheet counts them, NaN for those it cannot show."""
    number_format: Callable[[Quantity, str, str], str]
    """The Excel format of `cell_numbers`, from a text of the column, whose form of hours or of money it takes, and the
    locale."""
    chart_text: Callable[[Quantity, float, Reader], str]
    """A finite value as a short text without its unit, but for money and percentages."""
    tick_text: Callable[[Quantity, float, float, Reader], str] = _tick
    """A tick of an axis, from its value and the distance of ticks, with as many digits as tell it from the next."""
    round_steps: Callable[[Quantity, float], Iterator[float]] = lambda _, least: _decimal_steps(least)
    """Round distances of ticks from the least on, ascending, without end."""
    widest_cell: Callable[[Quantity, str], str | None] = lambda _quantity, _locale: None
    """A text as long as the longest that the Excel format shows in a locale, None for the values' own texts."""
    lost_unit: Callable[[Quantity], str] = lambda _: ""
    """Unit or zone that CSV puts into the title because its values do not show it."""
    is_text: bool = False
    has_address: bool = False
    is_moment: bool = False
    lowest_cell: float = -MAX_NUMBER  # the smallest number that a spreadsheet shows in the kind's format
    cell_unit: float = 1.0  # the raw value that a spreadsheet counts as 1
    empty_span: float = 1.0  # the height of an axis for values that are all zero


_TEXT = ValueKind(
    is_text=True,
    plain_texts=lambda _, raw, __: [""] * len(raw),
    cell_numbers=lambda _, raw, __: [math.nan] * len(raw),
    number_format=lambda *_: excel.TEXT,
    chart_text=lambda quantity, value, to: to.number(trimmed(value, quantity.decimals)),
)
_NUMBER = ValueKind(
    plain_texts=lambda quantity, raw, _: _known(lambda value: trimmed(value, quantity.decimals), raw),
    cell_numbers=lambda _, raw, __: raw,
    number_format=lambda quantity, *_: _number_format(quantity),
    chart_text=lambda quantity, value, to: to.number(trimmed(value, quantity.decimals)),
    round_steps=_number_steps,
)
_DURATION = ValueKind(
    plain_texts=lambda _, raw, __: _known(lambda value: span_text(value, seconds_shown=True), raw),
    cell_numbers=lambda _, raw, __: [value / DAY_S for value in raw],
    number_format=lambda quantity, text, _: excel.duration_format(text, seconds=quantity.seconds),
    chart_text=lambda quantity, value, _: span_text(value, seconds_shown=quantity.seconds),
    tick_text=lambda _, value, step, __: span_text(value, seconds_shown=step % MINUTE != 0),
    round_steps=_clock_steps,
    lowest_cell=0.0,  # a negative time shows as ####
    cell_unit=float(DAY_S),
    empty_span=float(HOUR),
)
_HOURS = replace(  # durations shown as decimal hours
    _DURATION,
    plain_texts=lambda quantity, raw, _: _known(lambda value: fixed(value / HOUR, quantity.decimals), raw),
    cell_numbers=lambda _, raw, __: [value / HOUR for value in raw],
    number_format=lambda quantity, *_: excel.decimals_format(quantity.decimals, grouped=quantity.grouped),
    lowest_cell=-MAX_NUMBER,
    chart_text=lambda quantity, value, to: to.number(fixed(value / HOUR, quantity.decimals)),
    tick_text=lambda quantity, value, _, to: to.number(trimmed(value / HOUR, quantity.decimals)),
    cell_unit=float(HOUR),
)
_MOMENT = ValueKind(
    plain_texts=lambda _, raw, clock: ["" if math.isnan(local) else iso_text(local) for local in clock.local_s(raw)],
    cell_numbers=lambda _, raw, clock: clock.serials(raw),
    number_format=lambda quantity, _, locale: excel.moment_format(quantity.pattern or excel.FULL_MOMENT, locale),
    chart_text=lambda quantity, ms, to: moment_text(quantity.pattern, to.clock.local_s([ms])[0], to.locale),
    widest_cell=lambda quantity, locale: excel.widest_moment(quantity.pattern, locale),
    is_moment=True,
    cell_unit=DAY_S * 1000.0,
)
KINDS = {
    Quantity.KIND_UNSPECIFIED: _TEXT,
    Quantity.KIND_TEXT: _TEXT,
    Quantity.KIND_NAME: _TEXT,
    Quantity.KIND_NUMBER: _NUMBER,
    Quantity.KIND_DURATION: _DURATION,
    Quantity.KIND_MOMENT: _MOMENT,
    Quantity.KIND_MOMENT_WITH_ADDRESS: replace(_MOMENT, has_address=True),
    Quantity.KIND_PERCENT: replace(
        _NUMBER,
        cell_numbers=lambda _, raw, __: [value / 100 for value in raw],
        number_format=lambda quantity, *_: excel.decimals_format(quantity.decimals) + "%",
        chart_text=lambda quantity, value, to: to.percent(trimmed(value, quantity.decimals)),
        tick_text=lambda _, value, step, to: to.percent(_plain_tick(value, step)),
        round_steps=lambda _, least: _decimal_steps(least),
        lost_unit=lambda _: "%",
        cell_unit=100.0,
    ),
    Quantity.KIND_MONEY: ValueKind(
        plain_texts=lambda quantity, raw, _: _known(lambda value: fixed(value, quantity.decimals), raw),
        cell_numbers=lambda _, raw, __: raw,
        number_format=lambda quantity, text, _: excel.money_format(
            quantity.currency_code, excel.decimals_format(quantity.decimals, grouped=quantity.grouped), text
        ),
        chart_text=lambda quantity, value, to: (
            f"{to.number(fixed(value, quantity.decimals), grouped=quantity.grouped)} {quantity.currency_code}".strip()
        ),
        tick_text=_grouped_tick,
        lost_unit=lambda quantity: quantity.currency_code,
    ),
    Quantity.KIND_CIVIL: replace(
        _MOMENT,
        plain_texts=lambda quantity, raw, _: [civil_text(value, quantity.pattern) for value in raw],
        cell_numbers=lambda quantity, raw, _: civil_serials(raw, quantity.pattern),
        chart_text=lambda quantity, ms, to: moment_text(quantity.pattern, ms // 1000, to.locale),
    ),
}


def kind_of(quantity: Quantity) -> ValueKind:
    """Return the kind of a quantity; one that is not known is treated as text."""
    if quantity.kind == Quantity.KIND_DURATION and quantity.decimals:
        return _HOURS
    return KINDS.get(quantity.kind, _TEXT)


def chart_text(quantity: Quantity, value: float, reader: Reader = UTC_READER) -> str:
    """Return a value as a short text, an em dash for an unknown one."""
    return kind_of(quantity).chart_text(quantity, value, reader) if math.isfinite(value) else UNKNOWN


def unit_of(quantity: Quantity) -> str:
    """Return the unit of a quantity for titles, the code of its currency for money."""
    return quantity.unit or quantity.currency_code


def by_quantity(column: Column, convert: Callable[[Quantity, Numbers, Sequence[str]], Sequence[T]]) -> Sequence[T]:
    """Return what `convert` makes of the rows of a column; it is called once for each quantity among its cells."""
    own = column.quantities
    if not own.row:
        return convert(column.quantity, column.raw, column.text)
    indices = dict(zip(own.row, own.index, strict=True))
    rows_of: dict[int, list[int]] = {}
    for row in range(len(column.text)):
        rows_of.setdefault(indices.get(row, -1), []).append(row)
    converted: dict[int, T] = {}
    for index, rows in rows_of.items():
        quantity = column.quantity if index < 0 else own.quantities[index]
        raw = [column.raw[row] for row in rows] if column.raw else []
        converted.update(zip(rows, convert(quantity, raw, [column.text[row] for row in rows]), strict=True))
    return [converted[row] for row in range(len(column.text))]
