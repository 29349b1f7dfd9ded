"""Hypothesis strategies for whole sheets of any content, and the cutting of a sheet into parts at any places."""

from collections.abc import Iterator

from daybook.report.v1.sheet_pb2 import (
    Column,
    ColumnGroup,
    MapRow,
    MapTable,
    Places,
    Quantity,
    RowGroup,
    Section,
    Sheet,
    SheetPart,
    Table,
    Text,
    Total,
    TotalCell,
)
from hypothesis import strategies as st

texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ['x",', ',\n  "', '\\", "', "\\u0000", "null"]
)
numbers = st.floats() | st.integers(-(10**15), 10**15).map(float)
degrees = st.floats(-180, 180)
quantities = st.builds(Quantity, kind=st.sampled_from(Quantity.Kind.values()))


@st.composite
def columns(draw: st.DrawFn, field: str, rows: int) -> Column:
    """Return a column of so many rows."""
    quantity = draw(quantities)
    column = Column(field=field, title=draw(texts), width=draw(st.integers(0, 4)), quantity=quantity)
    column.align = draw(st.sampled_from(Column.Align.values()))
    column.highlight_min_max = draw(st.booleans())
    column.text.extend(draw(st.lists(texts, min_size=rows, max_size=rows)))
    if quantity.kind > Quantity.KIND_TEXT or draw(st.booleans()):
        column.raw.extend(draw(st.lists(numbers, min_size=rows, max_size=rows)))
    if rows and draw(st.booleans()):
        placed = sorted(draw(st.sets(st.integers(0, rows - 1))))
        spots = draw(st.lists(st.tuples(degrees, degrees), min_size=len(placed), max_size=len(placed)))
        lat, lng = [spot[0] for spot in spots], [spot[1] for spot in spots]
        column.places.MergeFrom(Places(row=placed, lat=lat, lng=lng, address=["" for _ in placed]))
    return column


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return a table of a few groups."""
    counts = draw(st.lists(st.integers(0, 4), max_size=4))
    names = draw(st.lists(texts, unique=True, max_size=3))
    table = Table(header=draw(texts), section_id=draw(st.sampled_from(["", "fuel"])))
    table.columns.extend(draw(columns(name, sum(counts))) for name in names)
    table.column_groups.extend(draw(st.lists(st.builds(ColumnGroup, title=texts, fields=st.just(names)), max_size=1)))
    totals = st.builds(TotalCell, text=texts, raw=numbers)
    for count in counts:
        group = RowGroup(header=draw(texts), row_count=count)
        if draw(st.booleans()):
            group.total.MergeFrom(Total(text=draw(texts)))
            for name in draw(st.lists(st.sampled_from(names), unique=True) if names else st.just([])):
                group.total.cells.add(field=name).MergeFrom(draw(totals))
        table.groups.append(group)
    return table


map_rows = st.builds(MapRow, name=texts, text=texts, raw=numbers, highlight=st.booleans(), quantity=quantities)
sections = (
    tables().map(lambda table: Section(table=table))
    | st.builds(MapTable, header=texts, rows=st.lists(map_rows, max_size=3)).map(lambda one: Section(map_table=one))
    | st.builds(Text, text=texts, style=st.sampled_from(Text.Style.values())).map(lambda one: Section(text=one))
)
sheets = st.builds(
    Sheet, header=texts, entity_ids=st.lists(st.integers(1, 9), max_size=2), sections=st.lists(sections, max_size=4)
)


@st.composite
def cuts(draw: st.DrawFn, whole: list[Sheet]) -> list[SheetPart]:
    """Return the parts of the sheets, cut between any sections and any rows."""
    parts = []
    for sheet_index, sheet in enumerate(whole):
        slices: list[list[Section]] = [[]]
        for section in sheet.sections:
            for place, piece in enumerate(draw(_pieces(section))):
                if place or draw(st.booleans()):
                    slices.append([])
                slices[-1].append(piece)
        for part_index, found in enumerate(slices):
            part = SheetPart(sheet_index=sheet_index, part_index=part_index, last=part_index == len(slices) - 1)
            part.sheet.CopyFrom(sheet)
            del part.sheet.sections[:]
            part.sheet.sections.extend(found)
            parts.append(part)
    return parts


@st.composite
def _pieces(draw: st.DrawFn, section: Section) -> list[Section]:
    if not section.HasField("table"):
        return [section]
    rows = sum(group.row_count for group in section.table.groups)
    marks = [0, *sorted(draw(st.lists(st.integers(0, rows), max_size=3))), rows]
    last = len(marks) - 2
    return [
        Section(
            table=_piece(section.table, marks[at], marks[at + 1], ends=at == last),
            continued=at > 0,
            unfinished=at < last,
        )
        for at in range(last + 1)
    ]


def _piece(table: Table, first: int, end: int, *, ends: bool) -> Table:
    piece = Table()
    piece.CopyFrom(table)
    del piece.columns[:], piece.groups[:]
    piece.columns.extend(_column_piece(column, first, end) for column in table.columns)
    piece.groups.extend(_group_pieces(table, first, end, ends=ends))
    return piece


def _column_piece(column: Column, first: int, end: int) -> Column:
    piece = Column()
    piece.CopyFrom(column)
    piece.ClearField("places")
    piece.text[:], piece.raw[:] = column.text[first:end], column.raw[first:end]
    for row, lat, lng in zip(column.places.row, column.places.lat, column.places.lng, strict=True):
        if first <= row < end:
            piece.places.MergeFrom(Places(row=[row - first], lat=[lat], lng=[lng], address=[""]))
    return piece


def _group_pieces(table: Table, first: int, end: int, *, ends: bool) -> Iterator[RowGroup]:
    """Give what of each group lies in the rows; one without rows stands where its first row would."""
    begin = 0
    for group in table.groups:
        after = begin + group.row_count
        starts_here = first <= begin < end or (ends and begin == end)
        if starts_here or begin < first < after:
            piece = RowGroup()
            piece.CopyFrom(group)
            piece.row_count = min(after, end) - max(begin, first)
            piece.continued, piece.unfinished = begin < first, after > end
            if piece.unfinished:
                piece.ClearField("total")
            yield piece
        begin = after
