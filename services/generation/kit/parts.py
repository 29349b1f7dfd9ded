"""Cutting a sheet into parts small enough for one message and one document (design §3)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

from daybook.report.v1 import sheet_pb2 as pb

MAX_ROWS = 2_000
MAX_BYTES = 1 << 20
PLAIN = ("field", "title", "align", "width", "weight", "highlight_min_max", "address_title", "hidden")


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
            yield from ((index, piece, rows, piece.ByteSize()) for piece, rows in _Whole.of(section).pieces())
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


@dataclass(frozen=True, slots=True)
class _Whole:
    """A table to cut, its number of rows and the row behind each of its groups."""

    section: pb.Section
    row_count: int
    group_ends: Sequence[int]

    @classmethod
    def of(cls, section: pb.Section) -> Self:
        table = section.table
        row_count = len(table.columns[0].text) if table.columns else 0
        return cls(section, row_count, list(accumulate(group.row_count for group in table.groups)))

    @property
    def table(self) -> pb.Table:
        """The table that the section holds."""
        return self.section.table

    def pieces(self) -> Iterator[tuple[pb.Section, int]]:
        """Yield sections of consecutive rows, each with their number."""
        if self.row_count <= 1 or (self.row_count <= MAX_ROWS and self.table.ByteSize() <= MAX_BYTES):
            yield self.section, self.row_count
            return
        for start in range(0, self.row_count, MAX_ROWS):
            yield from self._halved(start, min(start + MAX_ROWS, self.row_count))

    def _halved(self, start: int, end: int) -> Iterator[tuple[pb.Section, int]]:
        """Yield the rows in one piece when that is small enough, else in two halves or more."""
        piece = pb.Section()
        self._fill(piece.table, start, end)
        piece.continued = self.section.continued or start > 0
        piece.unfinished = self.section.unfinished or end < self.row_count
        if end - start == 1 or piece.ByteSize() <= MAX_BYTES:
            yield piece, end - start
            return
        middle = (start + end) // 2
        yield from self._halved(start, middle)
        yield from self._halved(middle, end)

    def _fill(self, piece: pb.Table, start: int, end: int) -> None:
        """Write the rows into an empty table; putting finished columns into it would copy them."""
        piece.header, piece.section_id = self.table.header, self.table.section_id
        piece.column_groups.extend(self.table.column_groups)
        piece.groups.extend(self._group_rows(start, end))
        for column in self.table.columns:
            _fill_column(piece.columns.add(), column, start, end)

    def _group_rows(self, start: int, end: int) -> Iterator[pb.RowGroup]:
        """Yield the groups of the rows. One that has none itself belongs to the row before it, or to the first."""
        begin = bisect_right(self.group_ends, start) if start else 0
        for place in range(begin, len(self.group_ends)):
            group, past = self.table.groups[place], self.group_ends[place]
            first = past - group.row_count
            if first >= end and (group.row_count or first > end):
                return
            piece = pb.RowGroup(header=group.header, row_count=min(past, end) - max(first, start))
            piece.continued = group.continued or first < start
            piece.unfinished = group.unfinished or past > end
            if not piece.unfinished and group.HasField("total"):
                piece.total.CopyFrom(group.total)
            yield piece


def _fill_column(piece: pb.Column, column: pb.Column, start: int, end: int) -> None:
    for name in PLAIN:
        setattr(piece, name, getattr(column, name))
    if column.HasField("min_row"):
        piece.min_row = column.min_row
    if column.HasField("max_row"):
        piece.max_row = column.max_row
    piece.quantity.CopyFrom(column.quantity)
    piece.text.extend(column.text[start:end])
    piece.raw.extend(column.raw[start:end])
    places = column.places
    first, past = bisect_left(places.row, start), bisect_left(places.row, end)  # rows ascend
    if first < past:
        piece.places.row.extend(row - start for row in places.row[first:past])
        piece.places.lat.extend(places.lat[first:past])
        piece.places.lng.extend(places.lng[first:past])
        piece.places.address.extend(places.address[first:past])
