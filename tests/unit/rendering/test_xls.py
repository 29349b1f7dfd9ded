"""The XLS format, read back with xlrd and calamine."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import xlrd
from daybook.report.v1.sheet_pb2 import Quantity, RowGroup, Section, Sheet, SheetPart, Table
from hypothesis import given
from hypothesis import strategies as st

from services.errors.reports import FileTooLarge
from services.rendering.formats.xls import Xls, XlsSettings
from tests.builders.examples import examples
from tests.builders.sheets import number_column, one_sheet, report_head, text_column, text_table, trips_report
from tests.builders.workbooks import GOLDEN, as_text, tabs_of, written

SAFE_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def test_a_trips_report_reads_back_as_its_golden_text() -> None:
    """The cells are the same as in XLSX."""
    expected = (GOLDEN / "trips_workbook.txt").read_text()

    assert expected == as_text(written(Xls(), trips_report(rows=9, rows_per_part=4, grouped_columns=True)))


def test_values_have_the_formats_of_their_quantities() -> None:
    """Moments, durations and numbers are real and shown as such."""
    book = xlrd.open_workbook(file_contents=written(Xls(), trips_report(), headless=True), formatting_info=True)
    sheet = book.sheet_by_index(1)

    shown = [book.format_map[book.xf_list[sheet.cell_xf_index(4, column)].format_key].format_str for column in range(8)]
    date = r"dd\.mm\.yyyy hh:mm"
    assert [date, "@", date, "@", "General", "[hh]:mm", "0", "0"] == shown
    assert (
        timedelta(seconds=6749) == tabs_of(written(Xls(), trips_report(), headless=True))["Samantha (Ford Focus)"][4][5]
    )


def test_column_titles_stay_in_sight() -> None:
    """The rows down to the column titles are frozen."""
    book = xlrd.open_workbook(file_contents=written(Xls(), trips_report()), formatting_info=True)

    assert (1, 3) == (book.sheet_by_index(2).panes_are_frozen, book.sheet_by_index(2).horz_split_pos)


@examples(60)
@given(st.lists(SAFE_TEXT, min_size=1, max_size=8))
def test_any_text_stays_a_text(texts: list[str]) -> None:
    """Whatever it looks like, a text is neither number, date nor formula, and keeps its characters."""
    book = xlrd.open_workbook(file_contents=written(Xls(), one_sheet(text_table(*texts)), headless=True))
    cells = book.sheet_by_index(0).col(0)[3:]

    shown = [re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", " ", re.sub("\r\n?", "\n", text)) for text in texts]
    assert shown == [cell.value for cell in cells]
    assert {xlrd.XL_CELL_TEXT} == {cell.ctype for cell in cells}


def test_a_text_too_long_for_a_cell_ends_with_an_ellipsis() -> None:
    """Excel holds 32,767 UTF-16 units in a cell."""
    book = xlrd.open_workbook(file_contents=written(Xls(), one_sheet(text_table("ж" * 40_000)), headless=True))

    assert "ж" * 32_766 + "…" == book.sheet_by_index(0).cell_value(3, 0)


def long_sheet(rows: int, rows_per_part: int) -> Iterator[SheetPart]:
    for first in range(0, rows, rows_per_part):
        last = min(first + rows_per_part, rows)
        table = Table(header="Points", columns=[text_column(map(str, range(first, last)))])
        table.groups.append(RowGroup(row_count=last - first, continued=first > 0, unfinished=last < rows))
        section = Section(table=table, continued=first > 0, unfinished=last < rows)
        yield SheetPart(sheet=Sheet(header="Long", sections=[section]), last=last == rows)


@pytest.mark.slow
def test_seventy_thousand_rows_go_on_in_a_second_tab() -> None:
    """A tab ends at 65,536 rows; the next has the same titles and the rest."""
    tabs = tabs_of(written(Xls(), (report_head(["Long"]), long_sheet(70_000, 7_000)), headless=True))

    assert ["Long", "Long (2)"] == list(tabs)
    assert [str(row) for row in range(70_000)] == [row[0] for rows in tabs.values() for row in rows if row[0].isdigit()]
    assert [65_536, ["Long", "Title"]] == [len(tabs["Long"]), [row[0] for row in tabs["Long (2)"][:2]]]


def test_a_table_wider_than_a_tab_is_refused() -> None:
    """Excel 97 has 256 columns."""
    table = Table(header="Wide", columns=[text_column(["x"], name=f"c{number}") for number in range(257)])

    with pytest.raises(FileTooLarge):
        written(Xls(), one_sheet(table))


def test_names_of_tabs_are_valid_and_unique() -> None:
    """Forbidden characters, long names and equal names, upper and lower case alike, still give a file."""
    labels = ["Summary", "A/B:C*[1]?", "van", "VAN", "x" * 40, "x" * 50, "'quoted'", "", "😀" * 30]

    tabs = tabs_of(written(Xls(), trips_report(sheets=9, rows=1, labels=labels), headless=True))

    assert ["Summary", "A B C  1", "van", "VAN (2)", "x" * 30 + "…", "x" * 26 + "… (2)", "quoted", "-"] == list(tabs)[
        :8
    ]
    assert 9 == len(tabs)


def test_an_empty_report_is_still_a_workbook() -> None:
    """Without sheets there is the title page, or headless a tab with the title."""
    report = report_head([]), []

    assert ["Contents"] == list(tabs_of(written(Xls(), report)))
    assert ["Trip report"] == list(tabs_of(written(Xls(), report, headless=True)))


def test_a_report_above_the_ceiling_is_refused() -> None:
    """The ceiling is a setting."""
    with pytest.raises(FileTooLarge):
        written(Xls(XlsSettings(max_xls_cells=41)), trips_report())


def test_names_lead_to_their_tabs_and_back() -> None:
    """From contents and summary to the tabs of vans, from each title to the contents."""
    book = xlrd.open_workbook(file_contents=written(Xls(), trips_report(rows=3, sheets=3)), formatting_info=True)
    links = {(sheet.name, link.frowx): link.textmark for sheet in book.sheets() for link in sheet.hyperlink_list}

    assert "'Samantha (Ford Focus)'!A1" == links["Summary", 2]
    assert "'Contents'!A1" == links["Samantha (Ford Focus)", 0]


def test_printed_pages_repeat_the_column_titles() -> None:
    """Of each tab; wide ones repeat the first column too."""
    columns = [number_column([1.0], Quantity(kind=Quantity.KIND_NUMBER), name=f"n{n}", title="Wide") for n in range(24)]
    report = one_sheet(Table(header="Wide", columns=columns))
    book = xlrd.open_workbook(file_contents=written(Xls(), report, headless=True), formatting_info=True)
    (titles,) = (name for name in book.name_obj_list if name.builtin)

    assert ("Print_Titles", 0) == (titles.name, titles.scope)
    assert [(0, 1, 0, 65_536, 0, 1), (0, 1, 2, 3, 0, 256)] == [area.coords for area in titles.result.value]
