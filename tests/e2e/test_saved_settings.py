"""Settings of an operator that change what saved reports answer: on a stack of its own."""

from collections.abc import Iterator

import pytest

from tests.e2e.office import Office, open_office
from tests.e2e.saved import keep, told
from tests.e2e.stack import Stack

SETTINGS = {
    "MAX_REPORT_ENTRIES": "4",
    "TIME_CSV_FORM": "plain",
    "TIME_CSV_FORMULA_GUARD": "true",
    "XLSX_MEDIA_TYPE": "text/xlsx",
    "MAX_PDF_CELLS": "8",
}
PLAIN = """\
\N{BYTE ORDER MARK}User,Email,Client,Project,Task,Description,Billable,\
Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)
Ann,{ann},Acme,Website,,Design,Yes,2026-01-05,09:00:00,2026-01-05,10:30:00,01:30:00,"draft, ui",75.00
"""
DESIGN = {"billable": True, "description": "Design"}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give an office in a stack with these settings."""
    stack = Stack(tmp_path_factory.mktemp("strict"), SETTINGS).start()
    yield open_office(stack, tmp_path_factory.mktemp("office"))
    assert 0 == stack.stop()


def test_a_report_over_too_many_entries_is_refused(strict: Office) -> None:
    """Five entries where four are allowed: in JSON and in files, until filters leave fewer."""
    token = keep(strict, "summary", public=True)["token"]

    for tail in ("", ".csv", ".xlsx", "/pdf"):
        assert (500, "report is too big to be exported") == told(strict.run(token + tail))
        assert 200 == strict.run(token + tail, json={"description": "Design", "billable": True}).status_code


def test_a_file_of_too_many_cells_is_refused(strict: Office) -> None:
    """Two entries are more than eight cells on paper; other formats have them."""
    token = keep(strict, "detailed", public=True, params={"description": "Design"})["token"]

    assert (500, "report is too big to be exported") == told(strict.run(f"{token}/pdf"))
    assert 200 == strict.run(f"{token}.csv").status_code


def test_csv_may_have_the_plain_form(strict: Office) -> None:
    """Quotes only where they are needed."""
    token = keep(strict, "detailed", public=True, show_emails=True, params=DESIGN)["token"]

    answer = strict.run(f"{token}.csv")

    assert PLAIN.format(ann=strict.ann.login).encode() == answer.content


def test_csv_may_be_guarded_against_formulas(strict: Office) -> None:
    """An apostrophe stands before a text that a spreadsheet would compute; XLSX needs none."""
    token = keep(strict, "detailed", public=True, params={"description": "=SUM"})["token"]

    assert ",'=SUM(A1)," in strict.run(f"{token}.csv").text
    assert b"PK" == strict.run(f"{token}.xlsx").content[:2]


def test_workbooks_may_have_the_published_type(strict: Office) -> None:
    """Its page says text/xlsx."""
    token = keep(strict, "summary", public=True, params={"billable": True})["token"]

    assert "text/xlsx" == strict.run(f"{token}.xlsx").headers["Content-Type"]
