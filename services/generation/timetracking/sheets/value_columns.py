"""Columns of sheets over time entries, and their totals."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Quantity, Total, TotalCell
from numpy.typing import NDArray

from services.generation.timetracking.sheets.report_context import ReportContext
from services.generation.timetracking.sheets.value_format import DAY_S, Calendar, ValueFormat, money_quantity
from services.generation.words.catalogue import mark as _
from services.runtime.currencies import decimals_of

Which = Literal["date", "time"]
TEXT_WIDTH, TEXT_WEIGHT = 4, 3


def text(field: str, title: str, values: Iterable[str]) -> Column:
    """Return a column of texts."""
    return Column(
        field=field,
        title=title,
        align=Column.ALIGN_LEFT,
        width=TEXT_WIDTH,
        weight=TEXT_WEIGHT,
        quantity=Quantity(kind=Quantity.KIND_TEXT),
        text=values,
    )


def duration(value_format: ValueFormat, field: str, title: str, seconds: Sequence[int]) -> Column:
    """Return a column of durations in seconds."""
    return numbers(field, title, value_format.time, value_format.durations(seconds), [float(one) for one in seconds])


def money(value_format: ValueFormat, field: str, title: str, cents: Sequence[int | None], currency: str) -> Column:
    """Return a column of sums in one currency, empty where there is none; a currency of "" stands for several."""
    raw = [math.nan if number is None else number / 100 for number in cents]
    return numbers(field, title, money_quantity(currency), value_format.amounts(cents, currency), raw)


def prices(field: str, title: str, texts: Iterable[str]) -> Column:
    """Return a column of sums with their currencies, as texts."""
    return numbers(field, title, Quantity(kind=Quantity.KIND_TEXT), texts, ())


def moment(
    calendar: Calendar, which: Which, head: tuple[str, str], wall_s: NDArray[np.int64], cells: Calendar | None = None
) -> Column:
    """Return a column of dates or of times of day; `head` is its field and title, times are of wall clocks.

    `cells` is the format of a spreadsheet's cells, by default that of the texts.
    """
    shown = cells or calendar
    is_date = which == "date"
    raw = wall_s - wall_s % DAY_S if is_date else wall_s % DAY_S
    return Column(
        field=head[0],
        title=head[1],
        align=Column.ALIGN_LEFT,
        width=1,
        quantity=Quantity(kind=Quantity.KIND_CIVIL, pattern=shown.date if is_date else shown.time),
        text=calendar.days(wall_s) if is_date else calendar.times(wall_s),
        raw=(1000.0 * raw).tolist(),
    )


def total_duration(value_format: ValueFormat, field: str, seconds: int) -> TotalCell:
    """Return the total of a column of durations."""
    return TotalCell(
        field=field, text=value_format.durations([seconds])[0], raw=seconds, decimals=value_format.time.decimals
    )


def total_money(value_format: ValueFormat, field: str, cents: int, currency: str = "") -> TotalCell:
    """Return the total of a column of amounts."""
    (text,) = value_format.amounts([cents], currency)
    return TotalCell(field=field, text=text, raw=cents / 100, decimals=decimals_of(currency))


def total_number(field: str, number: int) -> TotalCell:
    """Return the total of a column of whole numbers."""
    return TotalCell(field=field, text=str(number), raw=number)


def total_prices(field: str, priced: str) -> TotalCell:
    """Return the total of a column of amounts with their currencies."""
    return TotalCell(field=field, text=priced, raw=math.nan)


def numbers(field: str, title: str, quantity: Quantity, texts: Iterable[str], raw: Sequence[float]) -> Column:
    """Return a column of numbers, NaN where there is none, with their texts."""
    return Column(field=field, title=title, align=Column.ALIGN_RIGHT, width=1, quantity=quantity, text=texts, raw=raw)


TOTAL = _("Total")


class Sum(Protocol):
    """Seconds, and cents by currency."""

    @property
    def seconds(self) -> int:
        """All seconds."""

    @property
    def amounts(self) -> Mapping[str, int]:
        """Cents by currency."""


def data_total(context: ReportContext, value_format: ValueFormat) -> Total:
    """Return the total of all rows for programs: amounts in a column for each currency."""
    totals = context.totals
    cells = [total_duration(value_format, "duration", totals.seconds)]
    cells.extend(
        total_money(value_format, f"amount_{currency}", totals.amounts.get(currency, 0), currency)
        for currency in context.currencies
    )
    return Total(text=TOTAL, cells=cells)


def paper_total(context: ReportContext, value_format: ValueFormat, text: str, whole: Sum) -> Total:
    """Return the total of rows for people: amounts with their currencies in a column, unless they are hidden."""
    cells = [total_duration(value_format, "duration", whole.seconds)]
    if not context.query.hide_amounts:
        cells.append(total_prices("amount", value_format.priced(whole.amounts)))
    return Total(text=context.t(text), cells=cells)
