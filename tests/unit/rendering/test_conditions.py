"""Conditions of a report in its files, and the foot of every page."""

import io
import re

import openpyxl
import pytest
from daybook.report.v1.sheet_pb2 import Text

from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.pdf_files import pages, printed
from tests.builders.sheets import ZONE, one_sheet, text_table, trips_report
from tests.builders.workbooks import Report, tabs_of, written

CONDITIONS = [
    ("Period", "6 Oct 2020"),
    ("Time zone", ZONE),
    ("Account", "ann@example.com"),
    ("Trackers", "Van 1, Van 2"),
    ("Smart filter", "off"),
]


def trips(**wanted: object) -> Report:
    """Return a trips report with more conditions."""
    head, parts = trips_report(**wanted)  # type: ignore[arg-type]  # as the builder takes them
    head.report.conditions.add(name="Account", text="ann@example.com", plain=True)
    head.report.conditions.add(name="Trackers", text="Van 1, Van 2")
    head.report.conditions.add(name="Smart filter", text="off")
    return head, parts


@pytest.mark.parametrize("headless", [True, False])
def test_every_page_says_period_and_zone_at_its_foot(headless: bool) -> None:
    """Title, sheet, period and zone on the left, the number on the right; without a cover, too."""
    texts = pages(printed(trips(rows=120, sheets=2), headless=headless))

    assert len(texts) > 4
    for number, text in enumerate(texts, 1):
        assert re.search(rf"Trip report.* · 6 Oct 2020 · {ZONE}", text)
        assert f"Page {number} of {len(texts)}" in text


def test_a_long_title_is_cut_and_period_and_zone_are_not() -> None:
    """The meaning of the numbers is never clipped."""
    report = one_sheet(text_table("a"), header="Samantha " * 12)
    report[0].report.title = "An uncommonly long title of a report about many things " * 3
    (text,) = pages(printed(report, headless=True))

    assert re.search(rf"An uncommonly .*… · Samantha .*… · 6 Oct 2020 · {ZONE}", text)


def test_a_sheet_of_another_zone_says_that_zone() -> None:
    """Its times are read on its own clock."""
    (text,) = pages(printed(one_sheet(text_table("a"), zone="Asia/Tokyo"), headless=True))

    assert "6 Oct 2020 · Asia/Tokyo" in text


def test_the_cover_names_every_condition() -> None:
    """Each is a line with its name."""
    cover = pages(printed(trips()))[0]

    for name, text in CONDITIONS:
        assert re.search(rf"{name}\s+{text}", cover)


def test_without_a_cover_the_first_page_says_them_in_one_line() -> None:
    """Names stand where the text does not say what it is; no later page repeats the line."""
    texts = pages(printed(trips(rows=60, sheets=2), headless=True))
    line = f"6 Oct 2020 · {ZONE} · ann@example.com · Trackers: Van 1, Van 2 · Smart filter: off"

    assert [True] + [False] * (len(texts) - 1) == [line in text for text in texts]


@pytest.mark.parametrize("kind", [Xlsx(), Xls()])
def test_a_workbook_begins_with_its_conditions(kind: Xlsx | Xls) -> None:
    """The first rows of the first tab."""
    first = next(iter(tabs_of(written(kind, trips())).values()))

    assert CONDITIONS == [tuple(row[:2]) for row in first[2:7]]


@pytest.mark.parametrize("headless", [True, False])
def test_a_workbooks_description_holds_the_conditions(headless: bool) -> None:
    """Also without a cover."""
    book = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), trips(), headless=headless)))

    assert "\n".join(f"{name}: {text}" for name, text in CONDITIONS) == book.properties.description


def test_printed_tabs_say_period_and_zone_at_their_foot() -> None:
    """Tab, period and zone."""
    book = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), one_sheet(Text(text="x")))))

    assert all(f"&A · 6 Oct 2020 · {ZONE}" in f"&{tab.oddFooter.left.text}" for tab in book.worksheets)
