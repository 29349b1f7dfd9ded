"""Page breaks of a tab on paper: before charts that the end of a page would cut."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

ROW_POINTS = 15.0  # of a row without a height of its own
POINTS_A_PIXEL = 0.75
PAGE_POINTS = (483.0, 730.0)  # high, of A4 on its side and upright within the margins, at full size
PAGE_PIXELS = (1020.0, 690.0)  # wide
COLUMN_PIXELS = (7.0, 5.0)  # of a digit of a column's width, and of its margins
SURE = 0.9  # of a page's height: what programs differ in


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """Place of a chart: its first row and column, width and height in pixels; its title stands in the row above."""

    row: int
    column: int
    width: int
    height: int


@dataclass(slots=True)
class PrintedRows:
    """Heights of the rows of a tab, and its charts."""

    charts: list[ChartPlace] = field(default_factory=list)
    _deltas: dict[int, float] = field(default_factory=dict)  # of rows that are no usual ones, to the usual height

    def set_height(self, row: int, points: float) -> None:
        """Note the height of a row."""
        self._deltas[row] = points - ROW_POINTS

    def set_heights(self, heights: Mapping[int, float]) -> None:
        """Note the heights of rows."""
        self._deltas.update((row, points - ROW_POINTS) for row, points in heights.items())

    def fold(self, first: int, count: int) -> None:
        """Note that rows are folded away."""
        self._deltas.update(dict.fromkeys(range(first, first + count), -ROW_POINTS))

    def scale(self, widths: Sequence[float], pages_wide: int, *, landscape: bool) -> int:
        """Return the size in percent in which columns, and charts, fit on so many pages side by side."""
        digit, margins = COLUMN_PIXELS
        edges = [0.0, *accumulate(width * digit + margins for width in widths)]
        ends = [edges[min(chart.column, len(widths))] + chart.width for chart in self.charts]
        whole = max([edges[-1], *ends])
        return max(10, min(100, int(100 * pages_wide * PAGE_PIXELS[not landscape] / whole))) if whole else 100

    def breaks(self, scale: int, *, landscape: bool) -> list[int]:
        """Return the rows above which pages end so that no chart is cut."""
        return list(self._breaks(SURE * PAGE_POINTS[not landscape] * 100 / scale))

    def _breaks(self, page: float) -> Iterator[int]:
        rows = sorted(self._deltas)
        sums = [0.0, *accumulate(self._deltas[row] for row in rows)]

        def top_of(row: int) -> float:
            return row * ROW_POINTS + sums[bisect_left(rows, row)]

        begins = 0.0
        for chart in sorted(self.charts, key=lambda one: one.row):
            title_row = max(chart.row - 1, 0)
            top, bottom = top_of(title_row), top_of(chart.row) + chart.height * POINTS_A_PIXEL
            if bottom - begins > page and top > begins:  # where a page ends by itself is not known to a row
                yield title_row
                begins = top
