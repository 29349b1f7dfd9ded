"""Tables of records on standard output: as wide as the terminal, with a line for each record without a bound."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import NamedTuple

from services.runtime.shown_text import escaped, shown

GAP = "  "
MARGIN = " "
LEAST = 8  # cells of a column whose texts wrap
READABLE = 16  # cells that texts have before the last columns are dropped
AT_LAST = 100
UNBROKEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T :0-9.+Z-]*|[0-9A-Fa-f-]{16,}")  # a date, an id, a hash


class Kind(Enum):
    """Ways in which the values of a column are shown."""

    TEXT = auto()  # short, and wrapped where room lacks
    PROSE = auto()  # of any length, and wrapped where room lacks
    WHOLE = auto()  # never cut and never wrapped: tokens, ids, hashes, dates
    NUMBER = auto()  # whole, and at the right

    @property
    def wraps(self) -> bool:
        """Whether values may take several lines."""
        return self in {Kind.TEXT, Kind.PROSE}


class Column(NamedTuple):
    """Column of a table.

    Where room lacks, columns are dropped in the order of `drop_order`, those of 0 never, those of AT_LAST when texts
    that wrap would be narrower than READABLE.
    """

    title: str
    kind: Kind = Kind.TEXT
    drop_order: int = 0

    def text_of(self, value: object) -> str:
        """Return a value as a cell shows it, None as nothing."""
        if value is None:
            return ""
        return shown(value) if self.kind in {Kind.TEXT, Kind.NUMBER} else escaped(str(value))


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on standard output."""
    for line in table_lines(columns, rows, output_width()):
        print(line)


def output_width() -> int | None:
    """Return the width of the terminal, else that of COLUMNS; None without either."""
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):  # no terminal
        width = 0
    if not width:
        named = os.environ.get("COLUMNS", "")
        width = int(named) if named.isascii() and named.isdecimal() else 0
    return width or None


def table_lines(columns: Sequence[Column], rows: Iterable[Sequence[object]], width: int | None) -> list[str]:
    """Return the lines of a table, its header first, within a width where whole values leave that much room."""
    cells = [[column.title for column in columns]]
    cells += [[column.text_of(value) for column, value in zip(columns, row, strict=True)] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    places = _staying(columns, widths, width)
    columns, cells = [columns[place] for place in places], [[row[place] for place in places] for row in cells]
    widths = _narrowed([widths[place] for place in places], columns, cells, width)
    return [line for row in cells for line in _lines(row, columns, widths)]


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # takes longer to load than the rest

    return cell_len(text)


def _total(widths: Sequence[int]) -> int:
    return len(MARGIN) + sum(widths) + len(GAP) * (len(widths) - 1)


def _staying(columns: Sequence[Column], widths: Sequence[int], width: int | None) -> list[int]:
    """Return the places of the columns that are shown."""
    places = list(range(len(columns)))
    wrapped = [min(one, READABLE) if column.kind.wraps else one for column, one in zip(columns, widths, strict=True)]
    leaving_ones = [place for place in places if columns[place].drop_order]
    for leaving in sorted(leaving_ones, key=lambda place: columns[place].drop_order):
        wanted = wrapped if columns[leaving].drop_order == AT_LAST else widths
        if width is None or _total([wanted[place] for place in places]) <= width:
            break
        places.remove(leaving)
    return places


def _narrowed(
    widths: Sequence[int], columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int | None
) -> list[int]:
    """Return widths within a width: headings over whole values break first, then the widest texts wrap."""
    found = list(widths)
    for wraps in (False, True):
        least = {
            place: _least(cells, place, wraps=wraps) for place, one in enumerate(columns) if one.kind.wraps is wraps
        }
        while width is not None and _total(found) > width:
            wide = [place for place, most in least.items() if found[place] > most]
            if not wide:
                break
            found[max(wide, key=lambda place: found[place])] -= 1
    return found


def _least(cells: Sequence[Sequence[str]], place: int, *, wraps: bool) -> int:
    """Return the least width of a column: that of readable texts, or of whole values and the words of their heading."""
    if wraps:
        return LEAST
    heading, *values = (row[place] for row in cells)
    return max(map(_width, [*heading.split(), *values]), default=0)


def _lines(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> list[str]:
    """Return the lines of a row."""
    blocks = [_wrapped(text, width) for text, width in zip(cells, widths, strict=True)]
    lines = []
    for number in range(max(map(len, blocks))):
        parts = [block[number] if number < len(block) else "" for block in blocks]
        padded = (_padded(text, column.kind, width) for text, column, width in zip(parts, columns, widths, strict=True))
        lines.append((MARGIN + GAP.join(padded)).rstrip())
    return lines


def _padded(text: str, kind: Kind, width: int) -> str:
    blank = " " * (width - _width(text))
    return blank + text if kind is Kind.NUMBER else text + blank


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most a width, broken between words, and within those that are longer."""
    if _width(text) <= width or UNBROKEN.fullmatch(text):
        return [text]
    from rich.cells import chop_cells

    lines = [""]
    for word in text.split():
        first, *rest = chop_cells(word, width) if _width(word) > width else [word]
        joined = f"{lines[-1]} {first}" if lines[-1] else first
        if _width(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(first)
        lines += rest
    return lines
