"""Parts of sheets as documents of the collection `report_sheets`, and back.

The documents are natural BSON for an operator's eyes: names instead of numbers, unknown as null.
"""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from daybook.report.v1 import sheet_pb2 as pb

Document = dict[str, Any]

SCHEMA = 1
NAN = math.nan
PLAIN_TABLE = ("header", "section_id")
CHART_LISTS = ("categories", "labels", "colors")
PLAIN_COLUMN = ("field", "title", "width", "weight", "highlight_min_max", "address_title", "hidden")


def part_document(part: pb.SheetPart, report_id: int, attempt: int, expire_time: datetime) -> Document:
    """Return the document of a part."""
    sheet = part.sheet
    return {
        "report_id": report_id,
        "attempt": attempt,
        "sheet": part.sheet_index,
        "part": part.part_index,
        "last": part.last,
        "first_section": part.first_section,
        "header": sheet.header,
        "entity_ids": list(sheet.entity_ids),
        "additional_field": sheet.additional_field,
        "time_zone": sheet.time_zone,
        "sections": [
            _section_document(section) | {"continued": section.continued, "unfinished": section.unfinished}
            for section in sheet.sections
        ],
        "schema": SCHEMA,
        "expire_time": expire_time,
    }


def part_of(found: Document, sheet_index: int) -> pb.SheetPart:
    """Read a part's document. The message is filled from the outside in: each message put into another is copied."""
    part = pb.SheetPart(
        sheet_index=sheet_index, part_index=found["part"], last=found["last"], first_section=found["first_section"]
    )
    sheet = part.sheet
    sheet.header, sheet.additional_field, sheet.time_zone = (
        found[name] for name in ("header", "additional_field", "time_zone")
    )
    sheet.entity_ids.extend(found["entity_ids"])
    for section in found["sections"]:
        filled = sheet.sections.add(continued=section["continued"], unfinished=section["unfinished"])
        _FILLERS[section["type"]](section, filled)
    return part


def _section_document(section: pb.Section) -> Document:
    match section.WhichOneof("content"):
        case "table":
            return _table_document(section.table)
        case "map_table":
            rows = [_row_document(row) for row in section.map_table.rows]
            return {"type": "map_table", "header": section.map_table.header, "rows": rows}
        case "chart":
            return _chart_document(section.chart)
        case _:
            style = pb.Text.Style.Name(section.text.style)
            return {"type": "text", "text": section.text.text, "style": style}


def _chart_document(chart: pb.Chart) -> Document:
    return {
        "type": "chart",
        "header": chart.header,
        "kind": pb.Chart.Kind.Name(chart.kind),
        "quantity": _quantity_document(chart.quantity),
        **{name: list(getattr(chart, name)) for name in CHART_LISTS},
        "series": [{"name": one.name, "color": one.color, "values": _nulls(one.values)} for one in chart.series],
    }


def _table_document(table: pb.Table) -> Document:
    return {
        "type": "table",
        **{name: getattr(table, name) for name in PLAIN_TABLE},
        "columns": [_column_document(column) for column in table.columns],
        "column_groups": [{"title": one.title, "fields": list(one.fields)} for one in table.column_groups],
        "groups": [_group_document(group) for group in table.groups],
    }


def _column_document(column: pb.Column) -> Document:
    document: Document = {name: getattr(column, name) for name in PLAIN_COLUMN}
    document |= {
        "align": pb.Column.Align.Name(column.align),
        "quantity": _quantity_document(column.quantity),
        "text": list(column.text),
        "raw": _nulls(column.raw),
    }
    for name in ("min_row", "max_row"):
        if column.HasField(name):
            document[name] = getattr(column, name)
    if column.places.row:
        places = column.places
        document["places"] = {
            "row": list(places.row), "lat": list(places.lat), "lng": list(places.lng), "address": list(places.address),
        }  # fmt: skip
    return document


def _quantity_document(quantity: pb.Quantity) -> Document:
    return {
        "kind": pb.Quantity.Kind.Name(quantity.kind),
        "decimals": quantity.decimals,
        "unit": quantity.unit,
        "currency_code": quantity.currency_code,
        "seconds": quantity.seconds,
        "pattern": quantity.pattern,
    }


def _group_document(group: pb.RowGroup) -> Document:
    document: Document = {
        "header": group.header,
        "row_count": group.row_count,
        "continued": group.continued,
        "unfinished": group.unfinished,
    }
    if group.HasField("total"):
        cells = [
            {"field": cell.field, "text": cell.text, "raw": _null(cell.raw), "decimals": cell.decimals}
            for cell in group.total.cells
        ]
        document["total"] = {"text": group.total.text, "cells": cells}
    return document


def _row_document(row: pb.MapRow) -> Document:
    return {
        "name": row.name,
        "text": row.text,
        "raw": _null(row.raw),
        "highlight": row.highlight,
        "quantity": _quantity_document(row.quantity),
    }


def _fill_table(found: Document, section: pb.Section) -> None:
    table = section.table
    for name in PLAIN_TABLE:
        setattr(table, name, found[name])
    for column in found["columns"]:
        values = column | {"raw": _nans(column["raw"])}
        table.columns.add(**values)
    for column_group in found["column_groups"]:
        table.column_groups.add(**column_group)
    for group in found["groups"]:
        values = {name: value for name, value in group.items() if name != "total"}
        row_group = table.groups.add(**values)
        if "total" in group:
            row_group.total.text = group["total"]["text"]
            for cell in group["total"]["cells"]:
                row_group.total.cells.add(**cell | {"raw": _nan(cell["raw"])})


def _fill_map_table(found: Document, section: pb.Section) -> None:
    section.map_table.header = found["header"]
    for row in found["rows"]:
        section.map_table.rows.add(**row | {"raw": _nan(row["raw"])})


def _fill_text(found: Document, section: pb.Section) -> None:
    section.text.text = found["text"]
    section.text.style = pb.Text.Style.Value(found["style"])


def _fill_chart(found: Document, section: pb.Section) -> None:
    chart = section.chart
    chart.header, chart.kind = found["header"], pb.Chart.Kind.Value(found["kind"])
    chart.quantity.CopyFrom(pb.Quantity(**found["quantity"]))
    for name in CHART_LISTS:
        getattr(chart, name).extend(found[name])
    for series in found["series"]:
        chart.series.add(**series | {"values": _nans(series["values"])})


_FILLERS = {"table": _fill_table, "map_table": _fill_map_table, "text": _fill_text, "chart": _fill_chart}


def _nulls(values: Iterable[float]) -> list[float | None]:
    listed: list[float | None] = list(values)
    if any(map(math.isnan, listed)):  # type: ignore[arg-type] # before this line all are floats
        return [_null(value) for value in listed]  # type: ignore[arg-type] # the same
    return listed


def _nans(values: list[float | None]) -> list[float]:
    if None in values:
        return [_nan(value) for value in values]
    return values  # type: ignore[return-value] # none of them is None


def _null(value: float) -> float | None:
    return None if math.isnan(value) else value


def _nan(value: float | None) -> float:
    return NAN if value is None else value
