"""Parts of a sheet, each small enough for one message and one document (design §3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from daybook.report.v1 import sheet_pb2 as pb

from services.runtime.slices import Slicer

MAX_ROWS = 2_000
MAX_BYTES = 1 << 20
MAX_GROUPS = 100_000  # in an outline


def cut(sheet: pb.Sheet, sheet_index: int) -> Iterator[pb.SheetPart]:
    """Yield the sheet's parts in order. Each is a sheet in itself: its header and its columns' definitions repeat."""
    slices = _packed(sheet) or [_Slice(0)]
    row = 0
    for part_index, packed in enumerate(slices):
        part = pb.SheetPart(
            sheet_index=sheet_index,
            part_index=part_index,
            last=part_index == len(slices) - 1,
            first_section=packed.first_section,
            first_row=row,
            row_count=packed.row_count,
        )
        part.sheet.header = sheet.header
        part.sheet.entity_ids.extend(sheet.entity_ids)
        part.sheet.additional_field = sheet.additional_field
        part.sheet.time_zone = sheet.time_zone
        part.sheet.entity_kind, part.sheet.entity_label = sheet.entity_kind, sheet.entity_label
        part.sheet.sections.extend(packed.sections)
        row += packed.row_count
        yield part


def outline_of(sheet: pb.Sheet) -> pb.SheetOutline:
    """Return what a sheet holds: its sections with their numbers of rows."""
    outline = pb.SheetOutline(
        header=sheet.header,
        entity_ids=sheet.entity_ids,
        entity_kind=sheet.entity_kind,
        time_zone=sheet.time_zone,
    )
    for section in sheet.sections:
        name, row_count = section.WhichOneof("content") or "unspecified", Slicer(section).length
        groups = section.table.groups if len(section.table.groups) <= MAX_GROUPS else ()
        outline.sections.add(
            groups=map(_group_outline, groups),
            kind=pb.SectionOutline.Kind.Value(f"KIND_{name.upper()}"),
            header=getattr(getattr(section, name, None), "header", ""),
            row_count=row_count,
            first_row=outline.row_count,
        )
        outline.row_count += row_count
    return outline


def _group_outline(group: pb.RowGroup) -> pb.RowGroupOutline:
    return pb.RowGroupOutline(
        row_count=group.row_count, has_header=bool(group.header), has_total=group.HasField("total")
    )


def cell_count(sheet: pb.Sheet) -> int:
    """Return the number of cells of a sheet's tables."""
    tables = (section.table for section in sheet.sections if section.HasField("table"))
    return sum(len(column.text) for table in tables for column in table.columns)


@dataclass(slots=True)
class _Slice:
    """Neighbouring sections, or slices of them, that fit into one part."""

    first_section: int
    sections: list[pb.Section] = field(default_factory=list)
    row_count: int = 0
    byte_count: int = 0


def _packed(sheet: pb.Sheet) -> list[_Slice]:
    slices: list[_Slice] = []
    for index, section in enumerate(sheet.sections):
        for piece, row_count in _pieces(Slicer(section)):
            size = piece.ByteSize()
            last = slices[-1] if slices else None
            if last is None or last.row_count + row_count > MAX_ROWS or last.byte_count + size > MAX_BYTES:
                last = _Slice(index)
                slices.append(last)
            last.sections.append(piece)
            last.row_count += row_count
            last.byte_count += size
    return slices


def _pieces(whole: Slicer) -> Iterator[tuple[pb.Section, int]]:
    """Yield slices of consecutive rows, each with their number."""
    if whole.length <= 1 or (whole.length <= MAX_ROWS and whole.section.ByteSize() <= MAX_BYTES):
        yield whole.section, whole.length
        return
    for start in range(0, whole.length, MAX_ROWS):
        yield from _halved(whole, start, min(start + MAX_ROWS, whole.length))


def _halved(whole: Slicer, start: int, end: int) -> Iterator[tuple[pb.Section, int]]:
    """Yield the rows in one slice when that is small enough, else in two halves or more."""
    piece = whole.cut(start, end)
    if end - start == 1 or piece.ByteSize() <= MAX_BYTES:
        yield piece, end - start
        return
    middle = (start + end) // 2
    yield from _halved(whole, start, middle)
    yield from _halved(whole, middle, end)
