"""The public API's JSON: a dictionary per cell, written from whole columns without making one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite, nan
from typing import BinaryIO
from zoneinfo import ZoneInfo

import orjson
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_JSON
from daybook.report.v1.report_pb2 import Report
from daybook.report.v1.sheet_pb2 import (
    Chart,
    Column,
    MapRow,
    MapTable,
    Quantity,
    RowGroup,
    Section,
    SheetPart,
    Table,
    Text,
    TotalCell,
)
from google.protobuf.timestamp_pb2 import Timestamp

from services.rendering.charts.chart_data import is_pie, slices_of
from services.rendering.formats.base import Format, RenderOptions
from services.rendering.formats.json.json_rows import WITHOUT_RAW, Rows, comma
from services.rendering.values import chart_text

ALIGN = {Column.ALIGN_RIGHT: "right", Column.ALIGN_CENTER: "center"}


class Json(Format):
    """The report object of `retrieve`, keys in the order of the seed (reference sections 4.1 to 4.5)."""

    number = FORMAT_JSON
    suffix = "json"
    media_type = "application/json"
    streams = True
    keeps_hidden = True

    def __init__(self, _settings: object = None) -> None:
        super().__init__()  # it has no settings

    def _write(self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions) -> None:
        """Write the bare report object to `out`, part by part."""
        report = head.report
        clock = _Clock(report.locale_info.time_zone, iso=options.iso_datetime)
        out.write(orjson.dumps(_beginning(report, clock))[:-1] + b',"sheets":[')
        out.writelines(_Sheets().pieces(parts))
        out.write(b"]" + _rest({"from": clock.text(report.from_time), "to": clock.text(report.to_time)}))


class _Clock:
    """Writes moments in the report's zone, in the API's plain or its ISO form (reference section 1.3)."""

    def __init__(self, time_zone: str, *, iso: bool) -> None:
        self._zone = ZoneInfo(time_zone or "UTC")
        self._iso = iso

    def text(self, moment: Timestamp) -> str:
        """Return the moment, to the second."""
        local = datetime.fromtimestamp(moment.seconds, UTC).astimezone(self._zone)
        plain = local.replace(tzinfo=None)
        if not self._iso:
            return plain.isoformat(" ")
        return f"{plain.isoformat()}Z" if local.tzname() == "UTC" else local.isoformat()


def _beginning(report: Report, clock: _Clock) -> dict[str, object]:
    keys: dict[str, object] = {"created": clock.text(report.create_time)}
    if report.HasField("time_filter"):
        window = report.time_filter
        period = {"from": window.start_time_of_day, "to": window.end_time_of_day}
        keys["time_filter"] = period | {"weekdays": list(window.weekdays)}
    return keys | {"title": report.title, "id": report.id}


class _Sheets:
    """Joins parts to sheets: counts what stands in each open bracket, because a table may begin parts ago."""

    def __init__(self) -> None:
        self._sheets = self._sections = self._groups = self._rows = 0

    def pieces(self, parts: Iterable[SheetPart]) -> Iterator[bytes]:
        """Give the elements of `sheets`."""
        for part in parts:
            sheet = part.sheet
            if part.part_index == 0:
                yield comma(self._sheets) + b'{"header":' + orjson.dumps(sheet.header) + b',"sections":['
                self._sheets, self._sections = self._sheets + 1, 0
            for section in sheet.sections:
                yield from self._section(section)
            if part.last:
                keys = {"entity_ids": list(sheet.entity_ids), "additional_field": sheet.additional_field}
                yield b"]" + _rest(keys)

    def _section(self, section: Section) -> Iterator[bytes]:
        if not section.continued:
            yield comma(self._sections)
            self._sections += 1
        if section.HasField("table"):
            yield from self._table(section)
        elif section.HasField("map_table"):
            yield orjson.dumps(_map_table(section.map_table))
        elif section.HasField("chart"):
            yield orjson.dumps(_pie(section.chart) if is_pie(section.chart) else _bars(section.chart))
        else:
            yield orjson.dumps(_text(section.text))

    def _table(self, section: Section) -> Iterator[bytes]:
        table = section.table
        if not section.continued:
            self._groups = 0
            yield b'{"data":['
        rows, first = Rows(table), 0
        kinds = {column.field: column.quantity.kind for column in table.columns}
        for group in table.groups:
            yield from self._group(group, rows.between(first, first + group.row_count), kinds)
            first += group.row_count
        if not section.unfinished:
            yield b"]" + _rest(_definition(table))

    def _group(self, group: RowGroup, rows: bytes, kinds: Mapping[str, int]) -> Iterator[bytes]:
        if not group.continued:
            yield comma(self._groups) + b'{"rows":['
            self._groups, self._rows = self._groups + 1, 0
        yield rows if self._rows else rows[1:]
        self._rows += group.row_count
        if not group.unfinished:
            yield b"]" + _rest(_group_end(group, kinds))


def _group_end(group: RowGroup, kinds: Mapping[str, int]) -> dict[str, object]:
    keys: dict[str, object] = {}
    if group.HasField("total"):
        cells = {cell.field: _total_cell(cell, kinds.get(cell.field)) for cell in group.total.cells}
        keys["total"] = {"text": group.total.text, **cells}
    if group.header:
        keys["header"] = group.header
    return keys


def _total_cell(cell: TotalCell, kind: int | None) -> dict[str, object]:
    text, raw = cell.text, cell.raw
    if kind in WITHOUT_RAW or not isfinite(raw):
        return {"v": text, "type": "value"}
    return {"v": text, "raw": raw, "type": "value"}


def _definition(table: Table) -> dict[str, object]:
    keys: dict[str, object] = {"type": "table", "header": table.header}
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


def _map_table(table: MapTable) -> dict[str, object]:
    return {"rows": [_map_row(row) for row in table.rows], "type": "map_table", "header": table.header}


def _map_row(row: MapRow) -> dict[str, object]:
    """Return a line; durations are minutes here, seconds in tables (reference section 4.7)."""
    kind = row.quantity.kind
    raw = row.raw / 60 if kind == Quantity.KIND_DURATION else row.raw
    known = {} if kind in WITHOUT_RAW or not isfinite(raw) else {"raw": raw}
    return {"v": row.text, **known, "name": row.name, "highlight": row.highlight}


def _text(text: Text) -> dict[str, object]:
    style = {"style": "small_print"} if text.style == Text.STYLE_SMALL_PRINT else {}
    return {"text": text.text, "type": "text", **style}


def _bars(chart: Chart) -> dict[str, object]:
    """Return a bar chart (reference section 4.2); each bar holds its series by name, in order."""
    keys: dict[str, object] = {"type": "stacked_bar_chart"}
    if chart.header:
        keys["header"] = chart.header
    keys["y_axis"] = {"label": chart.quantity.unit or chart.quantity.currency_code}
    keys["data"] = [
        {"x": {"v": name}, "bars": {one.name: _bar(chart, one.values, place) for one in chart.series}}
        for place, name in enumerate(chart.categories)
    ]
    return keys


def _bar(chart: Chart, values: Sequence[float], place: int) -> dict[str, object]:
    value = values[place] if place < len(values) else nan
    known = {"raw": value} if isfinite(value) else {}
    return {"v": chart_text(chart.quantity, value), **known}


def _pie(chart: Chart) -> dict[str, object]:
    """Return a pie (reference section 4.6)."""
    header = {"header": chart.header} if chart.header else {}
    data = [
        {"name": one.name, "v": one.text, "raw": one.value, "percent": round(one.share, 1), "color": one.colour}
        for one in slices_of(chart)
    ]
    return {"type": "pie_chart", **header, "data": data}


def _rest(keys: Mapping[str, object]) -> bytes:
    """Return the last keys of an object that has some already, and its closing brace."""
    return b"," + orjson.dumps(keys)[1:] if keys else b"}"
