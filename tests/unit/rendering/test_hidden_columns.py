"""Hidden columns: programs read them in the public JSON, people see them nowhere."""

import io
import json
from pathlib import Path

import pytest
import xlrd
from daybook.report.v1.sheet_pb2 import Quantity, RowGroup, Table

from services.rendering.formats.base import Format, RenderOptions
from services.rendering.formats.csv.csv_format import Csv
from services.rendering.formats.json.json_format import Json
from services.rendering.formats.pdf.pdf_format import Pdf
from services.rendering.formats.xls import Xls
from services.rendering.formats.xlsx.xlsx_format import Xlsx
from tests.builders.parts import streamed
from tests.builders.sheets import number_column, one_sheet, report_head, text_column


def table() -> Table:
    hidden = number_column([424242.0], Quantity(kind=Quantity.KIND_NUMBER), name="secret", title="Hidden one")
    hidden.hidden = True
    return Table(columns=[hidden, text_column(["shown"])], groups=[RowGroup(row_count=1)])


def written(format_: Format) -> bytes:
    head, parts = one_sheet(table())
    out = io.BytesIO()
    format_.write(head, streamed(parts), out, RenderOptions())
    return out.getvalue()


def test_the_public_json_has_the_cell_but_not_the_column() -> None:
    """Clients read a field unguarded that people do not see."""
    section = json.loads(written(Json()))["sheets"][0]["sections"][0]

    assert 424242.0 == section["data"][0]["rows"][0]["secret"]["raw"]
    assert ["text"] == [column["field"] for column in section["columns"]]


@pytest.mark.parametrize("format_", [Csv(), Xlsx(), Xls(), Pdf()])
def test_no_file_has_the_column(format_: Format) -> None:
    """A report with a hidden column gives the same file as one without it."""
    head, parts = one_sheet(table())
    del parts[0].sheet.sections[0].table.columns[0]
    expected = io.BytesIO()
    format_.write(head, streamed(parts), expected, RenderOptions())

    assert expected.getvalue() == written(format_)


def test_a_title_in_any_script_heads_the_pages_of_an_xls(tmp_path: Path) -> None:
    """The page header of an XLS is not limited to ASCII."""
    _, parts = one_sheet(table())
    file = tmp_path / "report.xls"
    with file.open("wb") as out:
        Xls().write(report_head(["Sheet"], title="Поездки 旅行"), streamed(parts), out, RenderOptions())

    assert "Поездки 旅行" in {str(value) for value in xlrd.open_workbook(file).sheet_by_index(0).col_values(0)}
