"""The files of saved reports: CSV to the byte, XLSX by two readers, PDF as text, and what hidden amounts leave."""

import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
import requests

from tests.builders.workbooks import GOLDEN, tabs_of
from tests.e2e.office import Office
from tests.e2e.saved import keep

KINDS = ("detailed", "summary", "weekly")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
MONEY = {
    "billable_amount_in_cents",
    "billable_amounts_in_cents",
    "hourly_rate_in_cents",
    "rates",
    "by_rate",
    "labour_cost_in_cents",
    "labour_cost",
    "fixed_fee",
}


@pytest.fixture(scope="module")
def tokens(office: Office) -> dict[str, str]:
    """Give the token of a public report of each kind."""
    return {kind: keep(office, kind, public=True, show_emails=True)["token"] for kind in KINDS}


def golden(kind: str, office: Office) -> bytes:
    """Return a golden CSV with the emails of the office."""
    text = (GOLDEN / f"office_{kind}.csv").read_bytes()
    return text.replace(b"{ann}", office.ann.login.encode()).replace(b"{bob}", office.bob.login.encode())


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF file, a blank between its words."""
    pages = pypdf.PdfReader(io.BytesIO(pdf), strict=True).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", TYPES)
def test_a_file_has_its_type_and_name_in_both_spellings(
    office: Office, tokens: dict[str, str], kind: str, suffix: str
) -> None:
    """.csv and /csv give the same file, to the byte, under the name of the saved report."""
    answers = [office.run(f"{tokens[kind]}{mark}{suffix}") for mark in "./"]

    assert [TYPES[suffix]] * 2 == [answer.headers["Content-Type"] for answer in answers]
    name = f'attachment; filename="Kept_2026-01-05_2026-01-11.{suffix}"'
    assert all(answer.headers["Content-Disposition"].startswith(name) for answer in answers)
    first, second = (answer.content for answer in answers)
    assert first == second


@pytest.mark.parametrize("kind", KINDS)
def test_a_csv_is_its_golden_file_to_the_byte(office: Office, tokens: dict[str, str], kind: str) -> None:
    """Byte order mark, every field in quotes, quotes doubled, a line feed after each line."""
    assert golden(kind, office) == office.run(f"{tokens[kind]}.csv").content


@pytest.mark.parametrize(("form", "shown"), [("classic", "01:30:00"), ("improved", "1:30:00"), ("decimal", "1.50")])
def test_durations_in_csv_have_the_form_asked_for(
    office: Office, tokens: dict[str, str], form: str, shown: str
) -> None:
    """Nothing else changes."""
    answer = office.run(f"{tokens['detailed']}.csv", json={"duration_format": form, "description": "design"})

    assert [shown] * 2 == [line.split('","')[11] for line in answer.text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("body", "header", "lines"),
    [
        ({"collapse": True}, "Project,Client,Duration,Amount (EUR)", ["Website,Acme,03:20:00,91.67"]),
        (
            {"grouping": "clients", "sub_grouping": "projects"},
            "Client,Project,Duration,Amount (EUR)",
            ["Acme,Website,03:20:00,91.67", ",Internal,00:45:00,"],
        ),
        (
            {"grouping": "users", "sub_grouping": "tasks"},
            "User,Task,Duration,Amount (EUR)",
            ["Ann,Review,00:20:00,16.67"],
        ),
    ],
)
def test_a_summary_in_csv_has_the_columns_of_its_groups(
    office: Office, tokens: dict[str, str], body: dict[str, Any], header: str, lines: list[str]
) -> None:
    """A line for each part of a group, or for each group where they are collapsed."""
    first, *rest = office.run(f"{tokens['summary']}.csv", json=body).text.replace('"', "").splitlines()

    assert header == first.removeprefix("\N{BYTE ORDER MARK}")
    assert [] == [line for line in lines if line not in rest]


def test_a_detailed_workbook_has_real_values(office: Office, tokens: dict[str, str]) -> None:
    """Dates, times, durations and amounts to count with, a frozen header, a row of totals, no formulas."""
    file = office.run(f"{tokens['detailed']}.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(file)).worksheets[-1]

    header, first, *_, total = sheet.iter_rows()
    titles = ",".join(f'"{one.value}"' for one in header)
    assert golden("detailed", office).decode("utf-8-sig").startswith(titles + "\n")
    day = datetime(2026, 1, 5)  # noqa: DTZ001  a date in a cell has no zone
    expected = [
        *("Ann", office.ann.login, "Acme", "Website", None, "Design", "Yes"),
        *(day, time(9), day, time(10, 30), timedelta(minutes=90), "draft, ui", 75),
    ]
    assert expected == [one.value for one in first]
    assert [r"mm\/dd\/yyyy", "h:mm:ss"] * 2 + ["[h]:mm", "@", "#,##0.00"] == [one.number_format for one in first[7:]]
    assert ("Total", timedelta(seconds=15_300), 91.67) == (total[0].value, total[11].value, total[13].value)
    assert (7, "A2", "All entries") == (sheet.max_row, sheet.freeze_panes, sheet.title)
    assert ["A1:N6"] == [table.ref for table in sheet.tables.values()]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("kind", "second", "last"),
    [
        (
            "detailed",
            [
                *("Ann", "ann", "Acme", "Website", "Review", 'Said "no", twice', "Yes"),
                *(date(2026, 1, 5), time(11), date(2026, 1, 5), time(11, 20), timedelta(minutes=20), "", 16.67),
            ],
            ["Total", *[""] * 10, timedelta(seconds=15_300), "", 91.67],
        ),
        (
            "summary",
            ["Website", "Acme", "Design", timedelta(hours=3), 75],
            ["Total", "", "", timedelta(seconds=15_300), 91.67],
        ),
        (
            "weekly",
            ["Ann", "ann", "Acme", "Website", timedelta(minutes=110), *[""] * 6, timedelta(minutes=110)],
            ["Total", "", "", "", *(timedelta(minutes=m) for m in (110, 90, 45, 0, 10, 0, 0, 255))],
        ),
    ],
)
def test_another_reader_finds_the_same_values(
    office: Office, tokens: dict[str, str], kind: str, second: list[Any], last: list[Any]
) -> None:
    """One sheet with a header, a row for each line of the CSV, and a row of totals."""
    *_, rows = tabs_of(office.run(f"{tokens[kind]}/xlsx").content).values()

    assert [office.ann.login if one == "ann" else one for one in second] == rows[2]
    assert last == rows[-1]
    assert golden(kind, office).count(b"\n") + 1 == len(rows)


def test_a_weekly_workbook_has_dates_over_its_days(office: Office, tokens: dict[str, str]) -> None:
    """In the reader's form; its tab, with a filter over the rows, is named as the saved report."""
    sheet = openpyxl.load_workbook(io.BytesIO(office.run(f"{tokens['weekly']}.xlsx").content))["Kept"]

    assert [datetime(2026, 1, day) for day in range(5, 12)] == [cell.value for cell in sheet[1][4:11]]  # noqa: DTZ001  dates
    assert r"mm\/dd\/yyyy" == sheet["E1"].number_format
    assert f"A1:L{sheet.max_row - 1}" == sheet.auto_filter.ref


