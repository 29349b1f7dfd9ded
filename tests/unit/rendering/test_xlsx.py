"""The XLSX format, read back with openpyxl and calamine."""

import io
import os
import re
import resource
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import Column, MapRow, MapTable, Quantity, SheetPart, Table, Text
from hypothesis import given
from hypothesis import strategies as st

from services.errors.reports import FileTooLarge
from services.rendering.formats.xlsx.xlsx_format import Xlsx, XlsxSettings
from services.rendering.theme import LARGEST, SMALLEST
from tests.builders.examples import examples
from tests.builders.sheets import number_column, one_sheet, report_head, text_table, trips_report
from tests.builders.workbooks import GOLDEN, as_text, tabs_of, written

NAN = float("nan")
SAFE_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def cells_of(table: Table) -> list[openpyxl.cell.Cell]:
    """Return the first row of values of a report that holds one table."""
    sheet = opened(written(Xlsx(), one_sheet(table), headless=True)).worksheets[0]
    return list(sheet[4])


def quantity_cell(raw: float, quantity: Quantity, text: str = "text") -> openpyxl.cell.Cell:
    return cells_of(Table(header="Table", columns=[number_column([raw], quantity, texts=[text])]))[0]


def test_a_trips_report_reads_back_as_its_golden_text() -> None:
    """Title page, contents, summary, days, totals, named values and footnote, from a table cut over parts."""
    expected = (GOLDEN / "trips_workbook.txt").read_text()

    assert expected == as_text(written(Xlsx(), trips_report(rows=9, rows_per_part=4, grouped_columns=True)))


def test_a_headless_file_has_the_sheets_alone() -> None:
    """Headless drops title page and contents."""
    assert ["Summary", "Samantha (Ford Focus)"] == list(tabs_of(written(Xlsx(), trips_report(), headless=True)))


def test_the_contents_lead_to_the_tabs() -> None:
    """Each line of the contents is a link inside the file, also to a name with an apostrophe."""
    report = trips_report(sheets=3, labels=["Summary", "O'Neil", "Van 2"])

    contents = opened(written(Xlsx(), report)).worksheets[0]

    links = {cell.value: cell.hyperlink.location for row in contents for cell in row if cell.hyperlink}
    assert {"Summary": "'Summary'!A1", "O'Neil": "'O''Neil'!A1", "Van 2": "'Van 2'!A1"} == links


def test_column_titles_stay_in_sight_and_are_printed_on_each_page() -> None:
    """The rows down to the column titles are frozen; the page is landscape and as wide as the paper."""
    sheet = opened(written(Xlsx(), trips_report())).worksheets[2]

    assert ("A4", "$3:$3") == (sheet.freeze_panes, sheet.print_title_rows)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert ("landscape", 0) == (sheet.page_setup.orientation, sheet.page_setup.fitToHeight)


def test_the_largest_value_is_red_and_the_smallest_blue() -> None:
    """Only where the column asks, counted over the whole table though it comes in parts."""
    sheet = opened(written(Xlsx(), trips_report(highlight=True, rows_per_part=3), headless=True)).worksheets[1]

    inks = {cell.coordinate: cell.font.color for row in sheet.iter_rows(min_row=4) for cell in row}
    coloured = {
        place: f"#{ink.rgb[2:].lower()}" for place, ink in inks.items() if ink is not None and ink.type == "rgb"
    }
    assert {"E9": SMALLEST, "E10": LARGEST, "H5": LARGEST, "H9": SMALLEST} == {
        place: colour for place, colour in coloured.items() if colour in {LARGEST, SMALLEST}
    }


@pytest.mark.parametrize(
    ("raw", "quantity", "value", "number_format"),
    [
        (57.0, Quantity(kind=Quantity.KIND_NUMBER), 57, "0"),
        (106.29, Quantity(kind=Quantity.KIND_NUMBER, decimals=2), 106.29, "General"),
        (0.1 + 0.2, Quantity(kind=Quantity.KIND_NUMBER, decimals=2), 0.3, "General"),
        (14.7, Quantity(kind=Quantity.KIND_PERCENT, decimals=1), 0.147, "0.0%"),
        (6749.0, Quantity(kind=Quantity.KIND_DURATION), timedelta(seconds=6749), "[h]:mm"),
        (200_000.0, Quantity(kind=Quantity.KIND_DURATION, seconds=True), timedelta(seconds=200_000), "[h]:mm:ss"),
        (
            1601934439000.0,
            Quantity(kind=Quantity.KIND_MOMENT, pattern="dd.MM.yyyy HH:mm"),
            datetime(2020, 10, 6, 0, 47, 19),  # noqa: DTZ001  a cell has no zone
            r"dd\.mm\.yyyy hh:mm",
        ),
        (NAN, Quantity(kind=Quantity.KIND_NUMBER), "text", "0"),
        (NAN, Quantity(kind=Quantity.KIND_MOMENT, pattern="HH:mm"), "text", "hh:mm"),
        (-60.0, Quantity(kind=Quantity.KIND_DURATION), "text", "[h]:mm"),
    ],
)
def test_machine_values_are_real_and_unknown_ones_are_texts(
    raw: float, quantity: Quantity, value: object, number_format: str
) -> None:
    """Numbers, percentages, durations and local moments can be counted with; NaN and negative times show their text."""
    cell = quantity_cell(raw, quantity)

    assert (value, number_format) == (cell.value, cell.number_format)


