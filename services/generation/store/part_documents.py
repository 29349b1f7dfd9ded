"""Parts of sheets as documents of the collection `report_sheets`, and back."""

from collections.abc import Callable, Mapping
from typing import Any

from daybook.report.v1 import sheet_pb2 as pb
from zstandard import ZstdCompressor

from services.errors.reports import UnknownSchema
from services.generation.reporting.report import StoredPart
from services.runtime.slices import Slicer

Document = dict[str, Any]

SCHEMA = 2
PLACES = ("report_id", "sheet", "part", "last", "first_row", "row_count", "run", "schema")


def part_document(part: pb.SheetPart, public_json: bytes) -> Document:
    """Return the document of a part with the public JSON of its sections, without what says whose it is."""
    return {
        "schema": SCHEMA,
        "sheet": part.sheet_index,
        "part": part.part_index,
        "last": part.last,
        "first_row": part.first_row,
        "end_row": part.first_row + part.row_count,
        "row_count": part.row_count,
        "outline": outline(part.sheet),
        "message": part.SerializeToString(),
        "public_json": ZstdCompressor().compress(public_json),
    }


def outline(sheet: pb.Sheet) -> Document:
    """Return what an operator sees of a part: its sheet, its sections, their columns and numbers of rows."""
    return {
        "header": sheet.header,
        "entity_ids": list(sheet.entity_ids),
        "sections": [_section_outline(section) for section in sheet.sections],
    }


def _section_outline(section: pb.Section) -> Document:
    kind = section.WhichOneof("content")
    content = getattr(section, kind) if kind else None
    shown: Document = {"type": kind, "header": getattr(content, "header", ""), "rows": Slicer(section).length}
    if section.HasField("table"):
        shown["columns"] = [{"field": column.field, "title": column.title} for column in section.table.columns]
    return shown | {name: True for name in ("continued", "unfinished") if getattr(section, name)}


def stored_part(found: Document, sheet_index: int) -> StoredPart:
    """Read the document of a part of the report's sheet at a place. Raises UnknownSchema."""
    read = READERS.get(found["schema"])
    if read is None:
        raise UnknownSchema(found["schema"], found["report_id"])
    return read(found, sheet_index)


def _read(found: Document, sheet_index: int) -> StoredPart:
    return StoredPart(
        sheet_index=sheet_index,
        part_index=found["part"],
        last=found["last"],
        first_row=found["first_row"],
        row_count=found["row_count"],
        message=found.get("message", b""),
        public_json=found.get("public_json", b""),
    )


READERS: Mapping[int, Callable[[Document, int], StoredPart]] = {SCHEMA: _read}