def test_texts_that_look_like_formulas_are_texts(office: Office, tokens: dict[str, str]) -> None:
    """As they are in CSV, whose bytes are the contract; as text cells in XLSX."""
    lines = office.run(f"{tokens['detailed']}.csv").text.splitlines()
    book = openpyxl.load_workbook(io.BytesIO(office.run(f"{tokens['detailed']}.xlsx").content))

    assert '"=SUM(A1)"' in lines[4]
    cell = book.worksheets[-1].cell(5, 6)
    assert ("=SUM(A1)", "s") == (cell.value, cell.data_type)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (
            "detailed",
            [
                "Mon 01/05/2026 : ",
                'Acme · Website: Review / Said "no", twice',
                "11:00\N{EN DASH}11:20 0:20 16.67 EUR",
                "23:30\N{EN DASH}1:00 +1 1:30",
                "Total 4:15 91.67 EUR",
            ],
        ),
        ("summary", ["Website (Acme) 3:20 91.67 EUR Design 3:00 75.00 EUR", "=SUM(A1) 0:45"]),
        ("weekly", ["Website Acme Ann 1:50 1:50", "Mon 01/05 Tue 01/06", "Internal Bob 0:45 0:45"]),
    ],
)
def test_a_pdf_has_title_range_totals_charts_and_table(
    office: Office, tokens: dict[str, str], kind: str, rows: list[str]
) -> None:
    """As a person reads it."""
    text = text_of(office.run(f"{tokens[kind]}/pdf").content)

    said = f"5\N{EN DASH}11 Jan 2026 · Europe/Berlin {office.name} · 5\N{EN DASH}11 Jan 2026 · "
    total = "Total time 4:15 Billable time 1:50 Amount 91.67 EUR Days with time 4"
    charts = ["Time by day", "Billable Non-billable", "Time by project", "Website 78.4% 3:20", "Without project 3.9%"]
    assert text.startswith(f"Kept {said}")
    assert total in text
    assert [] == [part for part in [*charts, *rows, "Page 1 of "] if part not in text]


def test_a_pdf_is_written_as_asked(office: Office, tokens: dict[str, str]) -> None:
    """Dates, hours, durations and decimal signs have the form of the run."""
    body = {"date_format": "DD.MM.YYYY", "hour_format": "h:mm A", "duration_format": "decimal", "cents_separator": ","}

    text = text_of(office.run(f"{tokens['detailed']}/pdf", json={**body, "display_mode": "date_only"}).content)

    assert "05.01.2026" in text
    assert "91,67 EUR" in text
    assert "4,25 h" in text
    assert "10:30" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_amounts_are_nowhere(office: Office, kind: str) -> None:
    """Saved so, a run cannot bring them back: not in JSON, CSV, XLSX or PDF. The time stays."""
    token = keep(office, kind, public=True, params={"hide_amounts": True})["token"]

    def run(tail: str = "") -> requests.Response:
        return office.run(token + tail, json={"hide_amounts": False, "calculate": "amounts"})

    report = run().json()
    assert report["hide_amounts"]
    assert {None} == {value for name, value in named_values({**report, "features": {}}) if name in MONEY}
    assert 15_300 == report[f"{kind}_results"]["totals"]["seconds"]
    *_, rows = tabs_of(run(".xlsx").content).values()
    shown = (json.dumps(report[f"{kind}_results"]), run(".csv").text, json.dumps(rows, default=str))
    for text in (*shown, text_of(run("/pdf").content)):
        assert [] == [money for money in ("Amount", "75.0", "16.67", "91.67", "9167", "5000") if money in text]


def named_values(value: object) -> Iterator[tuple[str, object]]:
    """Give every field anywhere in an answer, lists as they are."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield name, one
            yield from named_values(one)
    elif isinstance(value, list):
        for one in value:
            yield from named_values(one)
