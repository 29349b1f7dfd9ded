"""Sums of a sheet's rows by day, and the chart of those of its main quantity."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from babel.dates import format_skeleton
from daybook.report.v1.sheet_pb2 import Chart, Column, Quantity, Table

from services.rendering.excel_formats import known_locale
from services.rendering.values import Reader, chart_text, kind_of
from services.rendering.wall_clock import DAY_S

MOST_DAYS = 62  # of a period whose bars are days; of a longer one they are weeks
WEEK = 7
EPOCH = dt.date(1970, 1, 1)
COUNTED = (Quantity.KIND_NUMBER, Quantity.KIND_DURATION)
EXACT, ROUNDED = 0.06, 0.005  # what a total may differ from its rows: by group, and of the whole


@dataclass(slots=True)
class _Sum:
    """A column added up: by day, over all rows, and as its totals say."""

    column: Column
    by_day: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    rows: float = 0.0
    totals: float = 0.0
    total_count: int = 0

    @property
    def is_sum(self) -> bool:
        """Return whether the totals of the column are the sums of its rows."""
        slack = EXACT * self.total_count + ROUNDED * abs(self.totals)
        return self.total_count > 0 and self.rows > 0 and abs(self.rows - self.totals) <= slack


class DaySums:
    """Sums of the numbers of a sheet's tables with the columns of the first that has moments."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._fields: list[str] = []
        self._sums: dict[str, _Sum] = {}

    def add(self, table: Table) -> None:
        """Add the rows of a table, or of a part of one."""
        moments = next((column for column in table.columns if column.raw and kind_of(column.quantity).is_moment), None)
        fields = [column.field for column in table.columns]
        if moments is None or (self._fields and fields != self._fields):
            return
        self._fields = fields
        days = [day // DAY_S for day in self._local_s(moments)]
        for column in table.columns:
            if column.quantity.kind in COUNTED and column.raw and not column.quantities.row:
                self._add(column, days)
        for cell in (cell for group in table.groups for cell in group.total.cells):
            if cell.field in self._sums and math.isfinite(cell.raw):
                self._sums[cell.field].totals += cell.raw
                self._sums[cell.field].total_count += 1

    def chart(self, first: dt.date, last: dt.date, pattern: str) -> Chart | None:
        """Return the main quantity by day, or by week; None without one, or for a single day.

        `pattern` has {name} for the quantity and is that of days or of weeks.
        """
        main = next((one for one in self._sums.values() if one.is_sum), None)
        if main is None or first >= last:
            return None
        step = 1 if (last - first).days < MOST_DAYS else WEEK
        starts = [*_starts(first, last, step)]
        values = [_sum(main.by_day, start, step) for start in starts]
        largest = values.index(max(values))
        quantity = main.column.quantity
        locale = known_locale(self._reader.locale)
        chart = Chart(
            header=pattern.replace("{name}", main.column.title.partition(",")[0]),
            kind=Chart.KIND_SIMPLE_BAR,
            categories=[format_skeleton("MMMd", start, locale=locale) for start in starts],
            quantity=quantity,
            labels=[
                chart_text(quantity, value, self._reader) if at == largest else "" for at, value in enumerate(values)
            ],
        )
        chart.series.add(field=main.column.field, values=values)
        return chart

    def _local_s(self, column: Column) -> list[float]:
        if column.quantity.kind == Quantity.KIND_CIVIL:
            return [value / 1000 for value in column.raw]
        return self._reader.clock.local_s(column.raw)

    def _add(self, column: Column, days: list[float]) -> None:
        found = self._sums.get(column.field)
        if found is None:
            kept = Column(field=column.field, title=column.title, quantity=column.quantity)
            found = self._sums[column.field] = _Sum(kept)
        by_day = found.by_day
        for day, value in zip(days, column.raw, strict=True):
            if value == value and day == day:  # noqa: PLR0124  both are known
                by_day[int(day)] += value
                found.rows += value


def is_by_week(first: dt.date, last: dt.date) -> bool:
    """Return whether the bars of a period are weeks."""
    return (last - first).days >= MOST_DAYS


def _starts(first: dt.date, last: dt.date, step: int) -> Iterator[dt.date]:
    start = first - dt.timedelta(days=first.weekday()) if step == WEEK else first
    while start <= last:
        yield start
        start += dt.timedelta(days=step)


def _sum(by_day: Mapping[int, float], start: dt.date, step: int) -> float:
    begin = (start - EPOCH).days
    return math.fsum(by_day.get(day, 0.0) for day in range(begin, begin + step))
