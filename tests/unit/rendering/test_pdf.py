"""A report as a PDF: its text, pages, links and bookmarks, read back by pypdf and pdftotext."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from daybook.report.v1.sheet_pb2 import MapRow, MapTable, RowGroup, SheetPart, Table, Text
from pypdf.generic import Destination

from services.errors.reports import FileTooLarge
from services.rendering import theme
from services.rendering.formats.base import RenderOptions
from services.rendering.formats.pdf.pdf_format import Pdf, PdfSettings
from tests.builders.parts import streamed
from tests.builders.pdf_files import coloured, laid_out, pages, printed, reader, squeezed
from tests.builders.sheets import LAKE, ZONE, one_sheet, report_head, text_column, text_table, trips_report


def test_the_seeds_trips_lie_on_the_page_as_a_table(tmp_path: Path) -> None:
    """A row's cells stand side by side; heads, day, totals, named values and the footnote are there."""
    text = laid_out(printed(trips_report(sheets=1)), tmp_path / "trips.pdf")

    assert re.search(r"^ *03:11 +Serpukhov, .* 106\.97 +01:58 +54 +94$", text, re.MULTILINE)
    assert re.search(r"^ *Oct 6, 2020 \(Tue\) : 7 +523\.8 +10:33 +50 +94$", text, re.MULTILINE)
    assert re.search(r"^ *Odometer value \*, km +515855$", text, re.MULTILINE)
    for words in ("Trip report", "Samantha (Ford Focus)", "Start address", "Oct 6, 2020 (Tue) : 7", "at the end of"):
        assert words in text


def test_an_address_that_is_broken_over_lines_is_whole() -> None:
    """Breaking a text over lines loses nothing of it."""
    assert "".join(LAKE[2].split()) in squeezed(printed(trips_report(sheets=1)))


def test_every_page_says_which_it_is() -> None:
    """Footers count all pages, though the first is finished before the last is known."""
    texts = pages(printed(trips_report(rows=200, sheets=3)))

    assert len(texts) > 10
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text


def test_a_table_repeats_its_head_and_its_day_on_each_page() -> None:
    """Who opens a page in the middle sees the columns, and the day to which times without dates belong."""
    texts = pages(printed(trips_report(rows=200, sheets=1), headless=True))

    for text in texts[:-1]:
        assert "End address" in text
    assert re.search(r"Oct 8, 2020 \(Thu\) : 7 …", texts[1])


def test_contents_name_each_sheet_with_its_page_and_lead_there() -> None:
    """The numbers and links of the contents are the pages where the sheets begin."""
    file = reader(printed(trips_report(rows=50, sheets=3)))
    cover = file.pages[0]
    entries = re.findall(r"^(.+?) +\.[ .]+(\d+)$", cover.extract_text().partition("Contents")[2], re.MULTILINE)
    starts = {
        name: next(
            number
            for number, page in enumerate(file.pages, 1)
            if re.search(rf"^{re.escape(name)} 6", page.extract_text(), re.MULTILINE)
        )
        for name in ("Samantha (Ford Focus)", "Samantha (Ford Focus 2)")
    }

    assert [("Summary", "1"), *((name, str(number)) for name, number in starts.items())] == entries
    targets = [link.get_object()["/Dest"][0].get_object() for link in cover["/Annots"]]
    assert [*starts.values(), 1, *starts.values()] == [file.get_page_number(target) + 1 for target in targets]


def test_a_long_list_of_contents_goes_on_over_pages() -> None:
    """Contents that do not fit on the cover go on over pages in columns, and every sheet is in them once."""
    labels = [f"Vehicle {number:03}" for number in range(100)]
    head = report_head(labels)
    parts = [SheetPart(sheet_index=index, last=True) for index in range(100)]
    for part, label in zip(parts, labels, strict=True):
        part.sheet.header = label

    texts = pages(printed((head, parts)))

    assert "Contents" in texts[0]
    assert "Vehicle 099" in texts[1]
    listed = re.findall(r"(Vehicle \d{3}) +\.[ .]+(\d+)", "\n".join(texts[:2]))
    assert labels == [label for label, _ in listed]
    assert all(f"{label} 6 Oct" in texts[int(number) - 1] for label, number in listed)


def test_bookmarks_are_sheets_and_under_them_their_sections() -> None:
    """The outline has two levels; what is printed as tiles is no section."""
    outline = reader(printed(trips_report(sheets=2))).outline

    assert ["Summary", ["Summary"], "Samantha (Ford Focus)", ["Trips"]] == _titles(outline)


def test_headless_leaves_cover_and_contents_out() -> None:
    """The file begins with the first sheet; page numbers stay."""
    texts = pages(printed(trips_report(sheets=2), headless=True))

    assert 1 == len(texts)
    assert texts[0].startswith("Summary")
    assert "Contents" not in "".join(texts)
    assert "Page 1 of 1" in texts[0]


