"""Page breaks of a tab on paper: before charts that the end of a page would cut."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

ROW_POINTS = 15.0  # of a row without a height of its own
TITLE_POINTS = 20.0  # of the row of a chart's title
POINTS_A_PIXEL = 0.75
PAGE_POINTS = (483.0, 730.0)  # high, of A4 on its side and upright within the margins, at full size
PAGE_PIXELS = (1020.0, 690.0)  # wide
COLUMN_PIXELS = (7.0, 5.0)  # of a digit of a column's width, and of its margins
SURE = 0.9  # of a page's height: what programs differ in


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """Place of a chart: its first row and column, the upper end of the row in points, and its size in pixels."""

    row: int
    column: int
    top: float
    width: int
    height: int


@dataclass(slots=True)
class PrintedRows:
    """Height of the rows of a tab so far, and its charts."""

    charts: list[ChartPlace] = field(default_factory=list)
    _beyond: float = 0.0  # points of all rows beyond those of usual ones

    def set_height(self, points: float) -> None:
        """Note the height of a row."""
        self._beyond += points - ROW_POINTS

    def set_heights(self, heights: Iterable[float]) -> None:
        """Note the heights of rows."""
        for points in heights:
            self.set_height(points)

    def fold(self, count: int) -> None:
        """Note that rows are folded away."""
        self._beyond -= count * ROW_POINTS

    def draw(self, row: int, column: int, size: Mapping[str, int]) -> None:
        """Note a chart; its title stands in the row above."""
        self.charts.append(ChartPlace(row, column, row * ROW_POINTS + self._beyond, size["width"], size["height"]))

    def scale(self, widths: Sequence[float], pages_wide: int, *, landscape: bool) -> int:
        """Return the size in percent in which columns, and charts, fit on so many pages side by side."""
        digit, margins = COLUMN_PIXELS
        edges = [0.0, *accumulate(width * digit + margins for width in widths)]
        ends = [edges[min(chart.column, len(widths))] + chart.width for chart in self.charts]
        whole = max([edges[-1], *ends])
        return max(10, min(100, int(100 * pages_wide * PAGE_PIXELS[not landscape] / whole))) if whole else 100

    def breaks(self, scale: int, *, landscape: bool) -> list[int]:
        """Return the rows above which pages end so that no chart is cut.

        Where a page ends by itself is not known to a row: after a break only its first page is sure.
        """
        page, begins, found = SURE * PAGE_POINTS[not landscape] * 100 / scale, 0.0, []
        for chart in self.charts:
            top = max(chart.top - TITLE_POINTS, 0.0)
            if chart.top + chart.height * POINTS_A_PIXEL - begins > page and top > begins:
                found.append(max(chart.row - 1, 1))
                begins = top
        return found
