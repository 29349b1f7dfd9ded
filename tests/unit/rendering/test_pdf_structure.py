"""Structure of PDF files: what a reader who does not see the page is told, in which order."""

import io
from collections.abc import Iterator

import pytest
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import Chart, SheetPart
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from services.rendering.formats.base import RenderOptions
from services.rendering.formats.pdf.pdf_format import Pdf, PdfSettings
from tests.builders.charts import bars, pie
from tests.builders.parts import streamed
from tests.builders.pdf_files import printed, reader
from tests.builders.sheets import one_sheet, trips_report

Element = DictionaryObject


def elements(file: bytes) -> Iterator[Element]:
    """Yield all elements in reading order."""

    def below(element: Element) -> Iterator[Element]:
        yield element
        for kid in children(element):
            yield from below(kid)

    yield from below(reader(file).trailer["/Root"]["/StructTreeRoot"]["/K"])


def children(element: Element) -> list[Element]:
    """Return the elements that another one holds."""
    kids = element.get("/K", [])
    kids = [kid.get_object() for kid in (kids if isinstance(kids, ArrayObject) else [kids])]
    return [kid for kid in kids if isinstance(kid, DictionaryObject) and "/S" in kid]


def attribute(element: Element, name: str, default: object = "") -> object:
    """Return an attribute of an element."""
    return element.get("/A", {}).get(f"/{name}", default)


def roles(file: bytes) -> list[str]:
    """Return the roles of all elements."""
    return [one["/S"][1:] for one in elements(file)]


def with_author(report: tuple[ReportHead, list[SheetPart]]) -> tuple[ReportHead, list[SheetPart]]:
    """Return a report of the account "Müller & Co"."""
    report[0].cover.author = "Müller & Co"
    return report


def test_title_sheets_and_sections_are_headings_in_their_order() -> None:
    """H1, then H2 for each sheet and for the contents, and H3 for sections and days."""
    found = [role for role in roles(printed(trips_report(rows=8, sheets=2))) if role.startswith("H")]

    assert ["H1", "H2", "H2", "H2", "H3", "H3", "H3"] == found


def test_without_a_title_page_sheets_are_the_highest_headings() -> None:
    """No level is left out."""
    found = {role for role in roles(printed(trips_report(rows=8, sheets=1), headless=True)) if role.startswith("H")}

    assert {"H1", "H2"} == found


def test_each_cell_is_an_element_with_one_mark() -> None:
    """Rows have as many cells as columns, heads of columns have a scope, and the table's head is there once."""
    file = printed(trips_report(rows=300, sheets=1), headless=True)
    tables = [one for one in elements(file) if one["/S"] == "/Table"]
    rows = children(tables[-1])
    head, band, *first_rows = rows[:4]

    assert ["/Column"] * 8 == [attribute(cell, "Scope") for cell in children(head)]
    assert "/Row" == attribute(children(band)[0], "Scope")
    assert [["/TD"] * 8] * 2 == [[cell["/S"] for cell in children(row)] for row in first_rows]
    assert 1 == sum(attribute(children(row)[0], "Scope") == "/Column" for row in rows)
    assert 1 + 43 + 300 == len(rows)


def test_spans_make_rows_as_wide_as_the_table() -> None:
    """The name of a day spans the columns before its sums."""
    file = printed(trips_report(rows=8, sheets=1), headless=True)
    rows = children([one for one in elements(file) if one["/S"] == "/Table"][-1])

    widths = {sum(attribute(cell, "ColSpan", 1) for cell in children(row)) for row in rows}

    assert {8} == widths


def test_a_chart_is_a_figure_that_states_its_figures() -> None:
    """In the reader's notation, with shares for a pie."""
    shares, days = pie({"Website": 75.0, "SEO": 25.0}), bars(["Mon", "Tue"], {"Time": [3.0, 0.0]})
    found = [one.get("/Alt") for one in elements(printed(one_sheet(shares, days))) if one["/S"] == "/Figure"]

    assert [True, True] == ["Website" in found[0] and "(75%)" in found[0], found[1].endswith("Mon 0:00:03")]


