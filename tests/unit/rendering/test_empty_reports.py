"""Reports without sheets say so, with their period and conditions, in every format."""

import pytest

from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.pdf_files import pages, printed
from tests.builders.sheets import ZONE, report_head
from tests.builders.workbooks import tabs_of, written

SENTENCE = "No data found for the selected period"


@pytest.mark.parametrize("headless", [True, False])
def test_a_pdf_of_nothing_is_a_page_that_says_so(headless: bool) -> None:
    """With the report's title and its conditions."""
    (text,) = pages(printed((report_head([]), []), headless=headless))

    assert all(words in text for words in (SENTENCE, "Trip report", "6 Oct 2020", ZONE))


@pytest.mark.parametrize("headless", [True, False])
@pytest.mark.parametrize("kind", [Xlsx(), Xls()])
def test_a_workbook_of_nothing_says_so(kind: Xlsx | Xls, headless: bool) -> None:
    """On its only tab, below the conditions."""
    (rows,) = tabs_of(written(kind, (report_head([]), []), headless=headless)).values()
    cells = [str(cell) for row in rows for cell in row]

    assert SENTENCE in cells
    assert "6 Oct 2020" in cells


def test_printed_csv_of_nothing_says_so() -> None:
    """Below the conditions."""
    lines = written(Csv(), (report_head([]), [])).decode("utf-8-sig").splitlines()

    assert SENTENCE == lines[-1]
    assert "Period,6 Oct 2020" in lines
