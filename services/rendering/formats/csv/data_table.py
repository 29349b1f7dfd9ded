"""CSV of one table for programs: its titles, then its texts as they are (reference section 11)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Section, SheetPart

from services.rendering.formats.base import tables_of
from services.rendering.formats.csv.plain_columns import FORMULA_STARTS
from services.rendering.values import kind_of

Line = Sequence[str]


@dataclass(frozen=True, slots=True)
class DataTable:
    """Writer of a table: with every field in quotes or those that need them, lines ended by a line feed.

    With `guarded` a text that a spreadsheet would take for a formula begins with an apostrophe; numbers never do.
    Totals, groups and all but tables are left out.
    """

    quoted: bool = True
    guarded: bool = False

    def pieces(self, parts: Iterable[SheetPart]) -> Iterator[bytes]:
        """Yield the lines of each part, titles before the first line of a table."""
        for part in parts:
            yield "".join(map(self._table, tables_of(part))).encode()

    def _table(self, section: Section) -> str:
        columns = [column for column in section.table.columns if not column.not_in_csv]
        titles = [] if section.continued else [[self._guarded(column.title)] for column in columns]
        return self._written(titles) + self._written([self._texts(column) for column in columns])

    def _texts(self, column: Column) -> Sequence[str]:
        if self.guarded and kind_of(column.quantity).is_text:
            return [self._guarded(text) for text in column.text]
        return list(column.text)

    def _guarded(self, text: str) -> str:
        return "'" + text if self.guarded and text.startswith(FORMULA_STARTS) else text

    def _written(self, columns: Sequence[Sequence[str]]) -> str:
        """Return the lines of columns as text.

        The library leaves a lone carriage return bare, which readers take for a line's end.
        """
        if self.quoted:
            return _quoted(columns)
        lines = list(zip(*columns, strict=True))
        text = _packed(lines, csv.QUOTE_MINIMAL)
        if "\r" not in text:
            return text
        return "".join(_packed([line], _quoting(line)) for line in lines)


def _quoted(columns: Sequence[Sequence[str]]) -> str:
    """Return lines with every field in quotes: the library would look at each character to find what needs them."""
    lines = map('","'.join, zip(*map(_escaped, columns), strict=True))
    return "".join([f'"{line}"\n' for line in lines])


def _escaped(column: Sequence[str]) -> Sequence[str]:
    """Return texts with their quotes doubled."""
    if '"' not in "".join(column):
        return column
    return [text.replace('"', '""') for text in column]


def _quoting(line: Line) -> int:
    return csv.QUOTE_ALL if any("\r" in text for text in line) else csv.QUOTE_MINIMAL


def _packed(lines: Iterable[Line], quoting: int) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows(lines)  # type: ignore[arg-type]  # csv's own
    return text.getvalue()
