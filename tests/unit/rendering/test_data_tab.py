"""Tab of all rows in workbooks, links between tabs, outline and document properties, read back with openpyxl."""

import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from daybook.report.v1.report_pb2 import Cover
from daybook.report.v1.sheet_pb2 import ColumnGroup, Quantity, RowGroup, Table, Total, TotalCell
from openpyxl.workbook.workbook import Workbook

from services.rendering.formats.base import RenderOptions
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.parts import streamed
from tests.builders.sheets import number_column, one_sheet, report_head, text_column, trips_report
from tests.builders.workbooks import Report, tabs_of, written

HOURS = Quantity(kind=Quantity.KIND_NUMBER, decimals=2, raw_decimals=9)


def with_rows(report: Report, **cover: object) -> Report:
    """Return a report whose workbook has a tab of all rows."""
    head, parts = report
    head.cover.MergeFrom(Cover(data_title="All trips", **cover))  # type: ignore[arg-type]  # fields by name
    return head, parts


def opened(report: Report, *, headless: bool = False, max_rows: int = 1_000) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(Xlsx(max_rows=max_rows), report, headless=headless)))


@pytest.mark.parametrize("kind", [Xlsx(), Xls()])
@pytest.mark.parametrize(("headless", "before"), [(False, ["Contents", "Summary"]), (True, ["Summary"])])
def test_the_tab_stands_behind_the_summary(kind: Xlsx | Xls, headless: bool, before: list[str]) -> None:
    """With and without the title page, in both kinds of workbooks."""
    tabs = [*tabs_of(written(kind, with_rows(trips_report(rows=9, sheets=3)), headless=headless))]

    assert [*before, "All trips"] == tabs[: len(before) + 1]
    assert 2 == len(tabs[len(before) + 1 :])


def test_it_has_a_record_a_row_of_both_vans() -> None:
    """Dates, durations and numbers are that; the header is row 1, frozen, with a filter over a table."""
    sheet = opened(with_rows(trips_report(rows=9, rows_per_part=4, sheets=3)))["All trips"]
    rows = list(sheet.iter_rows(values_only=True))

    assert 1 + 2 * 9 == len(rows)
    first = dict(zip(rows[0], rows[1], strict=True))
    assert datetime(2020, 10, 6, 0, 47, 19) == first["Movement start"]  # noqa: DTZ001  a cell has no zone
    assert 106.29 == first["Total trips length, km"]
    assert timedelta(seconds=6749) == first["Travel time"]
    assert ("A2", "$1:$1") == (sheet.freeze_panes, sheet.print_title_rows)
    (table,) = sheet.tables.values()
    assert sheet.dimensions == table.ref == table.autoFilter.ref
    assert list(rows[0]) == [column.name for column in table.tableColumns]
    assert not sheet.merged_cells.ranges


def test_it_goes_on_in_another_tab() -> None:
    """Each begins with the header, and no row is lost."""
    book = opened(with_rows(trips_report(rows=30, sheets=1)), max_rows=25)
    tabs = [book["All trips"], book["All trips (2)"]]

    assert [25, 1 + 30 - 24] == [tab.max_row for tab in tabs]
    assert tabs[0]["A1"].value == tabs[1]["A1"].value


def test_a_report_without_rows_has_the_header_alone() -> None:
    """No table of Excel, which needs a row."""
    sheet = opened(with_rows((report_head(["Van"]), trips_report(rows=0, sheets=1)[1])))["All trips"]

    assert (1, {}) == (sheet.max_row, dict(sheet.tables))


def test_a_summary_alone_has_no_tab_of_rows() -> None:
    """It is a table of its own."""
    assert "All trips" not in opened(with_rows(trips_report(sheets=2), is_summary_only=True)).sheetnames


def test_names_lead_to_their_tabs_and_back() -> None:
    """From contents and summary to the tabs of vans, from each title to the contents."""
    book = opened(trips_report(rows=3, sheets=3))
    summary, van = book["Summary"], book["Samantha (Ford Focus)"]

    assert "'Samantha (Ford Focus)'!A1" == summary["A3"].hyperlink.location
    assert "'Contents'!A1" == van["F1"].hyperlink.location


