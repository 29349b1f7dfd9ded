"""Bare files: one table for programs and nothing around it (reference section 11)."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import Column, Quantity, RowGroup, Section, Sheet, SheetPart, Table, Text, Total
from hypothesis import given
from hypothesis import strategies as st

from services.rendering.formats.base import Format, RenderOptions
from services.rendering.formats.csv.csv_format import Csv, CsvSettings
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.charts import EUROS, bars
from tests.builders.parts import streamed
from tests.builders.sheets import number_column, one_sheet, report_head, text_column
from tests.builders.workbooks import Report, tabs_of

TIME = Quantity(kind=Quantity.KIND_DURATION, seconds=True)
FORMULAS = ["=1+1", "+7", "-5", "@A"]
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["\r", "\r\n", '"', ",", "a\rb"])


def bare(kind: Format, report: Report) -> bytes:
    out = io.BytesIO()
    kind.write(report[0], streamed(report[1]), out, RenderOptions(data_only=True))
    return out.getvalue()


def entries(rows: int = 3, rows_per_part: int = 2) -> Report:
    """Return descriptions, durations and amounts, the last of them unknown, with a total, cut into parts."""
    return report_head(["Detailed"]), list(_parts(rows, rows_per_part))


def _parts(rows: int, rows_per_part: int) -> Iterator[SheetPart]:
    for first in range(0, rows, rows_per_part):
        last = min(first + rows_per_part, rows)
        amounts = [1.5 * row if row + 1 < rows else float("nan") for row in range(first, last)]
        table = Table(
            columns=[
                text_column([f"Task {row}" for row in range(first, last)], name="d", title="Description"),
                number_column([3600.0] * (last - first), TIME, texts=["01:00:00"] * (last - first), title="Duration"),
                number_column(
                    amounts,
                    EUROS,
                    name="amount",
                    texts=[f"{one:.2f}" if one == one else "" for one in amounts],  # noqa: PLR0124  NaN
                    title="Amount (EUR)",
                ),
            ],
            groups=[RowGroup(row_count=last - first, continued=first > 0, unfinished=last < rows)],
        )
        if last == rows:
            total = Total(text="Total")
            total.cells.add(field="number", text="03:00:00", raw=3600.0 * rows)
            total.cells.add(field="amount", text="1.50", raw=1.5, decimals=2)
            table.groups[0].total.CopyFrom(total)
        section = Section(table=table, continued=first > 0, unfinished=last < rows)
        sheet = Sheet(header="Detailed", sections=[section])
        yield SheetPart(part_index=first // rows_per_part, last=last == rows, sheet=sheet)


def test_quoted_csv_is_titles_and_texts_in_quotes() -> None:
    """Byte order mark, every field in quotes, line feeds, no totals; what is unknown stays as its text is."""
    expected = (
        b'\xef\xbb\xbf"Description","Duration","Amount (EUR)"\n'
        b'"Task 0","01:00:00","0.00"\n"Task 1","01:00:00","1.50"\n"Task 2","01:00:00",""\n'
    )

    assert expected == bare(Csv(), entries())


def test_plain_csv_quotes_what_needs_it() -> None:
    """The older form: quotes around commas, quotes and line ends alone."""
    rows = [["a,b", 'say "x"', "", "two\nlines", "plain"]]
    table = Table(columns=[text_column([text], title=f"T{place}") for place, text in enumerate(rows[0])])

    written = bare(Csv(CsvSettings(time_csv_form="plain")), one_sheet(table))

    assert b'\xef\xbb\xbfT0,T1,T2,T3,T4\n"a,b","say ""x""",,"two\nlines",plain\n' == written


@pytest.mark.parametrize("quoted", [True, False])
@given(rows=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=4))
def test_every_text_comes_back_as_it_was(quoted: bool, rows: list[tuple[str, str]]) -> None:
    """Read by the standard reader, cells are exactly the texts given, lone carriage returns included."""
    columns = [text_column([row[place] for row in rows], title="T") for place in range(2)]

    text = bare(
        Csv(CsvSettings(time_csv_form="quoted" if quoted else "plain")), one_sheet(Table(columns=columns))
    ).decode()[1:]

    assert [["T", "T"], *map(list, rows)] == list(csv.reader(io.StringIO(text, newline="")))


def test_the_formula_guard_is_a_setting_and_spares_numbers() -> None:
    """Off by default; on, an apostrophe stands before dangerous texts, never before a negative number."""
    table = Table(columns=[text_column(FORMULAS), number_column([-1.0] * 4, EUROS, texts=["-1.00"] * 4)])
    guarded = (
        bare(Csv(CsvSettings(time_csv_form="plain", time_csv_formula_guard=True)), one_sheet(table))
        .decode()
        .splitlines()[1:]
    )

    assert [f"{text},-1.00" for text in FORMULAS] == bare(
        Csv(CsvSettings(time_csv_form="plain")), one_sheet(table)
    ).decode().splitlines()[1:]
    assert [f"'{text},-1.00" for text in FORMULAS] == guarded


def test_a_table_of_no_rows_is_its_titles() -> None:
    """Programs find the columns also when there is nothing in them."""
    assert b'\xef\xbb\xbf"Title"\n' == bare(Csv(), one_sheet(Table(columns=[text_column([])])))


def test_what_is_not_a_table_or_is_hidden_is_left_out() -> None:
    """Neither charts nor words nor columns for other programs come between the lines."""
    table = Table(columns=[text_column(["seen"]), Column(title="Hidden", text=["x"], hidden=True)])
    report = one_sheet(Text(text="words"), bars(["Mon"], {"Time": [1.0]}), table)

    assert b'\xef\xbb\xbf"Title"\n"seen"\n' == bare(Csv(), report)
    assert [["Title"], ["seen"]] == tabs_of(bare(Xlsx(), report))["Sheet"]


def test_a_bare_workbook_is_titles_rows_and_a_total() -> None:
    """Titles in row 1, real values from row 2, the total last and bold, behind a tab of conditions."""
    data = bare(Xlsx(), entries())
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Detailed"]
    hour = timedelta(hours=1)

    assert ["Contents", "Detailed"] == list(tabs_of(data))
    assert [
        ["Description", "Duration", "Amount (EUR)"],
        ["Task 0", hour, 0.0],
        ["Task 1", hour, 1.5],
        ["Task 2", hour, ""],
        ["Total", timedelta(hours=3), 1.5],
    ] == tabs_of(data)["Detailed"]
    assert ("A2", "[h]:mm:ss", "0.00") == (sheet.freeze_panes, sheet["B2"].number_format, sheet["C2"].number_format)
    assert all(cell.font.bold for cell in sheet[5])


def test_a_full_tab_goes_on_under_the_same_titles() -> None:
    """No row is lost, and the total is on the last tab."""
    tabs = tabs_of(bare(Xlsx(max_rows=20), entries(rows=45, rows_per_part=7)))
    del tabs["Contents"]

    assert ["Detailed", "Detailed (2)", "Detailed (3)"] == list(tabs)
    assert [["Description", "Duration", "Amount (EUR)"]] * 3 == [rows[0] for rows in tabs.values()]
    tasks = [row[0] for rows in tabs.values() for row in rows[1:]]
    assert [*(f"Task {row}" for row in range(45)), "Total"] == tasks
