"""Columnar JSON of sheets, which modules of the page show: a list of texts and one of raw values for each column."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from daybook.report.v1 import sheet_pb2 as pb

from services.runtime.chart_values import palette_colour
from services.runtime.enum_words import words_of
from services.runtime.slices import Slicer

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Range of a sheet's rows: the rows of its sections one after the other."""

    first: int
    count: int

    @property
    def end(self) -> int:
        """The row behind the last."""
        return self.first + self.count


ALL_ROWS = Rows(0, 2**62)


def pieces_json(message: bytes, wanted: Rows, only: int | None = None) -> list[bytes]:
    """Return what a part has of the rows that are wanted: a JSON object for each of its sections that has some.

    A section that is longer than a part is in several pieces, which say at which row of the sheet they begin. Sections
    without rows come with the part in which they stand. `message` is a serialized `SheetPart`, `only` the place of the
    only section that is wanted.
    """
    part = pb.SheetPart.FromString(message)
    return [orjson.dumps(piece) for piece in _pieces(part, wanted, only)]


def _pieces(part: pb.SheetPart, wanted: Rows, only: int | None) -> Iterator[Json]:
    row = part.first_row
    for place, section in enumerate(part.sheet.sections, start=part.first_section):
        slicer = Slicer(section)
        first, end = max(wanted.first - row, 0), min(wanted.end - row, slicer.length)
        if only not in (None, place):
            pass
        elif (first, end) == (0, slicer.length):
            yield _piece(section, place, row)
        elif first < end:
            yield _piece(slicer.cut(first, end), place, row + first)
        row += slicer.length


def _piece(section: pb.Section, place: int, first_row: int) -> Json:
    kind = section.WhichOneof("content") or ""
    described = {"type": kind, "place": place, "first_row": first_row}
    write = WRITERS.get(kind)
    return described | (write(getattr(section, kind)) if write else {})


def table_json(table: pb.Table) -> Json:
    """Return a table by columns; those that people do not see are left out but for those that bound a row in time."""
    track = _row_track(table)
    columns = [column for column in table.columns if not column.hidden or column.field in track.values()]
    return {
        "header": table.header,
        "row_count": max((len(column.text) for column in table.columns), default=0),
        "row_track": track or None,
        "is_summary": table.is_summary,
        "total_row_count": table.total_row_count,
        "entity_ids": list(table.row_entity_ids),
        "column_groups": [{"title": group.title, "fields": list(group.fields)} for group in table.column_groups],
        "facts": [{"title": fact.title, "text": fact.text} for fact in table.facts],
        "groups": [_group(group) for group in table.groups],
        "columns": [_column(column) for column in columns],
    }


def _row_track(table: pb.Table) -> Mapping[str, str]:
    if not table.HasField("row_track"):
        return {}
    track = table.row_track
    return {"start": track.start_field, "end": track.end_field, "tracker": track.tracker_field}


def _group(group: pb.RowGroup) -> Json:
    described: Json = {"header": group.header, "row_count": group.row_count, "continued": group.continued}
    if group.HasField("total"):
        described["total"] = {"text": group.total.text, "cells": {one.field: one.text for one in group.total.cells}}
    return described


def _column(column: pb.Column) -> Json:
    described: Json = {
        "field": column.field,
        "title": column.title,
        "align": words_of(pb.Column.Align.DESCRIPTOR).get(column.align, ""),
        "width": column.width,
        **quantity_json(column.quantity),
        "text": column.text[:],
    }
    if column.raw and not column.quantities.row:  # raw values of a column that mixes quantities do not compare
        described["raw"] = column.raw[:]
    if column.hidden:
        described["hidden"] = True
    if column.highlight_min_max:
        described["min_row"] = column.min_row if column.HasField("min_row") else None
        described["max_row"] = column.max_row if column.HasField("max_row") else None
    if column.places.row:
        described["places"] = {name: getattr(column.places, name)[:] for name in ("row", "lat", "lng")}
    return described


