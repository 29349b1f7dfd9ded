"""Port of the libraries that write workbooks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from services.rendering.formats.spreadsheets.cell_values import CellValue
from services.rendering.theme import CellStyle


@dataclass(frozen=True, slots=True)
class TabSetup:
    """View and print settings of a tab: widths in digits, rows that stay in sight, rows (first, last) on each page."""

    widths: Sequence[float]
    frozen_rows: int = 0
    repeated_rows: tuple[int, int] | None = None
    landscape: bool = True
    pages_wide: int = 1


@dataclass(frozen=True, slots=True)
class RowExceptions:
    """Exceptions by row of the tab: styles of all its cells where some differ from their columns, heights in points.

    With `folded` all rows are folded away, where the library can; `level` is theirs in the outline, 0 for none.
    """

    styles: Mapping[int, Sequence[CellStyle]] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    folded: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class NativeChart:
    """A chart of numbers on the tab: names in column 0 from `first_row` on, a series in each column after.

    The series' names are in the row above. `values` are the numbers as written, `step` is the distance of ticks in
    them, `colours` are those of the series, or of the slices of a pie. `said` is the chart in words.
    """

    header: str
    said: str
    is_pie: bool
    first_row: int
    names: Sequence[str]
    series: Sequence[str]
    values: Sequence[Sequence[CellValue]]
    colours: Sequence[str]
    number_format: str
    step: float


class LineLook(Enum):
    """Ways to draw the points of a series."""

    LINE = auto()
    DASHES = auto()
    BAND = auto()
    DOTS = auto()
    MARKS = auto()


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """Axis of a chart in the numbers of the tab; without a number format it has no texts, `step` 0 is a free choice."""

    title: str
    low: float | None = None
    high: float | None = None
    step: float = 0.0
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class NativeSeries:
    """A series over rows of the tab: x in column 1, values in column 2; an empty row parts them."""

    name: str
    first_row: int
    last_row: int
    colour: str
    look: LineLook
    axis: int = 0
    labels: Sequence[str] = ()
    in_legend: bool = True


@dataclass(frozen=True, slots=True)
class NativeLines:
    """A chart of points by x; the second of `y_axes`, if any, stands on the right. `said` is the chart in words."""

    header: str
    said: str
    x_axis: ValueAxis
    y_axes: Sequence[ValueAxis]
    series: Sequence[NativeSeries]


class Tab(Protocol):
    """A tab. Rows and columns count from 0; cells are written row by row, each once, and from left to right."""

    def write(self, row: int, column: int, value: CellValue, style: CellStyle) -> None:
        """Write one cell: a text as text, a float as a number."""

    def write_rows(
        self, row: int, rows: Iterable[Sequence[CellValue]], styles: Sequence[CellStyle], exceptions: RowExceptions
    ) -> int:
        """Write rows of cells from `row` on and return the next free row."""

    def write_columns(self, row: int, columns: Sequence[Sequence[CellValue]], styles: Sequence[CellStyle]) -> int:
        """Write rows, none of which is an exception, by their columns, of which there is one; return the next row."""

    def fill(self, row: int, first: int, last: int, style: CellStyle) -> None:
        """Give empty cells of a row, up to and with `last`, a style."""

    def merge(self, row: int, first: int, last: int, text: str, style: CellStyle) -> None:
        """Write a text over several cells of a row."""

    def link(self, row: int, column: int, text: str, tab_name: str) -> None:
        """Write a text that leads to another tab, where the library can."""

    def point(self, row: int, column: int, tab_name: str) -> None:
        """Let a text that is written lead to another tab, where the library can."""

    def make_table(self, heads: Sequence[str], row_count: int) -> None:
        """Make the first rows, the titles of columns among them, a table with a filter, where the library can."""

    def filter_rows(self, column_count: int, row_count: int) -> None:
        """Give the first rows, the titles of columns among them, a filter, where the library can."""

    def height(self, row: int, points: float) -> None:
        """Set the height of a row that holds cells already and is still the last one."""

    def draw(self, chart: NativeChart) -> int:
        """Draw a chart beside its numbers, where the library can; return the row below it."""

    def draw_lines(self, row: int, plot: NativeLines) -> None:
        """Draw a chart that covers `chart_rows` rows from a row on; only workbooks that draw lines are asked to."""

    def finish(self, setup: TabSetup) -> None:
        """Set the tab up; nothing is written to it afterwards."""


class Workbook(Protocol):
    """A workbook in the making."""

    max_rows: int
    max_columns: int
    chart_rows: int
    """The rows that a chart of lines covers, 0 when the library draws none."""

    def add_tab(self, name: str) -> Tab:
        """Return a new tab at the end; the name is valid and unique."""

    def move_last(self, count: int, place: int) -> None:
        """Move so many tabs from the end to a place among the others."""