def test_a_file_was_created_when_its_report_was() -> None:
    """Not when it was written."""
    assert datetime(2020, 10, 6, 13, 1, 46, tzinfo=UTC) == reader(printed(trips_report())).metadata.creation_date


def test_parts_do_not_show() -> None:
    """A table in one part and the same in many make the same pages, rows and totals."""
    whole = pages(printed(trips_report(rows=100, sheets=1)))
    cut = pages(printed(trips_report(rows=100, sheets=1, rows_per_part=9)))

    assert [_words(text) for text in whole] == [_words(text) for text in cut]


def test_the_largest_value_is_red_and_the_smallest_blue(tmp_path: Path) -> None:
    """Where a column asks for it; all else is in the colours of text."""
    colours = coloured(printed(trips_report(sheets=1, highlight=True), headless=True), tmp_path / "trips.pdf")

    assert ["94", "108.48"] == colours[theme.LARGEST]
    assert ["0.95", "13"] == colours[theme.SMALLEST]
    assert {theme.LARGEST, theme.SMALLEST, theme.INK, theme.FAINT_INK, theme.ACCENT} == colours.keys()


def test_column_groups_stand_above_their_columns(tmp_path: Path) -> None:
    """A group's title is in the head, over the titles of its columns."""
    lines = laid_out(printed(trips_report(sheets=1, grouped_columns=True), headless=True), tmp_path / "g.pdf")

    lines = lines.partition("Trips\n")[2]
    group, columns = lines.find("  Speed"), lines.find("speed,")
    assert 0 < group < columns


def test_an_empty_sheet_holds_its_sentence() -> None:
    """A sheet without data is a page with a title and one sentence."""
    texts = pages(printed(one_sheet(Text(text="No movements found."), header="Van"), headless=True))

    assert 1 == len(texts)
    assert [f"Van 6 Oct 2020 · {ZONE}", f"6 Oct 2020 · {ZONE}", "No movements found."] == texts[0].splitlines()[:3]


def test_a_report_without_sheets_is_still_a_file() -> None:
    """Also without a cover there is one page, as a PDF needs one."""
    assert 1 == len(pages(printed((report_head([]), []), headless=True)))


def test_a_row_taller_than_a_page_goes_on_over_pages() -> None:
    """Its words come once each, in order."""
    words = [f"w{number}" for number in range(4_000)]
    table = text_table(" ".join(words), "after")

    found = re.findall(r"\bw\d+\b|\bafter\b", " ".join(pages(printed(one_sheet(table), headless=True))))

    assert [*words, "after"] == found


def test_a_long_list_of_named_values_goes_on_over_pages() -> None:
    """Every name and value comes once, in order."""
    rows = [MapRow(name=f"Name {number}:", text=f"={number} km", highlight=number == 3) for number in range(120)]

    text = "".join(pages(printed(one_sheet(MapTable(header="Totals", rows=rows)), headless=True)))

    assert [(str(number), str(number)) for number in range(120)] == re.findall(r"Name (\d+):\s*=(\d+) km", text)


def test_too_many_cells_are_refused_before_work_begins() -> None:
    """Not one part is read."""

    def parts() -> Iterator[SheetPart]:
        raise AssertionError("a part was read")
        yield SheetPart()

    head = report_head(["Sheet"], cell_count=101)
    with pytest.raises(FileTooLarge) as refused:
        Pdf(PdfSettings(max_pdf_cells=100)).write(head, streamed(parts()), io.BytesIO(), RenderOptions())

    assert {"cell_count": "101", "max_cells": "100"} == refused.value.metadata


def test_days_are_bookmarks_of_their_section() -> None:
    """Other groups are not; where the section has no title they are the sheet's."""
    days = [RowGroup(header=f"Mon {day:02d}.10.2020 : 1", row_count=1, date=f"2020-10-{day:02d}") for day in (5, 6)]
    groups = [*days, RowGroup(header="Night shift", row_count=1)]
    named, nameless = (
        Table(header=name, columns=[text_column(["a", "b", "c"])], groups=groups) for name in ("Trips", "")
    )

    titles = [day.header for day in days]
    assert ["Sheet", ["Trips", titles]] == _titles(reader(printed(one_sheet(named), headless=True)).outline)
    assert ["Sheet", titles] == _titles(reader(printed(one_sheet(nameless), headless=True)).outline)


def _titles(outline: list[Destination | list[Destination]]) -> list[object]:
    return [_titles(entry) if isinstance(entry, list) else entry.title for entry in outline]


def _words(page: str) -> list[str]:
    return page.split()