def test_a_name_of_several_lines_is_no_link_in_the_summary() -> None:
    """LibreOffice would show its first line alone; the contents lead to its tab."""
    book = opened(trips_report(rows=3, sheets=3, labels=["Summary", "Van of the northern depot " * 3, "Van 2"]))

    assert [True, False] == [book["Summary"][cell].hyperlink is None for cell in ("A3", "A4")]


def test_rows_stand_below_bands_and_totals_in_the_outline() -> None:
    """Rows on level 2, bands and totals on level 1, heads on none."""
    van = opened(trips_report(rows=9, sheets=1))["Samantha (Ford Focus)"]
    levels = [van.row_dimensions[row].outlineLevel for row in range(3, 16)]

    assert [0, 1, *[2] * 7, 1, 1, 2, 2] == levels


def test_further_tables_leave_the_heads_of_the_first_in_sight() -> None:
    """On every tab with a table, printed pages repeat them too."""
    table = Table(header="One", columns=[number_column([1.0], Quantity(kind=Quantity.KIND_NUMBER))])
    sheet = opened(one_sheet(table, table), headless=True)["Sheet"]

    assert ("A4", "$3:$3") == (sheet.freeze_panes, sheet.print_title_rows)


def test_a_wide_tab_is_printed_over_several_pages() -> None:
    """So that its type stays readable; the first column is repeated."""
    columns = [number_column([1.0], HOURS, name=f"n{n}", title=f"Column {n}") for n in range(24)]
    sheet = opened(one_sheet(Table(header="Wide", columns=columns)))["Sheet"]

    assert (2, "$A:$A") == (sheet.page_setup.fitToWidth, sheet.print_title_cols)


def test_columns_of_texts_give_room_before_a_tab_takes_two_pages() -> None:
    """Trips with two addresses fit one, whose texts wrap."""
    sheet = opened(trips_report(rows=9, sheets=1))["Samantha (Ford Focus)"]

    assert sheet.page_setup.fitToWidth in {None, 1}


def test_properties_say_author_and_language() -> None:
    """And the title."""
    head, parts = trips_report(sheets=1)
    head.cover.author, head.report.locale_info.locale = "Acme", "de_AT"
    properties = opened((head, parts)).properties

    assert ("Trip report", "Acme", "de-AT") == (properties.title, properties.creator, properties.language)


@pytest.mark.parametrize("kind", [Xlsx(), Xls()])
def test_cells_hold_what_is_true_and_sums_re_add(kind: Xlsx | Xls) -> None:
    """Twelfths of an hour, shown as 0.08, and a length whose total shows fewer digits."""
    hours = number_column([1 / 12] * 25, HOURS, name="hours", title="Hours")
    km = Quantity(kind=Quantity.KIND_NUMBER, decimals=2, unit="km")
    way = number_column([1.16] * 25, km, name="way", title="Way")
    cells = [
        TotalCell(field="hours", text="2.08", raw=25 / 12, decimals=2),
        TotalCell(field="way", text="29", raw=29.0, exact=29.0, decimals=1),
    ]
    groups = [RowGroup(row_count=25, total=Total(text="Total", cells=cells))]
    (rows,) = tabs_of(written(kind, one_sheet(Table(columns=[hours, way], groups=groups)), headless=True)).values()

    *values, total = [row for row in rows if row and isinstance(row[0], float)]
    for place in (0, 1):
        assert pytest.approx(sum(float(row[place]) for row in values), abs=1e-6) == total[place]
    assert 1 / 12 == values[0][0]


def test_days_that_name_groups_are_dates() -> None:
    """In the form of the report's moments; other names are texts."""
    column = number_column([1.0, 2.0], HOURS)
    groups = [RowGroup(row_count=1, date="2020-10-06"), RowGroup(row_count=1, header="Ann")]
    head, parts = with_rows(one_sheet(Table(columns=[column], groups=groups)))
    parts[0].sheet.entity_ids.append(1)
    sheet = opened((head, parts))["All trips"]
    place = [cell.value for cell in sheet[1]].index("group") + 1

    assert [datetime(2020, 10, 6), "Ann"] == [sheet.cell(row, place).value for row in (2, 3)]  # noqa: DTZ001  no zone
    assert "yyyy-mm-dd" == sheet.cell(2, place).number_format


