"""Sheets of documents that need no script."""

from daybook.report.v1 import sheet_pb2 as pb

from gateway.web.static_sheets import FIRST_ROWS, row_count, static_sheet


def column(field: str, texts: list[str]) -> pb.Column:
    return pb.Column(field=field, title=field.title(), align=pb.Column.ALIGN_RIGHT, text=texts)


def part(*sections: pb.Section, index: int = 0, first_row: int = 0, first_section: int = 0) -> bytes:
    sheet = pb.Sheet(header="S", sections=sections)
    message = pb.SheetPart(part_index=index, sheet=sheet, first_row=first_row, first_section=first_section)
    return message.SerializeToString()


def test_a_table_has_its_groups_with_their_totals_and_no_hidden_columns():
    total = pb.Total(text="In total:", cells=[pb.TotalCell(field="km", text="3")])
    table = pb.Table(
        header="Trips",
        columns=[column("from", ["a", "b", "c"]), column("km", ["1", "2", "9"]), pb.Column(field="id", hidden=True)],
        groups=[pb.RowGroup(header="Monday", row_count=2, total=total), pb.RowGroup(header="Tuesday", row_count=1)],
    )
    (section,) = static_sheet([part(pb.Section(table=table))]).sections

    assert ("table", "Trips", ["From", "Km"]) == (
        section.kind,
        section.header,
        [one["title"] for one in section.columns],
    )
    assert [("Monday", [("a", "1"), ("b", "2")]), ("Tuesday", [("c", "9")])] == [
        (group.header, group.rows) for group in section.groups
    ]
    assert ("In total:", ["", "3"]) == (section.groups[0].total_text, section.groups[0].total)


def test_only_the_first_rows_are_shown_and_the_rest_is_known():
    rows = [str(number) for number in range(FIRST_ROWS + 1)]
    long = pb.Section(table=pb.Table(columns=[column("n", rows)], groups=[pb.RowGroup(row_count=len(rows))]))
    sheet = static_sheet([part(long)])

    assert FIRST_ROWS == sum(len(group.rows) for section in sheet.sections for group in section.groups)
    assert sheet.has_more
    short = pb.Section(table=pb.Table(columns=[column("n", rows[1:])], groups=[pb.RowGroup(row_count=FIRST_ROWS)]))
    assert not static_sheet([part(short)]).has_more


def test_values_of_a_chart_are_in_the_words_of_the_report_or_spelled_by_their_kind():
    quantity = pb.Quantity(kind=pb.Quantity.KIND_DURATION)
    values = [3600.0, float("nan")]
    days, series = ["Mon", "Tue"], pb.Series(values=values)
    one = pb.Chart(categories=days, labels=["1 h", "none"], quantity=quantity, series=[series])
    two = pb.Chart(
        categories=days,
        labels=["2 h", ""],
        quantity=quantity,
        series=[pb.Series(name="a", values=values), pb.Series(name="b", values=[5400.0, 60.0])],
    )
    first, second = static_sheet([part(pb.Section(chart=one), pb.Section(chart=two))]).sections

    assert [["Mon", "1 h"], ["Tue", "none"]] == first.rows
    assert [["Mon", "1:00", "1:30"], ["Tue", "\N{EM DASH}", "0:01"]] == second.rows


def test_a_sheet_without_parts_is_empty():
    assert [] == static_sheet([]).sections


def test_points_of_a_chart_leave_all_rows_to_the_tables_behind():
    points = [float(number) for number in range(FIRST_ROWS * 2)]
    line = pb.Section(line_chart=pb.LineChart(header="Speed", series=[pb.LineSeries(x=points, y=points)]))
    table = pb.Section(table=pb.Table(columns=[column("n", ["a", "b"])], groups=[pb.RowGroup(row_count=2)]))
    message = part(line, table)
    sheet = static_sheet([message])

    assert [("line_chart", "Speed"), ("table", "")] == [(one.kind, one.header) for one in sheet.sections]
    assert [("a",), ("b",)] == sheet.sections[1].groups[0].rows
    assert (False, 2) == (sheet.has_more, row_count(message))
