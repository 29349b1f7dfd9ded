"""Port of the libraries that write workbooks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class RowExceptions:
    """Exceptions by row of the tab: styles of all its cells where some differ from their columns, heights in points."""

    styles: Mapping[int, Sequence[CellStyle]]
    heights: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class NativeChart:
    """A chart of numbers on the tab: names in column 0 from `first_row` on, a series in each column after.

    The series' names are in the row above. `values` are the numbers as written, `step` is the distance of ticks in
    them, `colours` are those of the series, or of the slices of a pie.
    """

    header: str
    is_pie: bool
    first_row: int
    names: Sequence[str]
    series: Sequence[str]
    values: Sequence[Sequence[CellValue]]
    colours: Sequence[str]
    number_format: str
    step: float


class Tab(Protocol):
    """A tab. Rows and columns count from 0; cells are written row by row, each once, and from left to right."""

    def write(self, row: int, column: int, value: CellValue, style: CellStyle) -> None:
        """Write one cell: a text as text, a float as a number."""

    def write_rows(
        self, row: int, rows: Iterable[Sequence[CellValue]], styles: Sequence[CellStyle], exceptions: RowExceptions
    ) -> int:
        """Write rows of cells from `row` on and return the next free row."""

    def fill(self, row: int, first: int, last: int, style: CellStyle) -> None:
        """Give empty cells of a row, up to and with `last`, a style."""

    def merge(self, row: int, first: int, last: int, text: str, style: CellStyle) -> None:
        """Write a text over several cells of a row."""

    def link(self, row: int, column: int, text: str, tab_name: str) -> None:
        """Write a text that leads to another tab, where the library can."""

    def height(self, row: int, points: float) -> None:
        """Set the height of a row that holds cells already and is still the last one."""

    def draw(self, chart: NativeChart) -> int:
        """Draw a chart beside its numbers, where the library can; return the row below it."""

    def finish(self, setup: TabSetup) -> None:
        """Set the tab up; nothing is written to it afterwards."""


class Workbook(Protocol):
    """A workbook in the making."""

    max_rows: int
    max_columns: int

    def add_tab(self, name: str) -> Tab:
        """Return a new tab at the end; the name is valid and unique."""
