"""Sections that go on from part to part: charts, named values and paragraphs are whole again in every file."""

import io
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from daybook.report.v1.sheet_pb2 import MapRow, MapTable, Section, Sheet, SheetPart, Text
from pypdf import PdfReader

from services.generation.kit import parts
from services.generation.kit.parts import cut
from services.rendering.formats.base import Format, RenderOptions, joined
from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.json.json_format import Json
from services.rendering.formats.pdf.pdf_format import Pdf
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.charts import bars
from tests.builders.parts import streamed
from tests.builders.sheets import report_head, text_table

DAYS = [f"day {number}" for number in range(20)]
SHEET = Sheet(
    header="Sheet",
    sections=[
        Section(table=text_table(*DAYS)),
        Section(chart=bars(DAYS, {"Time": [float(number) for number in range(20)]})),
        Section(map_table=MapTable(header="Totals", rows=[MapRow(name=day, text="1") for day in DAYS])),
        Section(text=Text(text="word " * 700)),
        Section(table=text_table(*DAYS)),
    ],
)


@pytest.fixture
def slices() -> Iterator[list[SheetPart]]:
    with patch.multiple(parts, MAX_ROWS=3):
        yield list(cut(SHEET, 0))


def file_of(kind: Format, slices: list[SheetPart]) -> bytes:
    out = io.BytesIO()
    kind.write(report_head(["Sheet"]), streamed(slices, SHEET), out, RenderOptions())
    return out.getvalue()


def test_only_tables_go_on_in_joined_parts(slices: list[SheetPart]) -> None:
    """Each other section is in the part in which it ends, as it was."""
    assert len(slices) > 20
    whole = [section for part in joined(slices) for section in part.sheet.sections if not section.HasField("table")]

    assert [section for section in SHEET.sections if not section.HasField("table")] == whole


@pytest.mark.parametrize("kind", [Json(), Csv(), Xlsx(), Xls()])
def test_a_file_does_not_show_where_a_report_was_cut(kind: Format, slices: list[SheetPart]) -> None:
    """A report in many parts gives the bytes of the same report in one."""
    whole = file_of(kind, [SheetPart(sheet=SHEET, last=True)])

    assert len(whole) > 100
    assert whole == file_of(kind, slices)


def test_a_pdf_has_all_of_a_long_section(slices: list[SheetPart]) -> None:
    """Its columns are measured on the first part of a table, so only its words are those of a report in one part."""

    def words(parts_of: list[SheetPart]) -> list[str]:
        pages = PdfReader(io.BytesIO(file_of(Pdf(), parts_of))).pages
        return [word for page in pages for word in page.extract_text().split()]

    assert sorted(words([SheetPart(sheet=SHEET, last=True)])) == sorted(words(slices))
