"""Parts of sheets as documents, and back."""

import bson
import pytest
from daybook.report.v1 import sheet_pb2 as pb
from hypothesis import given
from zstandard import ZstdDecompressor

from services.errors.reports import UnknownSchema
from services.generation.kit.parts import cut
from services.generation.reporting.report import StoredPart
from services.generation.store.part_documents import part_document, stored_part
from tests.builders.any_message import sections_of_every_kind, sheets_of_every_kind
from tests.builders.sheets import number_column


def through_the_store(part: pb.SheetPart, public_json: bytes = b"{}") -> StoredPart:
    document = bson.decode(bson.encode({"report_id": 5} | part_document(part, public_json)))
    return stored_part(document, 2)


@given(sheets_of_every_kind(9))
def test_a_part_comes_back_as_it_went(sheet: pb.Sheet) -> None:
    """Storing a part changes no byte of it, and its place and its rows can be read without parsing it."""
    for part in cut(sheet, 4):
        stored = through_the_store(part)

        assert part == pb.SheetPart.FromString(stored.message)
        assert (2, part.part_index, part.last) == (stored.sheet_index, stored.part_index, stored.last)
        assert (part.first_row, part.row_count) == (stored.first_row, stored.row_count)


def test_no_field_of_a_section_is_lost_in_the_store() -> None:
    """Every field of every message that a sheet can hold is set."""
    (part,) = cut(pb.Sheet(sections=sections_of_every_kind(10)), 0)

    assert part == pb.SheetPart.FromString(through_the_store(part).message)


def test_public_json_is_stored_compressed() -> None:
    """It comes back as it was."""
    stored = through_the_store(pb.SheetPart(), b'{"a":1}' * 1_000)

    assert len(stored.public_json) < 100
    assert b'{"a":1}' * 1_000 == ZstdDecompressor().decompress(stored.public_json)


def test_an_operator_reads_an_outline() -> None:
    """Header, sections, columns and numbers of rows are plain; the values are in the message."""
    column = number_column([1.0, 2.0], pb.Quantity(), name="length", title="Length, km")
    table = pb.Section(table=pb.Table(header="Trips", columns=[column]), unfinished=True)
    part = pb.SheetPart(
        sheet=pb.Sheet(header="Car", entity_ids=[7], sections=[table, pb.Section(text=pb.Text(text="a"))])
    )

    assert {
        "header": "Car",
        "entity_ids": [7],
        "sections": [
            {
                "type": "table",
                "header": "Trips",
                "rows": 2,
                "columns": [{"field": "length", "title": "Length, km"}],
                "unfinished": True,
            },
            {"type": "text", "header": "", "rows": 1},
        ],
    } == part_document(part, b"{}")["outline"]


def test_an_unknown_schema_is_named_with_its_report() -> None:
    """A part of another version is never read by guessing."""
    with pytest.raises(UnknownSchema, match="Report 5 is stored with schema 3, which this version does not read"):
        stored_part({"schema": 3, "report_id": 5}, 0)
