"""`daybook report show`: the stored parts of a report, with their rows."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from daybook.generation.v1.generation_service_pb2 import RowRange, StreamedPart, StreamPartsRequest
from daybook.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from daybook.report.v1.sheet_pb2 import Column as TableColumn
from daybook.report.v1.sheet_pb2 import Section, SheetPart
from google.protobuf.json_format import MessageToDict

from services.cli.client import Access, Metadata, service_at
from services.cli.tables import Column, Kind, table_lines
from services.runtime.shown_text import shown

INDENT = "   "
PAIRS = (Column("Name"), Column("Value"))


def request_for(report_id: int, sheet: int | None, rows: tuple[int, int] | None) -> StreamPartsRequest:
    """Return the request for parts: of one sheet, counted from 0, and with some of these rows, counted from 0."""
    request = StreamPartsRequest(report_id=report_id, sheet_index=sheet)
    if rows is not None:
        request.rows.CopyFrom(RowRange(first=rows[0], count=rows[1]))
    return request


async def stream_parts(
    access: Access, caller: Metadata, request: StreamPartsRequest
) -> AsyncIterator[tuple[StreamedPart, SheetPart]]:
    """Yield parts as they are stored, each with its message."""
    async with service_at(access, "generation") as channel:
        async for response in GenerationServiceStub(channel).StreamParts(request, metadata=caller):
            if response.HasField("part"):
                yield response.part, SheetPart.FromString(response.part.message)


def part_json(stored: StreamedPart, part: SheetPart) -> dict[str, Any]:
    """Return a part as JSON, under the names of its contract."""
    part.sheet_index = stored.sheet_index
    shown: dict[str, Any] = MessageToDict(part, preserving_proto_field_name=True)
    return shown


def part_lines(stored: StreamedPart, part: SheetPart, width: int | None) -> Iterator[str]:
    """Yield the outline and the rows of a part as lines of at most a width."""
    end_row = stored.first_row + stored.row_count
    size = f"rows {stored.first_row} to {end_row}, {len(stored.message)} bytes"
    yield shown(f"sheet {stored.sheet_index} {part.sheet.header!r}, part {stored.part_index}, {size}")
    for section in part.sheet.sections:
        kind = section.WhichOneof("content") or "unknown"
        header = getattr(getattr(section, kind, None), "header", "")
        edges = "".join(f", {name}" for name in ("continued", "unfinished") if getattr(section, name))
        yield shown(f"  {kind} {header!r}{edges}")
        yield from (INDENT + line for line in _section_lines(section, kind, width and max(width - len(INDENT), 1)))


def _section_lines(section: Section, kind: str, width: int | None) -> Iterator[str]:
    match kind:
        case "table":
            rows = list(zip(*(column.text for column in section.table.columns), strict=True))
            yield from table_lines([_column(column) for column in section.table.columns], rows, width)
        case "map_table":
            yield from table_lines(PAIRS, [(row.name, row.text) for row in section.map_table.rows], width)[1:]
        case "text":
            yield from map(shown, section.text.text.splitlines())
        case _:
            yield shown(MessageToDict(section, preserving_proto_field_name=True))


def _column(column: TableColumn) -> Column:
    is_number = column.align == TableColumn.ALIGN_RIGHT
    return Column(column.title.replace("\n", " "), Kind.NUMBER if is_number else Kind.TEXT)
