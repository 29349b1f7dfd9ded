"""Columns of spreadsheets are wide enough: a number or date too wide for its column is shown as ###."""

import io

import openpyxl
import pytest
import xlrd
from daybook.report.v1.sheet_pb2 import Column, MapRow, MapTable, Quantity, RowGroup, Table, Total, TotalCell

from services.rendering.formats.spreadsheets.text_measures import column_width, digits_of
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.sheets import number_column, one_sheet
from tests.builders.workbooks import Report, written

NOVEMBER_MS = 1479974760000.0  # Nov 24, 2016 08:06 UTC
LOCALES = {"en": "Nov 24, 2016 08:06", "ru": "24 нояб. 2016 08:06", "es": "24 sept 2016 08:06"}
PATTERNS = {"en": "MMM d, y HH:mm", "ru": "d MMM y HH:mm", "es": "d MMM y HH:mm"}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_date_with_a_time_fits_its_column(locale: str) -> None:
    """Also where the column's text is the time of day alone, and its pattern shorter than what it shows."""
    quantity = Quantity(kind=Quantity.KIND_MOMENT, pattern=PATTERNS[locale])
    column = number_column([NOVEMBER_MS], quantity, texts=["08:06"], title="End")
    report = one_sheet(Table(columns=[column], groups=[RowGroup(row_count=1)]))

    assert len(LOCALES[locale]) <= _xlsx_width(report, locale, 0)
    assert len(LOCALES[locale]) <= _xls_width(report, locale, 0)


def test_a_date_among_named_values_fits() -> None:
    """Its text may be shorter than what its number is shown as."""
    row = MapRow(name="End", text="08:06", raw=NOVEMBER_MS)
    row.quantity.CopyFrom(Quantity(kind=Quantity.KIND_MOMENT, pattern="MMM d, y HH:mm"))

    assert len("Nov 24, 2016 08:06") <= _xlsx_width(one_sheet(MapTable(rows=[row])), "en", 1)


def test_a_total_longer_than_its_rows_fits() -> None:
    """Hours and money add up to more digits than any row has."""
    money = Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="EUR")
    column = Column(field="cost", title="Cost", quantity=money, raw=[1.0], text=["1.00 €"])
    total = Total(cells=[TotalCell(field="cost", text="1234567890.00 €", raw=1234567890, decimals=2)])
    table = Table(columns=[column], groups=[RowGroup(row_count=1, total=total)])

    assert len("1234567890.00 €") <= _xlsx_width(one_sheet(table), "en", 0)


def test_both_workbooks_have_room_for_the_same_text() -> None:
    """Both count the margins of cells into the width of their column."""
    quantity = Quantity(kind=Quantity.KIND_MOMENT, pattern="d MMMM y HH:mm")
    column = number_column([NOVEMBER_MS], quantity, texts=["08:06"])
    report = one_sheet(Table(columns=[column], groups=[RowGroup(row_count=1)]))

    assert (
        abs(_xlsx_width(report, "en", 0) - _xls_width(report, "en", 0)) < 0.1
    )  # digits; both round to pixels of their own


def test_broad_letters_take_more_than_digits() -> None:
    """Han takes two; the widest text is the one that counts, not the longest."""
    assert 3 == digits_of(["1", "123"])
    assert 2.7 == pytest.approx(digits_of(["PM", "12"]), abs=0.1)
    assert 8 == digits_of(["11月24日", "1234567"])
    assert 0 == digits_of([])
    assert column_width("", ["MMMMMMMM"], wraps=False) > column_width("", ["88888888"], wraps=False)


def _xlsx_width(report: Report, locale: str, column: int) -> float:
    report[0].report.locale_info.locale = locale
    sheet = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), report, headless=True))).worksheets[0]
    return float(sheet.column_dimensions["AB"[column]].width)


def _xls_width(report: Report, locale: str, column: int) -> float:
    report[0].report.locale_info.locale = locale
    book = xlrd.open_workbook(file_contents=written(Xls(), report, headless=True), formatting_info=True)
    return float(book.sheet_by_index(0).colinfo_map[column].width) / 256