def quantity_json(quantity: pb.Quantity) -> Json:
    """Return how values are understood: `kind` in small letters, `unit`, `decimals`."""
    kind = words_of(pb.Quantity.Kind.DESCRIPTOR).get(quantity.kind) or "text"
    described: Json = {"kind": kind, "unit": quantity.unit or quantity.currency_code, "decimals": quantity.decimals}
    return described | ({"seconds": True} if quantity.seconds else {})


def map_table_json(table: pb.MapTable) -> Json:
    """Return named values, each with its text."""
    rows = [{"name": row.name, "text": row.text, "highlight": row.highlight} for row in table.rows]
    return {"header": table.header, "row_count": len(rows), "rows": rows}


def text_json(text: pb.Text) -> Json:
    """Return a paragraph."""
    return {"text": text.text, "small_print": text.style == pb.Text.STYLE_SMALL_PRINT}


def chart_json(chart: pb.Chart) -> Json:
    """Return bars or a pie, every series and slice with its colour."""
    count = len(chart.categories)
    colours = [chart.colors[place] if place < len(chart.colors) else "" for place in range(count)]
    return {
        "header": chart.header,
        "kind": words_of(pb.Chart.Kind.DESCRIPTOR).get(chart.kind) or "stacked_bar",
        "row_count": count,
        "categories": chart.categories[:],
        "labels": chart.labels[:],
        "colors": [colour or palette_colour(place) for place, colour in enumerate(colours)],
        "quantity": quantity_json(chart.quantity),
        "series": [
            {
                "name": series.name,
                "color": series.color or palette_colour(place),
                "values": series.values[:],
                "labels": series.labels[:],
            }
            for place, series in enumerate(chart.series)
        ],
    }


def line_chart_json(chart: pb.LineChart) -> Json:
    """Return lines as they are stored, with the colours of all."""
    return {
        "header": chart.header,
        "row_count": max((len(series.x) for series in chart.series), default=0),
        "x_axis": {
            "kind": words_of(pb.XAxis.Kind.DESCRIPTOR).get(chart.x_axis.kind) or "number",
            "label": chart.x_axis.label,
            "quantity": quantity_json(chart.x_axis.quantity),
        },
        "y_axes": [{"label": axis.label, **quantity_json(axis.quantity)} for axis in chart.y_axes],
        "series": [
            {
                "name": series.name,
                "color": series.color or palette_colour(place),
                "axis": series.axis,
                "step": series.step,
                "x": series.x[:],
                "y": series.y[:],
            }
            for place, series in enumerate(chart.series)
        ],
        "gaps": [[gap.start, gap.end] for gap in chart.gaps],
        "markers": [
            {"x": mark.x, "label": mark.label, "kind": words_of(pb.Marker.Kind.DESCRIPTOR).get(mark.kind, "")}
            for mark in chart.markers
        ],
        "thresholds": [
            {"y": line.y, "axis": line.axis, "color": line.color, "label": line.label} for line in chart.thresholds
        ],
    }


def interval_chart_json(chart: pb.IntervalChart) -> Json:
    """Return intervals or events by columns, the lanes with the colours of all."""
    return {
        "header": chart.header,
        "kind": words_of(pb.IntervalChart.Kind.DESCRIPTOR).get(chart.kind) or "intervals",
        "row_count": len(chart.lane),
        "period": [chart.period_start, chart.period_end],
        "lanes": [
            {"name": lane.name or lane.id, "color": lane.color or palette_colour(place)}
            for place, lane in enumerate(chart.lanes)
        ],
        "lane": chart.lane[:],
        "start": chart.start[:],
        "end": chart.end[:],
    }


WRITERS: Mapping[str, Callable[[Any], Json]] = {
    "table": table_json,
    "map_table": map_table_json,
    "text": text_json,
    "chart": chart_json,
    "line_chart": line_chart_json,
    "interval_chart": interval_chart_json,
}
