"""Tab of all rows of a report: a header in row 1, a record a row, for filters and pivot tables."""

import math
from collections.abc import Sequence
from functools import cache

from daybook.report.v1.sheet_pb2 import Quantity

from services.rendering.all_rows.collector import GROUP, RowCollector
from services.rendering.all_rows.fields import Field, Value
from services.rendering.all_rows.row_spool import Batch
from services.rendering.excel_formats import TEXT, moment_format
from services.rendering.formats.spreadsheets.cell_values import CellValue, TabNames, cell_text, cell_texts, day_number
from services.rendering.formats.spreadsheets.text_measures import column_width, pages_wide
from services.rendering.formats.spreadsheets.workbook import Tab, TabSetup, Workbook
from services.rendering.theme import CellStyle, StyleRole
from services.rendering.values import MAX_NUMBER, Reader, kind_of
from services.rendering.wall_clock import WallClock, date_part

HEAD_POINTS = 34.0
ISO_DATE = "yyyy-MM-dd"


class DataTab:
    """Writer of the rows, over as many tabs as they need; each begins with the header.

    Columns with names of sheets have room for all of these.
    """

    def __init__(
        self, book: Workbook, names: TabNames, title: str, rows: RowCollector, sheet_headers: Sequence[str] = ()
    ) -> None:
        self._book, self._names, self._title, self._rows = book, names, title, rows
        self._sheet_headers = sheet_headers

    def write(self, locale: str) -> list[Tab]:
        """Write all rows and return the tabs."""
        fields = self._rows.fields[: self._book.max_columns]
        heads = _heads(fields)
        styles = [_style(field, _date_pattern(fields), locale) for field in fields]
        tabs, widths, row = [self._open(heads)], [column_width(head, [], wraps=False) for head in heads], 1
        clock_of = cache(WallClock)
        for batch in self._rows.batches():
            reader = Reader(clock_of(batch.time_zone), locale)
            columns, done = _cells(fields, batch, reader), 0
            if len(tabs) == 1 and row == 1:
                widths = _widths(fields, heads, batch, (locale, self._sheet_headers))
            while done < batch.row_count:
                if row == self._book.max_rows:
                    self._close(tabs[-1], heads, widths, row)
                    tabs.append(self._open(heads))
                    row = 1
                last = done + self._book.max_rows - row
                row = tabs[-1].write_columns(row, [column[done:last] for column in columns], styles)
                done = last
        self._close(tabs[-1], heads, widths, row)
        return tabs

    def _open(self, heads: Sequence[str]) -> Tab:
        tab = self._book.add_tab(self._names.take(self._title))
        for place, head in enumerate(heads):
            tab.write(0, place, head, CellStyle(StyleRole.HEAD, TEXT))
        tab.height(0, HEAD_POINTS)
        return tab

    @staticmethod
    def _close(tab: Tab, heads: Sequence[str], widths: Sequence[float], rows: int) -> None:
        if rows > 1:
            tab.make_table(heads, rows)
        tab.finish(TabSetup(widths, frozen_rows=1, repeated_rows=(0, 0), pages_wide=pages_wide(widths)))


def _heads(fields: Sequence[Field]) -> list[str]:
    """Return the titles of the columns, a number behind those that occur twice, whatever their case."""
    taken: set[str] = set()
    heads = []
    for field in fields:
        head, number = cell_text(field.title) or field.name, 1
        while head.casefold() in taken:
            number += 1
            head = f"{cell_text(field.title)} ({number})"
        taken.add(head.casefold())
        heads.append(head)
    return heads


def _date_pattern(fields: Sequence[Field]) -> str:
    """Return the form of dates in the report's moments."""
    patterns = (date_part(field.quantity.pattern) for field in fields if kind_of(field.quantity).is_moment)
    return next(filter(None, patterns), ISO_DATE)


def _style(field: Field, date_pattern: str, locale: str) -> CellStyle:
    quantity, kind = field.quantity, kind_of(field.quantity)
    if field.name == GROUP:
        return CellStyle(StyleRole.DATA, moment_format(date_pattern, locale))
    align = "left" if kind.is_text or kind.is_moment else "right"
    return CellStyle(StyleRole.DATA, kind.number_format(quantity, "", locale), align)


def _cells(fields: Sequence[Field], batch: Batch, reader: Reader) -> list[Sequence[CellValue]]:
    return [
        _groups(values) if field.name == GROUP else _column(field.quantity, values, reader)
        for field, values in zip(fields, batch.columns, strict=True)
    ]


def _groups(values: Sequence[Value]) -> Sequence[CellValue]:
    """Return the names of groups, days as dates."""
    texts = [value if isinstance(value, str) else "" for value in values]
    known = {text: _day_or(text) for text in set(texts)}
    return [known[text] for text in texts]


def _day_or(text: str) -> CellValue:
    try:
        return day_number(text) if len(text) == len(ISO_DATE) else cell_text(text)
    except ValueError:
        return cell_text(text)


def _column(quantity: Quantity, values: Sequence[Value], reader: Reader) -> Sequence[CellValue]:
    kind = kind_of(quantity)
    if kind.is_text:
        return cell_texts([value if isinstance(value, str) else "" for value in values])
    raw = [value if isinstance(value, float) else math.nan for value in values]
    numbers = kind.cell_numbers(quantity, raw, reader.clock)
    return [number if kind.lowest_cell <= number <= MAX_NUMBER else "" for number in numbers]


def _widths(
    fields: Sequence[Field], heads: Sequence[str], batch: Batch, known: tuple[str, Sequence[str]]
) -> list[float]:
    """Return widths for the first rows, which stand for all; known are the locale and the names of all sheets."""
    locale, names = known
    widths = []
    for field, head, values in zip(fields, heads, batch.columns, strict=True):
        kind = kind_of(field.quantity)
        if kind.is_text:
            shown = [value for value in values if isinstance(value, str)]
            shown += [] if set(names).isdisjoint(shown) else names
        else:
            shown = [kind.widest_cell(field.quantity, locale) or "0000000.00"]
        widths.append(column_width(head, shown, wraps=False))
    return widths
