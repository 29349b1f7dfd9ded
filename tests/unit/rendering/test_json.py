"""The JSON format writes the public API's report object."""

import io
import json
import math
from collections.abc import Iterable

import pytest
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import Column, MapRow, MapTable, Quantity, RowGroup, Section, Sheet, SheetPart, Table
from daybook.report.v1.sheet_pb2 import Text as Paragraph
from hypothesis import given
from hypothesis import strategies as st
from zstandard import ZstdDecompressor

from services.rendering.formats.base import RenderOptions
from services.rendering.formats.json.json_format import Json
from tests.builders import any_report
from tests.builders.parts import streamed
from tests.builders.sheets import trips_report
from tests.builders.tables import number_column, one_sheet, report_head, text_table

ALIGNS = {Column.ALIGN_RIGHT: "right", Column.ALIGN_CENTER: "center"}


def written(head: ReportHead, parts: Iterable[SheetPart], wishes: RenderOptions = RenderOptions()) -> dict:  # noqa: B008  frozen
    """Return what the format writes, read back."""
    out = io.BytesIO()
    Json().write(head, streamed(parts), out, wishes)
    return json.loads(out.getvalue(), parse_constant=pytest.fail)


class Writes(io.BytesIO):
    """File that keeps apart what is written at once."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:  # type: ignore[override]  # formats write bytes
        self.pieces.append(data)
        return super().write(data)


@pytest.mark.parametrize(("sheets", "rows", "writes"), [(1, 9_000, 5), (40, 30, 2)])
def test_frames_hold_the_bytes_of_the_plain_file(sheets: int, rows: int, writes: int) -> None:
    """Whole frames are written, a large part alone, small ones together up to the size of a chunk."""
    head, parts = trips_report(sheets=sheets, rows=rows)
    plain, frames = Writes(), Writes()
    Json().write(head, streamed(parts), plain, RenderOptions())
    Json().write(head, streamed(parts), frames, RenderOptions(accept_zstd=True))

    opened = [ZstdDecompressor().decompressobj(read_across_frames=True).decompress(one) for one in frames.pieces]

    assert plain.getvalue() == b"".join(opened)
    assert writes == len(opened)
    assert len(frames.getvalue()) < len(plain.getvalue()) / 4


def test_a_short_report_is_plain() -> None:
    """Its size is known before it is sent, so that it can be announced."""
    head, parts = trips_report(sheets=1)
    options = RenderOptions(accept_zstd=True)

    assert not Json().writes_zstd(head, options)
    assert written(head, parts) == written(head, parts, options)


def test_a_trip_is_written_as_in_the_seed() -> None:
    """Cells have v, raw, type and location in this order, tables and sheets their keys in the seed's."""
    sheet = written(*trips_report(sheets=1))["sheets"][0]
    table, named, text = sheet["sections"]
    group = table["data"][0]

    assert ["header", "sections", "entity_ids", "additional_field"] == list(sheet)
    assert ["data", "type", "header", "columns", "column_groups"] == list(table)
    assert ["rows", "total", "header"] == list(group)
    assert {
        "v": "00:47 - Selyatino, Naro-Fominskii gor. okrug, Moscow Oblast, Russia, 143370",
        "raw": 1601934439000.0,
        "type": "value",
        "location": {"lat": 55.5311083, "lng": 36.96743},
    } == group["rows"][0]["from"]
    assert ["v", "raw", "type", "location"] == list(group["rows"][0]["from"])
    assert {"v": "01:52", "raw": 6749.0, "type": "value"} == group["rows"][0]["time"]
    assert {
        "text": "In total:",
        "length": {"v": "523.8", "raw": 523.8, "type": "value"},
        "time": {"v": "10:33", "raw": 37980.0, "type": "value"},
        "avg_speed": {"v": "50", "raw": 50.0, "type": "value"},
        "max_speed": {"v": "94", "raw": 94.0, "type": "value"},
    } == group["total"]
    assert "Oct 6, 2020 (Tue) : 7" == group["header"]
    assert {
        "align": "right",
        "field": "length",
        "title": "Total trips length,\nkm",
        "width": 1,
        "weight": 0,
        "highlight_min_max": False,
    } == table["columns"][2]
    assert ["rows", "type", "header"] == list(named)
    assert {"v": "10:33", "raw": 633.0, "name": "Travel time", "highlight": False} == named["rows"][2]
    assert {
        "text": "Odometer value at the end of the selected period.",
        "type": "text",
        "style": "small_print",
    } == text


def test_the_report_around_the_sheets_is_as_in_the_seed() -> None:
    """Dates are civil times of the report's zone; keys stand in the seed's order."""
    report = written(*trips_report())

    assert ["created", "time_filter", "title", "id", "sheets", "from", "to"] == list(report)
    assert {"from": "00:00:00", "to": "23:59:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]} == report["time_filter"]
    assert ("2020-10-06 16:01:46", "2020-10-06 00:00:00", "2020-10-06 23:59:59") == (
        report["created"],
        report["from"],
        report["to"],
    )
    assert ("Trip report", 5602232) == (report["title"], report["id"])


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Yekaterinburg", "2020-10-06T18:01:46+05:00"),
        ("America/St_Johns", "2020-10-06T10:31:46-02:30"),
        ("UTC", "2020-10-06T13:01:46Z"),
        ("Etc/UTC", "2020-10-06T13:01:46Z"),
        ("Africa/Abidjan", "2020-10-06T13:01:46+00:00"),
    ],
)
def test_iso_dates_carry_the_offset(zone: str, expected: str) -> None:
    """ISO mode writes "T" and the zone's offset, and a literal Z for UTC alone."""
    head, parts = trips_report()
    head.report.locale_info.time_zone = zone

    assert expected == written(head, parts, RenderOptions(iso_datetime=True))["created"]