def test_money_keeps_the_sign_and_the_place_its_text_has() -> None:
    """The number format puts the currency where the reader's language puts it."""
    money = Quantity(kind=Quantity.KIND_MONEY, decimals=2, currency_code="EUR")

    assert '"$"0.00' == quantity_cell(454.5, money, "$454.50").number_format
    assert '0.00" €"' == quantity_cell(454.5, money, "454,50 €").number_format
    assert '0.00" EUR"' == quantity_cell(NAN, money, "—").number_format


@examples(40)
@given(st.lists(SAFE_TEXT, min_size=1, max_size=8))
def test_any_text_stays_a_text(texts: list[str]) -> None:
    """Whatever it looks like, a text is neither number, date, link nor formula, and keeps its characters."""
    rows = tabs_of(written(Xlsx(), one_sheet(text_table(*texts)), headless=True))["Sheet"]
    sheet = opened(written(Xlsx(), one_sheet(text_table(*texts)), headless=True)).worksheets[0]

    shown = [re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", " ", re.sub("\r\n?", "\n", text)) for text in texts]
    assert shown == [row[0] for row in rows[3:]]
    assert {"s"} == {row[0].data_type for row in sheet.iter_rows(min_row=4)}


@pytest.mark.parametrize("text", ["=1+1", "<r><b/></r>", "<r>&</r>", "_x0041_", "http://a.b", "0042", "1e5", "{=A1}"])
def test_a_text_that_looks_like_more_is_written_as_it_is(text: str) -> None:
    """Formulas, links, numbers and the library's own rich text included."""
    assert text == tabs_of(written(Xlsx(), one_sheet(text_table(text)), headless=True))["Sheet"][3][0]


def test_a_text_too_long_for_a_cell_ends_with_an_ellipsis() -> None:
    """Excel holds 32,767 UTF-16 units in a cell."""
    assert "😀" * 16_383 + "…" == cells_of(text_table("😀" * 20_000))[0].value


def test_a_hidden_column_is_left_out() -> None:
    """Columns for programs are in the JSON alone."""
    table = text_table("seen")
    table.columns.append(Column(field="ignition_on", title="Ignition", text=["-"], hidden=True))

    assert [["Title"], ["seen"]] == tabs_of(written(Xlsx(), one_sheet(table), headless=True))["Sheet"][2:]


def test_a_full_tab_goes_on_in_the_next_under_the_same_titles() -> None:
    """No row is lost, and the name of the next tab is numbered around names that are taken."""
    report = trips_report(rows=70, sheets=2, labels=["Van (2)", "Van"])

    tabs = tabs_of(written(Xlsx(max_rows=40), report, headless=True))

    assert ["Van (2)", "Van", "Van (3)", "Van (4)"] == list(tabs)
    assert 40 >= max(map(len, tabs.values()))
    assert 70 == sum(isinstance(row[0], datetime) for name in list(tabs)[1:] for row in tabs[name])
    assert "Movement start" == tabs["Van (3)"][1][0]


def test_an_empty_report_is_still_a_workbook() -> None:
    """A workbook has at least one tab, which begins with the title."""
    (rows,) = tabs_of(written(Xlsx(), (report_head([]), []), headless=True)).values()

    assert "Trip report" == rows[0][0]


def test_a_sheet_of_words_shows_them() -> None:
    """A sheet may hold nothing but a paragraph or named values."""
    words = Text(text="No movements found for the specified period")
    named = MapTable(header="Summary", rows=[MapRow(name="Driver", text="=A1", highlight=True)])

    rows = tabs_of(written(Xlsx(), one_sheet(words, named), headless=True))["Sheet"]

    assert ["Sheet", words.text, "", "Summary", "Driver"] == [row[0] for row in rows]
    assert "=A1" == rows[-1][1]


def test_a_report_above_the_ceiling_is_refused_before_it_is_read() -> None:
    """The first part is never asked for."""

    def unread() -> Iterator[SheetPart]:
        pytest.fail("read")
        yield SheetPart()

    with pytest.raises(FileTooLarge) as caught:
        written(Xlsx(XlsxSettings(max_xlsx_cells=41)), (report_head(["A"], cell_count=42), unread()))

    assert {"cell_count": "42", "max_cells": "41"} == caught.value.metadata


def test_a_report_that_breaks_off_leaves_no_file_behind(tmp_path, monkeypatch) -> None:
    """Temporary files go whatever happens."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    head, parts = trips_report(rows=20, rows_per_part=5)

    def breaking() -> Iterator[SheetPart]:
        yield from parts[:3]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        written(Xlsx(), (head, breaking()))

    assert [] == os.listdir(tmp_path)  # noqa: PTH208


def test_many_tabs_need_few_file_handles() -> None:
    """A fleet of hundreds is written with a handful of open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 20, hard))  # noqa: PTH208
    try:
        data = written(Xlsx(), trips_report(rows=1, sheets=60))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert 61 == sum(name.startswith("xl/worksheets/sheet") for name in zipfile.ZipFile(io.BytesIO(data)).namelist())


def test_long_addresses_make_their_rows_higher() -> None:
    """A row whose text wraps has room for its lines, so that nothing is hidden on paper."""
    sheet = opened(written(Xlsx(), trips_report(), headless=True)).worksheets[1]

    heights = [sheet.row_dimensions[row].height for row in (7, 9)]  # a text of 95 letters, one of 40
    assert [41.25, 27.75] == heights
