"""Columns that mix quantities: rows are figures, each cell is understood by its own quantity."""

import io
import json
import math
from datetime import timedelta

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import CellQuantities, Column, Quantity, RowGroup, Table

from services.rendering.formats.base import Format
from services.rendering.formats.json.json_format import Json
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.pdf_files import pages, printed
from tests.builders.sheets import one_sheet, text_column
from tests.builders.workbooks import csv_blocks, tabs_of, written

LENGTH = Quantity(kind=Quantity.KIND_NUMBER, decimals=1, unit="km")
TIME = Quantity(kind=Quantity.KIND_DURATION)
SHARE = Quantity(kind=Quantity.KIND_PERCENT, decimals=1)
WORDS = Quantity(kind=Quantity.KIND_TEXT)


def figures() -> Table:
    """Return a table whose rows are a length, a time, a share and a word."""
    column = Column(
        field="value",
        title="Value",
        quantity=LENGTH,
        raw=[523.8, 37_980.0, 12.5, math.nan],
        text=["523.8", "10:33", "12.5%", "none"],
        quantities=CellQuantities(row=[1, 2, 3], index=[0, 1, 2], quantities=[TIME, SHARE, WORDS]),
    )
    names = text_column(["Length, km", "Time", "Idle", "Remark"], name="name")
    return Table(columns=[names, column], groups=[RowGroup(row_count=4)])


@pytest.mark.parametrize("kind", [Xlsx(), Xls()])
def test_cells_of_a_workbook_are_values_of_their_own_quantity(kind: Format) -> None:
    """A duration is a time and a percentage a fraction although the column is one of lengths."""
    (tab,) = tabs_of(written(kind, one_sheet(figures()), headless=True)).values()

    values = [row[1] for row in tab if row[0] in {"Length, km", "Time", "Idle", "Remark"}]
    assert [523.8, timedelta(seconds=37_980), 0.125, "none"] == values


def test_cells_of_a_workbook_are_shown_as_their_own_quantity() -> None:
    """Each has the number format of its quantity."""
    book = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(figures()), headless=True)))

    formats = [row[1].number_format for row in book.worksheets[0].iter_rows(min_row=3)]
    assert ["General", "[h]:mm", "0.0%", "@"] == formats[-4:]


def test_cells_of_csv_are_written_by_their_own_quantity() -> None:
    """Numbers with full stops, durations with seconds."""
    rows = csv_blocks(one_sheet(figures()))

    assert ["523.8", "10:33:00", "12.5", "none"] == [row[-1] for row in rows[-4:]]


def test_cells_of_json_have_a_raw_value_where_it_is_known() -> None:
    """A text among numbers has none."""
    sheet = json.loads(written(Json(), one_sheet(figures())))["sheets"][0]

    rows = sheet["sections"][0]["data"][0]["rows"]
    assert [523.8, 37_980.0, 12.5, None] == [row["value"].get("raw") for row in rows]


def test_cells_of_a_printed_table_are_their_texts() -> None:
    """Texts come with the report."""
    (page,) = pages(printed(one_sheet(figures()), headless=True))

    assert all(text in page for text in ("523.8", "10:33", "12.5%", "none"))