def test_titles_name_what_stands_over_them() -> None:
    """So that two columns of one title are told apart."""
    columns = [number_column([1.0], HOURS, name=name, title="Hours") for name in ("idle", "moving")]
    over = [ColumnGroup(title="Idle", fields=["idle"]), ColumnGroup(title="In movement", fields=["moving"])]
    head, parts = with_rows(one_sheet(Table(columns=columns, column_groups=over)))
    parts[0].sheet.entity_ids.append(1)

    heads = [cell.value for cell in opened((head, parts))["All trips"][1]]
    assert ["Idle: Hours", "In movement: Hours"] == heads[-2:]


def test_no_text_of_the_tab_is_cut() -> None:
    """Its rows are one line high, so that long addresses need wide columns."""
    address = "[Customer in Council Bluffs] Council Bluffs, Iowa, Vereinigte Staaten"
    head, parts = with_rows(one_sheet(Table(columns=[text_column([address])])))
    parts[0].sheet.entity_ids.append(1)
    sheet = opened((head, parts))["All trips"]

    assert max(one.width for one in sheet.column_dimensions.values()) > 55


def test_columns_of_names_have_room_for_those_of_all_sheets() -> None:
    """The first rows are not all: the last van has the longest name."""
    head, parts = with_rows(trips_report(sheets=2))
    long = "A van with a name that is longer than all others"
    head.sheet_headers[-1] = long
    for part in parts:
        if part.sheet_index == len(head.sheet_headers) - 1:
            part.sheet.header = part.sheet.entity_label = long
    sheet = opened((head, parts))["All trips"]

    assert [sheet.column_dimensions[place].width > len(long) * 0.8 for place in "AC"] == [True, True]


def opened_data(report: Report) -> Workbook:
    """Return the workbook of a report that is a table for programs."""
    out = io.BytesIO()
    Xlsx().write(report[0], streamed(report[1]), out, RenderOptions(headless=True, data_only=True))
    return openpyxl.load_workbook(out)


def test_a_table_for_programs_has_a_filter_without_its_total() -> None:
    """Under the name of its sheet, as a table of Excel."""
    columns = [number_column([1.0, 2.0], HOURS, title="One"), number_column([3.0, 4.0], HOURS, name="m", title="Two")]
    groups = [RowGroup(row_count=2, total=Total(text="Total"))]
    sheet = opened_data(one_sheet(Table(columns=columns, groups=groups), header="All entries"))["All entries"]

    assert (["A1:B3"], 4) == ([table.ref for table in sheet.tables.values()], sheet.max_row)


def test_titles_that_are_dates_are_dates_and_zeros_may_be_empty() -> None:
    """Such rows have the filter alone: the titles of a table of Excel are texts."""
    column = number_column([0.0, 2.0], HOURS, title="2026-01-05")
    column.title_date_pattern, column.blank_zeros = "dd.MM.yyyy", True
    sheet = opened_data(one_sheet(Table(columns=[column]), header="Hours"))["Hours"]

    assert [datetime(2026, 1, 5), None, 2.0] == [cell.value for cell in sheet["A"]]  # noqa: DTZ001  a cell has no zone
    assert (r"dd\.mm\.yyyy", "A1:A3") == (sheet["A1"].number_format, sheet.auto_filter.ref)
    assert not sheet.tables


def test_the_tab_of_all_rows_is_printed_at_a_readable_size() -> None:
    """Over as many pages side by side as it needs."""
    columns = [number_column([1.0], HOURS, name=f"n{n}", title=f"Column {n}") for n in range(24)]
    head, parts = with_rows(one_sheet(Table(header="Wide", columns=columns)))
    parts[0].sheet.entity_ids.append(1)

    assert opened((head, parts))["All trips"].page_setup.fitToWidth > 1
