"""Public JSON of sheets (reference sections 4.1 to 4.6): a dictionary per cell, written from whole columns."""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any

import orjson
from daybook.report.v1 import sheet_pb2 as pb

from services.generation.reporting.chart_json import chart_json, interval_chart_json, line_chart_json
from services.generation.reporting.json_rows import WITHOUT_RAW, Rows, comma, in_published_order
from services.runtime.slices import Slicer

Keys = dict[str, object]

ALIGN = {pb.Column.ALIGN_RIGHT: "right", pb.Column.ALIGN_CENTER: "center"}


class SheetJson:
    """The public JSON of a sheet in fragments, one for each part; joined in order they are the sheet's object."""

    def __init__(self, sheet: pb.Sheet) -> None:
        self._sheet = sheet
        self._sections = self._groups = self._rows = 0
        self._section_json = b""  # of the section that is sent in slices
        self._rows_sent = 0
        self._in_rest = False  # whether the rows behind all groups of a table go on

    def fragment(self, part: pb.SheetPart) -> bytes:
        """Return the fragment of the next part."""
        pieces = []
        if part.part_index == 0:
            pieces.append(b'{"header":' + orjson.dumps(part.sheet.header) + b',"sections":[')
        for place, section in enumerate(part.sheet.sections, part.first_section):
            if not section.continued:
                pieces.append(comma(self._sections))
                self._sections += 1
            pieces += self._table(section) if section.HasField("table") else [self._slice(section, place)]
        if part.last:
            keys = {"entity_ids": list(part.sheet.entity_ids), "additional_field": part.sheet.additional_field}
            pieces.append(b"]" + _rest(keys))
        return b"".join(pieces)

    def _slice(self, section: pb.Section, place: int) -> bytes:
        """Return a section, or the share of a slice in the JSON of its whole section, which is divided by rows."""
        if not section.continued and not section.unfinished:
            return orjson.dumps(_section(section))
        whole = self._sheet.sections[place]
        if not section.continued:
            self._section_json, self._rows_sent = orjson.dumps(_section(whole)), 0
        size, rows_before = len(self._section_json), self._rows_sent
        self._rows_sent += Slicer(section).length
        row_count = max(Slicer(whole).length, 1)
        end = size * self._rows_sent // row_count if section.unfinished else size
        return self._section_json[size * rows_before // row_count : end]

    def _table(self, section: pb.Section) -> Iterator[bytes]:
        table = section.table
        if not section.continued:
            self._groups = 0
            yield b'{"data":['
        rows, first = Rows(table), 0
        kinds = {column.field: column.quantity.kind for column in table.columns}
        for group in [*table.groups, *self._ungrouped(section, rows.count)]:
            yield from self._group(group, rows.between(first, first + group.row_count), kinds)
            first += group.row_count
        if not section.unfinished:
            yield b"]" + _rest(_definition(table))

    def _ungrouped(self, section: pb.Section, row_count: int) -> Iterator[pb.RowGroup]:
        """Yield the rows behind all groups as a group without a name."""
        rest = row_count - sum(group.row_count for group in section.table.groups)
        if rest > 0:
            yield pb.RowGroup(row_count=rest, continued=self._in_rest, unfinished=section.unfinished)
        self._in_rest = rest > 0 and section.unfinished

    def _group(self, group: pb.RowGroup, rows: bytes, kinds: Mapping[str, int]) -> Iterator[bytes]:
        if not group.continued:
            yield comma(self._groups) + b'{"rows":['
            self._groups, self._rows = self._groups + 1, 0
        yield rows if self._rows else rows[1:]
        self._rows += group.row_count
        if not group.unfinished:
            yield b"]" + _rest(_group_end(group, kinds))


def _group_end(group: pb.RowGroup, kinds: Mapping[str, int]) -> Keys:
    keys: Keys = {}
    if group.HasField("total"):
        cells = {cell.field: _total_cell(cell, kinds.get(cell.field)) for cell in in_published_order(group.total.cells)}
        keys["total"] = {"text": group.total.text, **cells}
    if group.header:
        keys["header"] = group.header
    return keys


def _total_cell(cell: pb.TotalCell, kind: int | None) -> Keys:
    known = {} if kind in WITHOUT_RAW or not isfinite(cell.raw) else {"raw": cell.raw}
    return {"v": cell.text, **known, "type": "value"}


def _definition(table: pb.Table) -> Keys:
    keys: Keys = {"type": "table", "header": table.header}
    if table.section_id:
        keys["section_id"] = table.section_id
    keys["columns"] = [
        {
            "align": ALIGN.get(column.align, "left"),
            "field": column.field,
            "title": column.title,
            "width": column.width,
            "weight": column.weight,
            "highlight_min_max": column.highlight_min_max,
        }
        for column in table.columns
        if not column.hidden
    ]
    keys["column_groups"] = [{"title": group.title, "fields": list(group.fields)} for group in table.column_groups]
    return keys


def _section(section: pb.Section) -> Keys:
    kind = section.WhichOneof("content")
    return {} if kind is None else SECTIONS[kind](getattr(section, kind))


def _map_table(table: pb.MapTable) -> Keys:
    return {"rows": [_map_row(row) for row in table.rows], "type": "map_table", "header": table.header}


def _map_row(row: pb.MapRow) -> Keys:
    """Return a line; durations are minutes here, seconds in tables (reference section 4.7)."""
    kind = row.quantity.kind
    raw = row.raw / 60 if kind == pb.Quantity.KIND_DURATION else row.raw
    known = {} if kind in WITHOUT_RAW or not isfinite(raw) else {"raw": raw}
    return {"v": row.text, **known, "name": row.name, "highlight": row.highlight}


def _text(text: pb.Text) -> Keys:
    style = {"style": "small_print"} if text.style == pb.Text.STYLE_SMALL_PRINT else {}
    return {"text": text.text, "type": "text", **style}


SECTIONS: Mapping[str, Callable[[Any], Keys]] = {
    "map_table": _map_table,
    "text": _text,
    "chart": chart_json,
    "line_chart": line_chart_json,
    "interval_chart": interval_chart_json,
}


def _rest(keys: Mapping[str, object]) -> bytes:
    """Return the last keys of an object that has some already, and its closing brace."""
    return b"," + orjson.dumps(keys)[1:] if keys else b"}"
