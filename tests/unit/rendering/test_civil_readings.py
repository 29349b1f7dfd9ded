"""Dates and times of day of a wall clock, whatever the sheet's zone."""

import io
import json
import math
from datetime import date, datetime, time

import openpyxl
import pytest
import xlrd
from daybook.report.v1.sheet_pb2 import Quantity, RowGroup, Table
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel

from services.rendering.formats.json.json_format import Json
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from services.rendering.wall_clock import civil_serials, civil_text, shows_date, shows_time
from tests.builders.sheets import number_column, one_sheet
from tests.builders.workbooks import Report, csv_blocks, written

NINE = 9 * 3_600_000.0
MORNING = 1_704_445_200_000.0  # 2024-01-05 09:00:00
DATE, TIME, BOTH = "yyyy-MM-dd", "HH:mm:ss", "yyyy-MM-dd HH:mm:ss"
SHOWN = [
    (DATE, MORNING - NINE, date(2024, 1, 5), "yyyy-mm-dd"),
    (TIME, NINE, time(9), "hh:mm:ss"),
    (TIME, MORNING, time(9), "hh:mm:ss"),
    (BOTH, MORNING, datetime(2024, 1, 5, 9), "yyyy-mm-dd hh:mm:ss"),  # noqa: DTZ001  a cell has no zone
]


def civil_report(raw: float, pattern: str) -> Report:
    """Return a report of one value, on a sheet whose zone is far from UTC."""
    quantity = Quantity(kind=Quantity.KIND_CIVIL, pattern=pattern)
    column = number_column([raw], quantity, texts=["shown"])
    return one_sheet(Table(columns=[column], groups=[RowGroup(row_count=1)]), zone="Asia/Tokyo")


@pytest.mark.parametrize(("pattern", "raw", "value", "number_format"), SHOWN)
def test_workbooks_hold_real_dates_and_times(pattern: str, raw: float, value: object, number_format: str) -> None:
    """A date is a date, a time of day the part of a day that has passed; the sheet's zone changes nothing."""
    report = civil_report(raw, pattern)
    cell = list(openpyxl.load_workbook(io.BytesIO(written(Xlsx(), report, headless=True))).worksheets[0])[-1][0]
    old = xlrd.open_workbook(file_contents=written(Xls(), report, headless=True)).sheet_by_index(0).cell(2, 0)

    found = cell.value.date() if pattern == DATE else cell.value
    assert (value, number_format) == (found, cell.number_format)
    assert (xlrd.XL_CELL_DATE, to_excel(value)) == (old.ctype, old.value)


@pytest.mark.parametrize(
    ("pattern", "raw", "text"),
    [
        (DATE, MORNING, "2024-01-05"),
        (TIME, MORNING, "09:00:00"),
        (TIME, NINE, "09:00:00"),
        (BOTH, MORNING, "2024-01-05 09:00:00"),
        (BOTH, math.nan, ""),
    ],
)
def test_csv_is_iso(pattern: str, raw: float, text: str) -> None:
    """It shows what the pattern shows, in the form of ISO 8601; nothing for an unknown one."""
    assert text == csv_blocks(civil_report(raw, pattern))[-1][-1]


def test_json_has_text_and_milliseconds() -> None:
    """A cell like any other."""
    table = json.loads(written(Json(), civil_report(MORNING, BOTH)))["sheets"][0]["sections"][0]

    assert {"v": "shown", "raw": MORNING, "type": "value"} == table["data"][0]["rows"][0]["number"]


@pytest.mark.parametrize(
    ("pattern", "date_shown", "time_shown"),
    [
        ("d MMM", True, False),
        ("h:mm a", False, True),
        ("EEE HH:mm", True, True),
        ("'year' H", False, True),
        ("", True, True),
    ],
)
def test_a_pattern_tells_what_it_shows(pattern: str, date_shown: bool, time_shown: bool) -> None:
    """Letters in quotes are words; an empty pattern stands for a full moment."""
    assert (date_shown, time_shown) == (shows_date(pattern), shows_time(pattern))


@given(st.floats())
def test_what_cannot_be_shown_is_no_number(raw: float) -> None:
    """Unknown, infinite or far off: never an error, and a text is empty exactly where there is no date."""
    serial = civil_serials([raw], DATE)[0]

    assert math.isnan(serial) == (not civil_text(raw, DATE))
    assert math.isnan(serial) or 60 < serial < 2_958_466
