"""Totals of workbooks, read back with the rows that they stand under."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

import openpyxl
import xlrd

DAY_S = 86_400


@dataclass(frozen=True)
class Cell:
    """A cell: a number where it has one, dates aside, and the text that a reader sees."""

    number: float | None
    text: str


@dataclass(frozen=True)
class Row:
    """A row: its level in the outline, whether it is bold, and its cells."""

    level: int
    bold: bool
    cells: Sequence[Cell]


def totals(data: bytes) -> Iterator[tuple[list[Sequence[Cell]], Sequence[Cell]]]:
    """Yield the rows above each total with its cells: rows are a level deeper and not bold."""
    for tab in _xlsx_tabs(data) if data.startswith(b"PK") else _xls_tabs(data):
        rows: list[Sequence[Cell]] = []
        for row in tab:
            if row.level and not row.bold:
                rows.append(row.cells)
            else:
                if rows and row.bold and any(cell.number is not None for cell in row.cells):
                    yield rows, row.cells
                rows = []


def _xlsx_tabs(data: bytes) -> Iterator[list[Row]]:
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        yield [
            Row(
                sheet.row_dimensions[row[0].row].outlineLevel,
                bool(row[0].font.bold),
                [_cell(one.value, one.number_format) for one in row],
            )
            for row in sheet.iter_rows()
            if not sheet.row_dimensions[row[0].row].hidden
        ]


def _xls_tabs(data: bytes) -> Iterator[list[Row]]:
    book = xlrd.open_workbook(file_contents=data, formatting_info=True)
    for sheet in book.sheets():
        yield [_xls_row(book, sheet, row) for row in range(sheet.nrows)]


def _xls_row(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int) -> Row:
    looks = [book.xf_list[sheet.cell_xf_index(row, column)] for column in range(sheet.ncols)]
    formats = [book.format_map[look.format_key].format_str for look in looks]
    info = sheet.rowinfo_map.get(row)
    cells = [_cell(value, shown) for value, shown in zip(sheet.row_values(row), formats, strict=True)]
    return Row(info.outline_level if info else 0, bool(book.font_list[looks[0].font_index].bold), cells)


def _cell(value: object, number_format: str) -> Cell:
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    number = value.total_seconds() / DAY_S if isinstance(value, timedelta) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or "y" in number_format:
        return Cell(None, "" if value is None else str(value))
    return Cell(float(number), _shown(float(number), number_format))


def _shown(number: float, number_format: str) -> str:
    """Return a number as a spreadsheet shows it."""
    hours, _bracket, rest = number_format.partition("]")
    if hours in {"[h", "[hh"}:
        minutes, second = divmod(round(number * DAY_S), 60)
        shown = f"{minutes // 60:0{len(hours) - 1}d}:{minutes % 60:02d}"
        return f"{shown}:{second:02d}" if rest.endswith("ss") else shown
    if number_format == "General":
        return f"{number:.10g}"
    literals, digits = number_format.split('"')[1::2], "".join(number_format.split('"')[::2])
    percent = digits.endswith("%")
    shown = f"{number * (100 if percent else 1):.{len(digits.strip('%').partition('.')[2])}f}" + "%" * percent
    return "".join([*literals, shown] if number_format.startswith('"') else [shown, *literals])
