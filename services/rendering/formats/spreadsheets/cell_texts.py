"""Texts made safe for a cell: no control characters, no more characters than a spreadsheet takes."""

import re
from collections.abc import Iterable

MAX_CELL_UNITS = 32_767  # UTF-16 units, Excel's limit
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_CARRIAGE_RETURN = re.compile(r"\r\n?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # XML 1.0 cannot hold them


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
