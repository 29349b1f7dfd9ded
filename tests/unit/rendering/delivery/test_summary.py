"""First rows and totals of a report for the body of a mail."""

import pytest
from daybook.report.v1.sheet_pb2 import Column, MapRow, MapTable, RowGroup, SheetPart, Table, Total, TotalCell

from services.rendering.delivery.summary import MAX_PARTS, RowRole, SummaryRow, read_summary, summary_of
from services.rendering.ports import StoredReport
from tests.builders.sheets import one_sheet, text_column, trips_report
from tests.builders.tables import text_table
from tests.fakes.deliveries import PreparedReport

BODY, GROUP, TOTAL = RowRole.BODY, RowRole.GROUP, RowRole.TOTAL


def grouped(*groups: tuple[str, int], total: str = "") -> Table:
    """Return a table of two columns with groups of so many rows, each with a total where one is named."""
    count = sum(rows for _, rows in groups)
    return Table(
        header="Trips",
        columns=[
            text_column([f"row {row}" for row in range(count)], name="name"),
            text_column([str(row) for row in range(count)], name="km", title="Length\nkm"),
        ],
        groups=[
            RowGroup(
                header=header,
                row_count=rows,
                total=Total(text=total, cells=[TotalCell(field="km", text=f"sum of {rows}")]) if total else None,
            )
            for header, rows in groups
        ],
    )


def rows_of(table: Table) -> list[SummaryRow]:
    found = summary_of(one_sheet(table)[1]).table
    assert found is not None
    return list(found.rows)


def test_groups_and_their_totals_stand_between_the_rows() -> None:
    """As they do in the files; line breaks of titles are spaces."""
    table = grouped(("Monday", 1), ("Tuesday", 2), total="In total:")
    found = summary_of(one_sheet(table)[1]).table

    assert found is not None
    assert ["Title", "Length km"] == found.titles
    assert [
        SummaryRow(GROUP, ["Monday"]),
        SummaryRow(BODY, ["row 0", "0"]),
        SummaryRow(TOTAL, ["In total:", "sum of 1"]),
        SummaryRow(GROUP, ["Tuesday"]),
        SummaryRow(BODY, ["row 1", "1"]),
        SummaryRow(BODY, ["row 2", "2"]),
        SummaryRow(TOTAL, ["In total:", "sum of 2"]),
    ] == found.rows
    assert not found.is_cut


@pytest.mark.parametrize(("rows", "is_cut"), [(49, False), (50, False), (51, True)])
def test_fifty_rows_are_shown(rows: int, is_cut: bool) -> None:
    """More of them are said to be there, and the total is that of all rows."""
    found = summary_of(one_sheet(grouped(("", rows), total="In total:"))[1]).table

    assert found is not None
    assert is_cut == found.is_cut
    assert min(rows, 50) == sum(row.role is BODY for row in found.rows)
    assert SummaryRow(TOTAL, ["In total:", f"sum of {rows}"]) == found.rows[-1]


def test_a_group_that_is_cut_has_no_total_beneath_it() -> None:
    """It would be taken for the sum of the rows above."""
    rows = rows_of(grouped(("Monday", 40), ("Tuesday", 20), ("Wednesday", 5), total="In total:"))

    assert ["Monday", "Tuesday"] == [row.texts[0] for row in rows if row.role is GROUP]
    assert ["sum of 40"] == [row.texts[1] for row in rows if row.role is TOTAL]


def test_a_summary_goes_before_details() -> None:
    """And hidden columns are no part of it; named values are totals."""
    details, summary = text_table("detail"), text_table("sum", "of all")
    summary.is_summary, summary.total_row_count = True, 1
    summary.columns.append(Column(field="id", text=["1", "2"], hidden=True))
    values = MapTable(rows=[MapRow(name="Trips, in all", text="9")])
    found = summary_of(one_sheet(details, summary, values)[1])

    assert found.table is not None
    assert [SummaryRow(BODY, ["sum"]), SummaryRow(TOTAL, ["of all"])] == found.table.rows
    assert [("Trips, in all", "9")] == found.values


def test_a_long_cell_is_cut() -> None:
    """Mail readers cut long mails; the files have all of it."""
    (row,) = rows_of(text_table("x" * 1_000))

    assert ["x" * 199 + "\N{HORIZONTAL ELLIPSIS}"] == row.texts


def test_a_report_without_rows_has_no_table() -> None:
    """Neither has one without sheets."""
    assert summary_of(one_sheet(text_table())[1]).table is None
    assert summary_of([]).table is None


async def test_only_the_first_sheet_is_read() -> None:
    """And of a long one not more than its first parts."""
    head, parts = trips_report(sheets=3, rows=9)
    short = PreparedReport(head, parts)
    long = PreparedReport(head, [SheetPart(part_index=index) for index in range(MAX_PARTS * 2)])
    found = await read_summary(short, StoredReport(7), "Link x")
    await read_summary(long, StoredReport(7), "Link x")

    assert found.table is not None
    assert "Summary" == found.table.header
    assert short.read <= 2
    assert MAX_PARTS + 1 == long.read
