"""Values past a limit, in the colour of warnings."""

import io
from pathlib import Path

import openpyxl
import xlrd
from daybook.report.v1.sheet_pb2 import Column, Quantity, RowGroup, Table, Total, TotalCell

from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from services.rendering.theme import WARNING
from services.runtime.slices import Slicer, join
from tests.builders.pdf_files import coloured, printed
from tests.builders.sheets import one_sheet, text_column
from tests.builders.workbooks import Report, written

PERCENT = Quantity(kind=Quantity.KIND_PERCENT)


def budgets() -> Report:
    """Return a table of three shares of which the second, and the total, are past their limit."""
    names = text_column(["Site", "Shop", "Blog"], name="name")
    column = Column(
        field="used",
        title="Used %",
        align=Column.ALIGN_RIGHT,
        quantity=PERCENT,
        raw=[50.0, 113.0, 99.0],
        text=["50%", "113%", "99%"],
        warning_rows=[1],
    )
    total = Total(text="Total", cells=[TotalCell(field="used", text="262%", raw=262.0, warning=True)])
    return one_sheet(Table(columns=[names, column], groups=[RowGroup(row_count=3, total=total)]))


def test_pdf_shows_them_in_the_colour_of_warnings(tmp_path: Path) -> None:
    """Rows and totals; no other text has it."""
    colours = coloured(printed(budgets(), headless=True), tmp_path / "budgets.pdf")

    assert ["113%", "262%"] == colours[WARNING]


def test_workbooks_show_them_in_the_colour_of_warnings_and_keep_their_numbers() -> None:
    """A share stays a share, whatever its colour."""
    cells = [
        (row[1].value, row[1].font.color.rgb[2:].lower() == WARNING[1:])
        for row in openpyxl.load_workbook(io.BytesIO(written(Xlsx(), budgets(), headless=True)))
        .worksheets[0]
        .iter_rows()
        if isinstance(row[1].value, float)
    ]
    assert [(0.5, False), (1.13, True), (0.99, False), (2.62, True)] == cells

    book = xlrd.open_workbook(file_contents=written(Xls(), budgets(), headless=True), formatting_info=True)
    tab = book.sheet_by_index(0)
    found = [(row, tab.cell(row, 1)) for row in range(tab.nrows) if tab.cell_type(row, 1) == xlrd.XL_CELL_NUMBER]
    colours = [
        book.colour_map[book.font_list[book.xf_list[cell.xf_index].font_index].colour_index] for _, cell in found
    ]
    warning = tuple(bytes.fromhex(WARNING[1:]))
    assert [(0.5, False), (1.13, True), (0.99, False), (2.62, True)] == [
        (cell.value, colour == warning) for (_, cell), colour in zip(found, colours, strict=True)
    ]


def test_they_stay_with_their_rows_when_a_table_is_cut() -> None:
    """Rows of a slice count from its first row, and again from that of the whole when slices are joined."""
    _head, (part,) = budgets()
    section = part.sheet.sections[0]
    pieces = [Slicer(section).cut(0, 1), Slicer(section).cut(1, 3)]
    assert [[], [0]] == [list(piece.table.columns[1].warning_rows) for piece in pieces]

    join(pieces[0], pieces[1])
    assert [1] == list(pieces[0].table.columns[1].warning_rows)


def test_sums_are_grouped_by_their_number_formats() -> None:
    """Where the quantity says so; the number itself is bare."""
    money = Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="EUR", grouped=True)
    hours = Quantity(kind=Quantity.KIND_DURATION, decimals=2, grouped=True)
    bare = Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="EUR")
    columns = [
        Column(field=str(place), title=str(place), quantity=quantity, raw=[raw], text=[text])
        for place, (quantity, raw, text) in enumerate(
            [(money, 1234.5, "1234.50 EUR"), (hours, 3_600_000.0, "1000.00"), (bare, 1234.5, "1234.50 EUR")]
        )
    ]
    file = written(Xlsx(), one_sheet(Table(columns=columns, groups=[RowGroup(row_count=1)])), headless=True)
    row = [*openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].iter_rows()][-1]

    assert ['#,##0.00" EUR"', "#,##0.00", '0.00" EUR"'] == [cell.number_format for cell in row]
    assert [1234.5, 1000, 1234.5] == [cell.value for cell in row]
