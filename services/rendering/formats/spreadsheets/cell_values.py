"""Contents of cells and names of tabs within the limits of spreadsheets."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from daybook.report.v1.sheet_pb2 import Quantity

from services.rendering.values import MAX_NUMBER, kind_of
from services.rendering.wall_clock import WallClock

MAX_CELL_UNITS = 32_767  # UTF-16 units, Excel's limit
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MAX_TAB_UNITS = 31
FIRST_DAY = date(1899, 12, 30)  # 0 in the cells of a workbook
RESERVED = frozenset({"history"})

_CARRIAGE_RETURN = re.compile(r"\r\n?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # XML 1.0 cannot hold them
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

CellValue = str | float


def clean(text: str) -> str:
    """Return the text with line ends as a line feed and each other control character as a space."""
    if text.isprintable():
        return text
    return _CONTROL.sub(" ", _CARRIAGE_RETURN.sub("\n", text))


def cut(text: str, max_units: int = MAX_CELL_UNITS) -> str:
    """Return the text, ended by an ellipsis where it would be longer than `max_units` UTF-16 units."""
    if len(text) * 2 <= max_units:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= max_units * 2:
        return text
    return units[: (max_units - 1) * 2].decode("utf-16-le", errors="ignore") + ELLIPSIS


def cell_text(text: str) -> str:
    """Return the text as a cell can hold it."""
    return cut(clean(text))


def cell_texts(texts: Iterable[str]) -> list[str]:
    """Return the texts as cells can hold them; a column of ordinary ones costs next to nothing."""
    column = list(texts)
    if "".join(column).isprintable() and max(map(len, column), default=0) * 2 <= MAX_CELL_UNITS:
        return column
    return [cell_text(text) for text in column]


def one_line(text: str) -> str:
    """Return the text with line breaks as spaces."""
    return clean(text).replace("\n", " ")


def cell_values(
    quantity: Quantity, raw: Sequence[float], texts: Sequence[str], clock: WallClock
) -> Sequence[CellValue]:
    """Return a number for each raw value, or the text where there is no number that a spreadsheet can show."""
    kind = kind_of(quantity)
    if kind.is_text or len(raw) != len(texts):
        return cell_texts(texts)
    lowest, numbers = kind.lowest_cell, kind.cell_numbers(quantity, raw, clock)
    return [
        number if lowest <= number <= MAX_NUMBER else cell_text(text)
        for number, text in zip(numbers, texts, strict=True)
    ]


def cell_value(quantity: Quantity, raw: float, text: str, clock: WallClock) -> CellValue:
    """Return the content of a single cell."""
    return cell_values(quantity, [raw], [text], clock)[0]


def day_number(iso_date: str) -> float:
    """Return a day as a spreadsheet counts it. Raises ValueError."""
    return float((date.fromisoformat(iso_date) - FIRST_DAY).days)


def quoted(tab_name: str) -> str:
    """Return the name of a tab as it stands in references."""
    return "'" + tab_name.replace("'", "''") + "'"


class TabNames:
    """Hands out names that are valid and, upper and lower case taken for the same, unique."""

    def __init__(self) -> None:
        self._taken = set(RESERVED)
        self.first = ""

    def take(self, wish: str) -> str:
        """Return the wish as a name that is free: forbidden characters blank, cut, numbered where it is taken."""
        base = _FORBIDDEN.sub(" ", one_line(wish)).strip(" '") or "-"
        name, number = cut(base, MAX_TAB_UNITS).strip(" '"), 1
        while name.casefold() in self._taken:
            number += 1
            ending = f" ({number})"
            name = cut(base, MAX_TAB_UNITS - len(ending)) + ending
        self._taken.add(name.casefold())
        self.first = self.first or name
        return name