def test_an_unknown_value_has_no_raw() -> None:
    """An em dash is shown, and `raw` is left out: in rows, totals and named values."""
    speed = Quantity(kind=Quantity.KIND_NUMBER)
    table = Table(columns=[number_column([math.nan, 1], speed, name="speed")], groups=[RowGroup(row_count=2)])
    table.groups[0].total.cells.add(field="speed", text="—", raw=math.nan)
    named = MapTable(rows=[MapRow(name="Speed", text="—", raw=math.nan, quantity=speed)])
    table_written, named_written = written(*one_sheet(table, named))["sheets"][0]["sections"]

    assert [{"speed": {"v": "—", "type": "value"}}, {"speed": {"v": "1", "raw": 1.0, "type": "value"}}] == (
        table_written["data"][0]["rows"]
    )
    assert {"text": "", "speed": {"v": "—", "type": "value"}} == table_written["data"][0]["total"]
    assert [{"v": "—", "name": "Speed", "highlight": False}] == named_written["rows"]


def test_what_is_not_set_is_left_out() -> None:
    """A group without header and total has rows alone, an ordinary paragraph no style, a table without id no id."""
    table, text = written(*one_sheet(text_table("a"), Paragraph(text="b")))["sheets"][0]["sections"]

    assert [{"rows": [{"text": {"v": "a", "type": "value"}}]}] == table["data"]
    assert {"text": "b", "type": "text"} == text
    assert "section_id" not in table


def test_a_machine_value_is_written_with_its_point() -> None:
    """Clients that tell integers from floats see floats."""
    out = io.BytesIO()
    head, parts = trips_report(sheets=1)
    Json().write(head, streamed(parts), out, RenderOptions())

    assert b'"raw":6749.0,' in out.getvalue()
    assert b'"raw":1601934439000.0,' in out.getvalue()


@given(st.data())
def test_any_report_cut_anywhere_is_its_plain_dictionary(data: st.DataObject) -> None:
    """The fast way over columns and parts writes what a dictionary per cell would, for any texts, numbers and cuts."""
    whole = data.draw(st.lists(any_report.sheets, max_size=2))
    parts = data.draw(any_report.cuts(whole))

    assert [plain_sheet(sheet) for sheet in whole] == written(report_head([]), parts)["sheets"]


def plain_sheet(sheet: Sheet) -> dict:
    """Return a sheet as the API's dictionary, cell by cell."""
    plain = [plain_section(section) for section in sheet.sections]
    return {"header": sheet.header, "sections": plain, "entity_ids": list(sheet.entity_ids), "additional_field": ""}


def plain_section(section: Section) -> dict:
    match section.WhichOneof("content"):
        case "table":
            return plain_table(section.table)
        case "map_table":
            rows = [plain_line(row) for row in section.map_table.rows]
            return {"type": "map_table", "header": section.map_table.header, "rows": rows}
        case _:
            style = {"style": "small_print"} if section.text.style else {}
            return {"type": "text", "text": section.text.text, **style}


def plain_line(row: MapRow) -> dict:
    raw = row.raw / (60 if row.quantity.kind == Quantity.KIND_DURATION else 1)
    cell = plain_cell(row.text, raw, row.quantity.kind)
    del cell["type"]
    return cell | {"name": row.name, "highlight": row.highlight}


def plain_table(table: Table) -> dict:
    kinds = {column.field: column.quantity.kind for column in table.columns}
    data, row = [], 0
    for group in table.groups:
        rows = range(row, row + group.row_count)
        plain: dict = {"rows": [{one.field: column_cell(one, at) for one in table.columns} for at in rows]}
        if group.header:
            plain["header"] = group.header
        if group.HasField("total"):
            cells = {cell.field: plain_cell(cell.text, cell.raw, kinds[cell.field]) for cell in group.total.cells}
            plain["total"] = {"text": group.total.text} | cells
        data.append(plain)
        row += group.row_count
    columns = [
        {
            "align": ALIGNS.get(one.align, "left"),
            "field": one.field,
            "title": one.title,
            "width": one.width,
            "weight": one.weight,
            "highlight_min_max": one.highlight_min_max,
        }
        for one in table.columns
    ]
    groups = [{"title": one.title, "fields": list(one.fields)} for one in table.column_groups]
    named = {"section_id": table.section_id} if table.section_id else {}
    keys = {"type": "table", "header": table.header, "data": data, "columns": columns, "column_groups": groups}
    return keys | named


def column_cell(column: Column, row: int) -> dict:
    raw = column.raw[row] if column.raw else math.nan
    cell = plain_cell(column.text[row], raw, column.quantity.kind)
    if row in column.places.row:
        place = list(column.places.row).index(row)
        cell["location"] = {"lat": column.places.lat[place], "lng": column.places.lng[place]}
    return cell


def plain_cell(text: str, raw: float, kind: int) -> dict:
    known = {"raw": raw} if kind > Quantity.KIND_TEXT and math.isfinite(raw) else {}
    return {"v": text, **known, "type": "value"}
