"""Ceiling of pages: a PDF that would pass it has the sums without the rows, unless it is asked for in full."""

import io
import re

import pytest

from services.rendering.formats.base import RenderOptions
from services.rendering.formats.pdf.pdf_format import Pdf, PdfSettings
from tests.builders.parts import streamed
from tests.builders.pdf_files import Report, pages
from tests.builders.sheets import trips_report

SENTENCE = "rows are left out of this PDF."


def texts(report: Report, *, most_pages: int = 5, full: bool = False, headless: bool = False) -> list[str]:
    """Return the texts of the pages of a report under a ceiling."""
    out = io.BytesIO()
    options = RenderOptions(headless=headless, full=full)
    Pdf(PdfSettings(max_pdf_pages=most_pages)).write(report[0], streamed(report[1]), out, options)
    return pages(out.getvalue())


@pytest.mark.parametrize("headless", [True, False])
def test_a_report_past_the_ceiling_says_how_many_rows_it_leaves_out(headless: bool) -> None:
    """The sentence stands on page 1, the sums of all are there, the rows are not."""
    first, *others = texts(trips_report(rows=900, sheets=2), headless=headless)

    assert f"900 {SENTENCE}" in first
    assert "Total trips length" in first
    assert len(others) < 5
    assert "Selyatino" not in "".join(others)


def test_counts_of_thousands_are_grouped() -> None:
    """Rows of all sheets are counted."""
    assert f"1,400 {SENTENCE}" in texts(trips_report(rows=700, sheets=3))[0]


def test_sums_of_days_and_the_total_stay() -> None:
    """Each day keeps its band with its sums."""
    whole = "".join(texts(trips_report(rows=700, sheets=1)))

    assert 100 == len(re.findall(r"\) : 7 523.8 10:33 50 94", whole))


def test_a_report_within_the_ceiling_and_one_asked_for_in_full_have_all_rows() -> None:
    """Both are the same file."""
    report = trips_report(rows=900, sheets=1)
    full = texts(report, full=True)

    assert full == texts(report, most_pages=100)
    assert SENTENCE not in "".join(full)
    assert 900 <= "".join(full).count("Selyatino") + "".join(full).count("Serpukhov")


def test_the_estimate_is_near_the_pages_that_are_printed() -> None:
    """A ceiling a fifth above the pages of a report lets it through, one a fifth below does not."""
    report = trips_report(rows=1_000, sheets=1)
    count = len(texts(report, full=True))

    assert SENTENCE not in "".join(texts(report, most_pages=round(count * 1.2)))
    assert SENTENCE in "".join(texts(report, most_pages=round(count * 0.8)))
