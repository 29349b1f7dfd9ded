"""Measures of texts: widths in digits, as spreadsheets count them, and lines of a wrapped cell."""

import math
from collections.abc import Sequence

from services.rendering.formats.hyphenation import title_lines, widest_fragment
from services.rendering.formats.spreadsheets.advance_widths import width_in_digits

LINE_POINTS = 13.0
MAX_POINTS = 400.0  # Excel's limit is 409
PADDING = 3.4
DIGIT_PIXELS = 7.0  # of a column's width
TYPE_PIXELS = 7.41  # of a digit of 10 points
CELL_MARGINS = 8.0  # pixels that an indent and the edges take of a cell beyond the column's own
SPACE = 0.5  # digits of a space
SLACK = 1.04  # what programs differ in
ROUNDING = 0.05  # of widths
WIDEST = 2.1  # digits of the widest letter, with slack
MIN_WIDTH = 8.0
MAX_WIDTH = 42.0  # of texts that wrap
HEAD_LINES = 2
LONGEST_HEAD = 16.0  # digits that a line of a title asks for at most
WHOLE_WORD = 12.0  # digits of a word in a title that is not broken
PAGE_DIGITS = 152.0  # of columns that a page holds at 7 points, of 10
BOLD = 1.1  # times the width of plain letters


def digits_of(texts: Sequence[str]) -> float:
    """Return how many digits the widest text takes on one line."""
    return max(map(width_in_digits, set(texts)), default=0.0)


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
        longest = max(texts, key=len, default="")
        content = min(width_in_digits(longest), MAX_WIDTH)
        content = content if content == MAX_WIDTH else min(digits_of(texts), MAX_WIDTH)
    else:
        content = digits_of(texts)
    width = min(max(words, lines, content, MIN_WIDTH), 100.0) + PADDING
    return max(width, _width_of_line(content)) if wraps and content < MAX_WIDTH else width


def _width_of_line(digits: float) -> float:
    """Return the width of a column in which a text of so many digits takes one line."""
    return (digits * TYPE_PIXELS * SLACK + CELL_MARGINS) / DIGIT_PIXELS + ROUNDING


def heading_digits(text: str) -> float:
    """Return how many digits a piece of a heading takes, which is bold."""
    return width_in_digits(text) * BOLD


def heading(title: str, short: str, width: float, locale: str | None) -> str:
    """Return a title for a column of this width: as it is, else in its short form, or broken by hand within words."""
    room = max(width - PADDING, MIN_WIDTH)
    if locale is None or all(heading_digits(word) <= room for word in title.split()):
        return title
    return "\n".join(title_lines((title, short), locale, room, heading_digits))


def lines_of(text: str, width: float, *, scale: float = 1.0) -> int:
    """Return how many lines a text takes in a column of this width, at least 1; bold or larger type has a scale."""
    room = max((width * DIGIT_PIXELS - CELL_MARGINS) / TYPE_PIXELS / SLACK / scale, 1.0)
    return sum(_lines(line, room) for line in text.split("\n"))


def _lines(line: str, room: float) -> int:
    """Return the lines of words that are set one after the other; a word wider than the room is broken."""
    lines, used = 1, 0.0
    for word in line.split(" "):
        taken = width_in_digits(word)
        if used and used + SPACE + taken <= room:
            used += SPACE + taken
            continue
        lines += int(used > 0)
        broken = math.ceil(taken / room) - 1 if taken > room else 0
        lines, used = lines + broken, taken - broken * room
    return lines


def height_of(lines: int, *, padding: float = 0.0) -> float:
    """Return the height in points of a row with so many lines."""
    return min(lines * LINE_POINTS + padding, MAX_POINTS)


def pages_wide(widths: Sequence[float]) -> int:
    """Return over how many pages side by side columns are printed, so that their type stays readable."""
    return max(math.ceil(sum(widths) / PAGE_DIGITS), 1)


def tall_rows(texts: Sequence[str], width: float) -> dict[int, int]:
    """Return the lines of those texts that take more than one, by their index."""
    short = width / WIDEST
    known: dict[str, int] = {}
    found = {}
    for index, text in enumerate(texts):
        if len(text) <= short and "\n" not in text:
            continue
        lines = known.get(text)
        if lines is None:
            lines = known[text] = lines_of(text, width)
        if lines > 1:
            found[index] = lines
    return found
