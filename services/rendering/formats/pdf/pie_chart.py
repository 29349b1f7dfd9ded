"""Pie chart: a ring of slices, and beside it their names, shares and values."""

import math
from collections.abc import Iterator, Sequence

from daybook.report.v1.sheet_pb2 import Chart

from services.rendering import theme
from services.rendering.charts.chart_data import Slice, slices_of
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.legend import NAME_GAP, PATCH, names_in_lines, patch
from services.rendering.formats.pdf.pages import Page, TextStyle, fill_color, parted
from services.rendering.values import Reader

SIZE = 7.5  # points of type
ROW = 14.0
OUTER, INNER = 62.0, 37.0
BESIDE = 34.0  # points between the ring and its names
COLUMN_GAP = 16.0
NAME_SHARE = 0.6  # of the room beside the ring
WIDEST_NAME = 260.0
QUARTER = math.pi / 2
SEAM = 0.8
SEAMED = 1.5  # percent: slices that would be little more than their seams have none


class PieChart:
    """A pie measured for a page; `height` is its height in points."""

    def __init__(self, document: Document, chart: Chart, room: tuple[float, float], reader: Reader) -> None:
        """Measure the chart for the page's width and the most height there is."""
        self._ink = TextStyle(document.regular, SIZE, theme.INK)
        self._faint = TextStyle(document.regular, SIZE, theme.FAINT_INK)
        self._bold = TextStyle(document.bold, SIZE, theme.INK)
        self._reader = reader
        self._slices = slices_of(chart, reader)
        self._right = room[0] - theme.MARGIN
        widest = (self._right - theme.MARGIN - 2 * OUTER - BESIDE - PATCH - NAME_GAP) * NAME_SHARE
        self._names = names_in_lines([one.name for one in self._slices], min(widest, WIDEST_NAME), self._ink)
        more = max(map(len, self._names), default=1) - 1
        self._row = ROW + more * SIZE * theme.LEADING
        self._shown = min(len(self._slices), max(int(room[1] / self._row), 1))
        self.height = max(2 * OUTER + 4, self._shown * self._row)

    def draw(self, page: Page, top: float) -> None:
        """Draw it from the upper end of its room."""
        middle = self._from_start(theme.MARGIN + OUTER, 0.0), page.height - top - OUTER - 2
        page.draw(*_ring(middle, self._slices))
        self._draw_names(page, top + max(2 * OUTER + 4 - self._shown * self._row, 0.0) / 2)

    def _draw_names(self, page: Page, top: float) -> None:
        rows = [(self._reader.percent(f"{one.share:.1f}"), one.text, one.colour) for one in self._slices[: self._shown]]
        if len(self._slices) > self._shown:
            rows[-1] = ("", "", "")
        left = theme.MARGIN + 2 * OUTER + BESIDE
        begin = left + PATCH + NAME_GAP
        share_width = max((self._faint.width(share) for share, _, _ in rows), default=0.0)
        most = (self._right - begin - share_width) / 2
        texts = [self._bold.clip(text, most) for _, text, _ in rows]
        text_width = max(map(self._bold.width, texts), default=0.0)
        room = self._right - begin - share_width - text_width - 2 * COLUMN_GAP
        names = [[self._ink.clip(line, room) for line in lines] for lines in self._names[: self._shown]]
        if len(self._slices) > self._shown:
            names[-1] = ["…"]
        share_end = (
            begin
            + max((self._ink.width(line) for lines in names for line in lines), default=0.0)
            + COLUMN_GAP
            + share_width
        )
        text_end = share_end + COLUMN_GAP + text_width
        rules_start = self._from_start(left, text_end - left)
        page.rules(
            rules_start,
            rules_start + text_end - left,
            [top + self._row * number for number in range(1, len(rows))],
            theme.RULE,
        )
        for number, (lines, (share, _, colour), text) in enumerate(zip(names, rows, texts, strict=True)):
            base = top + (number + 0.5) * self._row + SIZE * 0.36
            if colour:
                patch(page, self._from_start(left, PATCH), base, colour)
            first = base - (len(lines) - 1) * SIZE * theme.LEADING / 2
            for place, line in enumerate(parted(lines)):
                x = self._from_start(begin, self._ink.width(line))
                page.text(x, first + place * SIZE * theme.LEADING, line, self._ink)
            for end, said, style in ((share_end, share, self._faint), (text_end, text, self._bold)):
                width = style.width(said)
                page.text(self._from_start(end - width, width), base, said, style)

    def _from_start(self, x: float, width: float) -> float:
        """Return where something so wide begins that stands at a place as counted from where lines begin."""
        return theme.MARGIN + self._right - x - width if self._ink.face.right_to_left else x


def _ring(middle: tuple[float, float], slices: Sequence[Slice]) -> Iterator[str]:
    """Yield the operators of a ring, its slices clockwise from the top; a faint one when there is nothing to share."""
    drawn = [one for one in slices if one.share]
    if not drawn:
        yield f"{fill_color(theme.HEAD_FILL)} {_wedge(middle, 0.0, 4 * QUARTER)} f"
        return
    begin, seams, before = 0.0, [], drawn[-1].share
    for one in drawn:
        end = begin + one.share / 100 * 4 * QUARTER
        yield f"{fill_color(one.colour)} {_wedge(middle, begin, end)} f"
        if min(before, one.share) >= SEAMED and len(drawn) > 1:
            seams.append(f"{_point(middle, INNER, begin)} m {_point(middle, OUTER, begin)} l")
        begin, before = end, one.share
    if seams:
        yield f"0 J {SEAM:g} w {fill_color(theme.PAPER).upper()} {' '.join(seams)} S"


def _wedge(middle: tuple[float, float], begin: float, end: float) -> str:
    """Return the path of a part of the ring between two angles, in radians clockwise from the top."""
    outer = " ".join(_arc(middle, OUTER, begin, end))
    inner = " ".join(_arc(middle, INNER, end, begin))
    return f"{_point(middle, OUTER, begin)} m {outer} {_point(middle, INNER, end)} l {inner} h"


def _arc(middle: tuple[float, float], radius: float, begin: float, end: float) -> Iterator[str]:
    """Yield Bezier curves along a circle, each a quarter of it at most."""
    count = max(1, math.ceil(abs(end - begin) / QUARTER))
    turn = (end - begin) / count
    reach = 4 / 3 * math.tan(turn / 4) * radius
    for number in range(count):
        first, last = begin + number * turn, begin + (number + 1) * turn
        yield " ".join(
            (
                _point(middle, radius, first, reach),
                _point(middle, radius, last, -reach),
                _point(middle, radius, last),
                "c",
            )
        )


def _point(middle: tuple[float, float], radius: float, angle: float, along: float = 0.0) -> str:
    """Return a point of a circle, moved along its tangent."""
    sine, cosine = math.sin(angle), math.cos(angle)
    return f"{middle[0] + radius * sine + along * cosine:.2f} {middle[1] + radius * cosine - along * sine:.2f}"