def test_a_link_is_held_with_its_annotation_and_says_where_it_leads() -> None:
    """Both in the contents and in the table of entities; the annotation knows its element."""
    file = reader(printed(trips_report(rows=3, sheets=3)))
    root = file.trailer["/Root"]["/StructTreeRoot"]
    notes = [note.get_object() for page in file.pages for note in page.get("/Annots", ())]
    holders = dict(zip(*[iter(root["/ParentTree"]["/Nums"])] * 2, strict=True))

    assert 3 + 2 == len(notes)
    for note in notes:
        element = holders[note["/StructParent"]].get_object()
        (kid,) = [kid for kid in element["/K"] if isinstance(kid, DictionaryObject) and kid.get("/Type") == "/OBJR"]
        assert ("/Link", note) == (element["/S"], kid["/Obj"])
        assert note["/Contents"].startswith(("Summary", "Samantha"))


def test_every_mark_of_a_page_belongs_to_the_element_that_names_it() -> None:
    """By the pages' keys, from 0 on."""
    file = reader(printed(trips_report(rows=120, sheets=2)))
    numbers = file.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for index, page in enumerate(file.pages):
        holders = numbers[2 * index + 1].get_object()
        marks = page.get_contents().get_data().count(b"/MCID")

        assert (index, index, len(holders), "/S") == (page["/StructParents"], numbers[2 * index], marks, page["/Tabs"])
        for mark, holder in enumerate(holders):
            assert mark in _marks(holder.get_object()["/K"], page.indirect_reference)


def _marks(kids: object, page: IndirectObject | None) -> set[int]:
    """Return the marks on a page among the kids of an element."""
    found = set()
    for kid in kids if isinstance(kids, ArrayObject) else [kids]:
        if isinstance(kid, int):
            found.add(int(kid))
        elif isinstance(kid, DictionaryObject) and kid.get("/Type") == "/MCR" and kid.raw_get("/Pg") == page:
            found.add(int(kid["/MCID"]))
    return found


def test_the_document_says_what_it_is() -> None:
    """Title, author and language, also in the metadata; viewers show the title in place of the file's name."""
    file = reader(printed(with_author(trips_report(sheets=1, title="Отчёт <1>"))))
    root = file.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()

    assert ("Отчёт <1>", "Müller & Co") == (file.metadata.title, file.metadata.author)
    assert (True, True, "en") == (
        root["/ViewerPreferences"]["/DisplayDocTitle"],
        root["/MarkInfo"]["/Marked"],
        root["/Lang"],
    )
    assert "Отчёт &lt;1&gt;" in metadata
    assert "Müller &amp; Co" in metadata
    assert "2020-10-06T13:01:46+00:00" in metadata


@pytest.mark.parametrize("sheets", [1, 3])
def test_the_same_report_gives_the_same_bytes(sheets: int) -> None:
    """Nothing of the time of writing is in the file."""
    assert printed(trips_report(sheets=sheets)) == printed(trips_report(sheets=sheets))


def test_a_file_in_full_past_the_ceiling_has_no_structure() -> None:
    """It would take as much memory as the pages."""
    report, out = trips_report(rows=300, sheets=1), io.BytesIO()
    Pdf(PdfSettings(max_pdf_pages=3)).write(report[0], streamed(report[1]), out, RenderOptions(full=True))

    assert "/StructTreeRoot" not in reader(out.getvalue()).trailer["/Root"]
    assert b"/MCID" not in reader(out.getvalue()).pages[1].get_contents().get_data()


def test_what_no_element_holds_is_decoration() -> None:
    """All text of a page stands in a mark: rules, fills, feet and repeated heads as artifacts."""
    chart: Chart = bars(["Mon"], {"Time": [3.0]})
    for report in (trips_report(rows=120, sheets=2), one_sheet(chart)):
        for page in reader(printed(report)).pages:
            depth = 0
            for line in page.get_contents().get_data().decode("latin-1").split("\n"):
                depth += line.endswith((" BDC", "BMC")) or line.count("BDC")
                assert depth or "Tj" not in line
                depth -= line.count("EMC")
            assert not depth
