"""Direction of lines and cells: that of the report's language, whatever script a name is in."""

import io

import openpyxl
import pytest
import xlrd
from daybook.report.v1.sheet_pb2 import Chart, Quantity, RowGroup, Table, Text, Total, TotalCell

from services.rendering.formats.pdf.bidi import as_drawn
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.pdf_files import Report, printed, reader
from tests.builders.sheets import one_sheet, text_column
from tests.builders.workbooks import written

XLS_EDGES = {"left": 1, "right": 3}
BAND = "2020/10/06 (الثلاثاء) : 5"


def in_language(locale: str) -> Report:
    """Return a report of a day with a name in each script."""
    group = RowGroup(header=BAND, row_count=2, total=Total(text="T", cells=[TotalCell(field="b", text="9")]))
    columns = [text_column(["Van 1", "شاحنة"], name="a"), text_column(["7", "2"], name="b")]
    head, parts = one_sheet(Table(columns=columns, groups=[group]))
    head.report.locale_info.locale = locale
    return head, parts


def test_a_line_that_runs_to_the_left_begins_with_its_date_at_the_right() -> None:
    """Then comes the weekday, then the count to its left."""
    drawn = as_drawn(BAND, lambda _: False, right_to_left=True)

    assert drawn.startswith("5 : ")
    assert drawn.endswith(" 2020/10/06")
    assert as_drawn(BAND, lambda _: False).startswith("2020/10/06")


@pytest.mark.parametrize(("locale", "is_at_right"), [("ar", True), ("he", True), ("fa_IR", True), ("en", False)])
def test_texts_and_columns_of_a_table_begin_at_the_edge_of_the_language(locale: str, is_at_right: bool) -> None:
    """A Latin name in an Arabic report stands at the right, its number beside it; in English it stands at the left."""
    places: dict[str, float] = {}

    def note(text: str, _matrix: object, matrix: list[float], *_: object) -> None:
        places.setdefault(text.strip(), matrix[4])

    reader(printed(in_language(locale), headless=True)).pages[0].extract_text(visitor_text=note)
    found = next(place for text, place in places.items() if "Van 1" in text)

    assert is_at_right == (found > 300)
    assert is_at_right == (found > places["9"])


@pytest.mark.parametrize(("locale", "is_at_right"), [("ar", True), ("he", True), ("en", False)])
@pytest.mark.parametrize("text", ["Trip report", "Sheet", "Nothing happened", "Contents", "Account"])
def test_titles_and_paragraphs_begin_at_the_edge_of_the_language(text: str, locale: str, *, is_at_right: bool) -> None:
    """Title, conditions and contents of the first page, titles of sheets and paragraphs."""
    head, parts = one_sheet(Text(text="Nothing happened"))
    head.report.locale_info.locale = locale
    head.report.conditions.add(name="Account", text="ann@example.com", plain=True)
    places: dict[str, float] = {}

    def note(shown: str, _matrix: object, matrix: list[float], *_: object) -> None:
        places[shown.strip()] = matrix[4]

    for page in reader(printed((head, parts))).pages:
        page.extract_text(visitor_text=note)

    assert is_at_right == (places[text] > 250)


@pytest.mark.parametrize(("locale", "is_at_right"), [("ar", True), ("en", False)])
def test_a_pie_and_its_names_begin_at_the_edge_of_the_language(locale: str, *, is_at_right: bool) -> None:
    """The ring first, then the names, then their values."""
    chart = Chart(header="Time", kind=Chart.KIND_PIE, categories=["Driving", "Idle"], labels=["3 h", "1 h"])
    chart.quantity.kind = Quantity.KIND_NUMBER
    chart.series.add(name="Hours", values=[3, 1])
    head, parts = one_sheet(chart)
    head.report.locale_info.locale = locale
    places: dict[str, float] = {}

    def note(shown: str, _matrix: object, matrix: list[float], *_: object) -> None:
        places.setdefault(shown.strip(), matrix[4])

    reader(printed((head, parts), headless=True)).pages[0].extract_text(visitor_text=note)

    assert is_at_right == (places["Driving"] > 300)
    assert is_at_right == (places["Driving"] > places["3 h"])


@pytest.mark.parametrize(("locale", "order", "edge"), [("ar", 2, "right"), ("ur", 2, "right"), ("de", 1, "left")])
def test_workbooks_have_the_reading_order_of_the_language(locale: str, order: int, edge: str) -> None:
    """In XLSX and in XLS: columns, cells and the edge where their texts begin."""
    book = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), in_language(locale), headless=True)))
    cells = [cell for row in book.worksheets[-1].iter_rows() for cell in row if cell.value == "Van 1"]
    old = xlrd.open_workbook(file_contents=written(Xls(), in_language(locale), headless=True), formatting_info=True)
    sheet = old.sheet_by_index(old.nsheets - 1)
    places = [(row, 0) for row in range(sheet.nrows) if sheet.cell(row, 0).value == "Van 1"]

    alignments = [old.xf_list[sheet.cell_xf_index(*place)].alignment for place in places]
    assert [(order, edge)] == [(int(cell.alignment.readingOrder), cell.alignment.horizontal) for cell in cells]
    assert [(order, XLS_EDGES[edge])] == [(one.text_direction, one.hor_align) for one in alignments]
    assert (edge == "right") == bool(book.worksheets[-1].sheet_view.rightToLeft)
