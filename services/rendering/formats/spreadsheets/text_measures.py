"""Measures of texts: widths in digits, as spreadsheets count them, and lines of a wrapped cell."""

import re
from collections.abc import Sequence

from services.rendering.formats.hyphenation import heading_lines, widest_fragment

LINE_POINTS = 13.0
MAX_POINTS = 400.0  # Excel's limit is 409
PADDING = 2.8
MIN_WIDTH = 8.0
MAX_WIDTH = 42.0  # of texts that wrap
HEAD_LINES = 2
LONGEST_HEAD = 16.0  # digits that a line of a title asks for at most
WHOLE_WORD = 12.0  # digits of a word in a title that is not broken
BOLD = 1.15  # times the width of plain letters

_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60\U0001f000-\U0003ffff]")
_BROAD = re.compile("[mwA-ZÀ-Þ\u0401-\u042f\u0436\u043c\u0444\u0448\u0449\u044b\u044e]")


def letters_per_digit(text: str) -> float:
    """Return how many letters of a text fit in the room of one digit on average: Latin is narrow, Han wide."""
    if text.isascii():
        return 1.2
    return 0.55 if _WIDE.search(text) else 1.05


def digits_of(texts: Sequence[str]) -> float:
    """Return how many digits take at least the room of the longest text on one line."""
    together = "".join(texts)
    if _BROAD.search(together) is None and _WIDE.search(together) is None:
        return max(map(len, texts), default=0)
    return max(len(text) + len(_BROAD.findall(text)) / 2 + len(_WIDE.findall(text)) for text in texts)


def column_width(title: str, texts: Sequence[str], *, wraps: bool, locale: str | None = None) -> float:
    """Return a good width for a title, wrapped to a few lines, over texts; those that wrap need not fit on one line.

    Long words of a title may be broken where the language of a locale allows it; without one they are whole.
    """
    words = max(map(heading_digits, title.split()), default=0)
    if locale is not None:
        words = min(words, max(widest_fragment(title, locale, heading_digits), WHOLE_WORD))
    lines = max((len(line) / HEAD_LINES for line in title.splitlines()), default=0)
    lines = min(lines, LONGEST_HEAD)
    if wraps:
        content = min(max(map(len, texts), default=0) / letters_per_digit("".join(texts)), MAX_WIDTH)
    else:
        content = digits_of(texts)
    return min(max(words, lines, content, MIN_WIDTH), 100.0) + PADDING


def heading_digits(text: str) -> float:
    """Return how many digits a piece of a heading takes, which is bold."""
    return len(text) / letters_per_digit(text) * BOLD


def heading(title: str, width: float, locale: str | None) -> str:
    """Return a title for a column of this width: broken by hand where a word of it is too wide, else as it is."""
    room = max(width - PADDING, MIN_WIDTH)
    if locale is None or all(heading_digits(word) <= room for word in title.split()):
        return title
    return "\n".join(heading_lines(title, locale, room, heading_digits))


def lines_of(text: str, width: float) -> int:
    """Return about how many lines a text takes in a column of this width, at least 1."""
    room = max((width - PADDING * 0.6) * letters_per_digit(text), 1)
    return sum(max(-int(-len(line) // room), 1) for line in text.split("\n"))


def height_of(lines: int, *, padding: float = 0.0) -> float:
    """Return the height in points of a row with so many lines."""
    return min(lines * LINE_POINTS + padding, MAX_POINTS)


def tall_rows(texts: Sequence[str], width: float) -> dict[int, int]:
    """Return the lines of those texts that take more than one, by their index."""
    together = "".join(texts)
    room = (width - PADDING * 0.6) * letters_per_digit(together)
    if "\n" in together:
        return {index: lines for index, text in enumerate(texts) if (lines := lines_of(text, width)) > 1}
    return {index: -int(-length // room) for index, length in enumerate(map(len, texts)) if length > room}
