"""Cutting a sheet into parts small enough for one message and one document (design §3)."""

from collections.abc import Iterable, Iterator

from daybook.report.v1 import sheet_pb2 as pb

MAX_ROWS = 2_000
MAX_BYTES = 1 << 20
DEFINITIONS = ("field", "title", "align", "width", "weight", "highlight_min_max", "quantity", "address_title", "hidden")


def cut(sheet: pb.Sheet, sheet_index: int) -> Iterator[pb.SheetPart]:
    """Yield the sheet's parts in order. Each is a sheet in itself: its header and its columns' definitions repeat."""
    slices = _packed(_pieces(sheet))
    last = max(len(slices) - 1, 0)
    for part_index, (first_section, sections) in enumerate(slices or [(0, [])]):
        part = pb.SheetPart(
            sheet_index=sheet_index, part_index=part_index, last=part_index == last, first_section=first_section
        )
        part.sheet.header = sheet.header
        part.sheet.entity_ids.extend(sheet.entity_ids)
        part.sheet.additional_field = sheet.additional_field
        part.sheet.time_zone = sheet.time_zone
        part.sheet.sections.extend(sections)
        yield part


def cell_count(sheet: pb.Sheet) -> int:
    """Count the cells of a sheet's tables."""
    tables = (section.table for section in sheet.sections if section.HasField("table"))
    return sum(len(column.text) for table in tables for column in table.columns)


Piece = tuple[int, pb.Section, int, int]  # place of the section in its sheet, a piece of it, its rows, its bytes


def _pieces(sheet: pb.Sheet) -> Iterator[Piece]:
    for index, section in enumerate(sheet.sections):
        if section.HasField("table"):
            yield from ((index, piece, rows, piece.ByteSize()) for piece, rows in _table_pieces(section))
        else:
            yield index, section, 0, section.ByteSize()


def _packed(pieces: Iterable[Piece]) -> list[tuple[int, list[pb.Section]]]:
    """Put neighbouring pieces together as long as they fit into one part."""
    slices: list[tuple[int, list[pb.Section]]] = []
    rows_so_far = bytes_so_far = 0
    for index, section, rows, size in pieces:
        if not slices or rows_so_far + rows > MAX_ROWS or bytes_so_far + size > MAX_BYTES:
            slices.append((index, []))
            rows_so_far = bytes_so_far = 0
        slices[-1][1].append(section)
        rows_so_far += rows
        bytes_so_far += size
    return slices


def _table_pieces(section: pb.Section) -> Iterator[tuple[pb.Section, int]]:
    row_count = len(section.table.columns[0].text) if section.table.columns else 0
    if row_count <= MAX_ROWS and section.ByteSize() <= MAX_BYTES:
        yield section, row_count
        return
    for start in range(0, row_count, MAX_ROWS):
        yield from _halved(section.table, start, min(start + MAX_ROWS, row_count), row_count)


def _halved(table: pb.Table, start: int, end: int, row_count: int) -> Iterator[tuple[pb.Section, int]]:
    """Yield the rows in one piece when that is small enough, else in two halves or more."""
    piece = pb.Section(table=_rows(table, start, end, row_count))
    if end - start == 1 or piece.ByteSize() <= MAX_BYTES:
        yield piece, end - start
        return
    middle = (start + end) // 2
    yield from _halved(table, start, middle, row_count)
    yield from _halved(table, middle, end, row_count)


def _rows(table: pb.Table, start: int, end: int, row_count: int) -> pb.Table:
    return pb.Table(
        header=table.header,
        section_id=table.section_id,
        columns=[_column_rows(column, start, end) for column in table.columns],
        column_groups=table.column_groups,
        groups=_group_rows(table.groups, start, end),
        continued=start > 0,
        unfinished=end < row_count,
    )


def _column_rows(column: pb.Column, start: int, end: int) -> pb.Column:
    piece = pb.Column(
        **{name: getattr(column, name) for name in DEFINITIONS}, text=column.text[start:end], raw=column.raw[start:end]
    )
    for name in ("min_row", "max_row"):
        if column.HasField(name):
            setattr(piece, name, getattr(column, name))
    places = column.places
    chosen = [index for index, row in enumerate(places.row) if start <= row < end]
    if chosen:
        first, past = chosen[0], chosen[-1] + 1
        piece.places.row.extend(row - start for row in places.row[first:past])
        piece.places.lat.extend(places.lat[first:past])
        piece.places.lng.extend(places.lng[first:past])
        piece.places.address.extend(places.address[first:past])
    return piece


def _group_rows(groups: Iterable[pb.RowGroup], start: int, end: int) -> Iterator[pb.RowGroup]:
    first = 0
    for group in groups:
        past = first + group.row_count
        inside = min(past, end) - max(first, start)
        if inside > 0:
            piece = pb.RowGroup(header=group.header, row_count=inside)
            piece.continued = first < start
            piece.unfinished = past > end
            if not piece.unfinished and group.HasField("total"):
                piece.total.CopyFrom(group.total)
            yield piece
        first = past
