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
        "sections": [_section_document(section) for section in sheet.sections],
        "schema": SCHEMA,
        "expire_time": expire_time,
    }


def part_of(found: Document, sheet_index: int) -> pb.SheetPart:
    """Read a part's document."""
    return pb.SheetPart(
        sheet_index=sheet_index,
        part_index=found["part"],
        last=found["last"],
        first_section=found["first_section"],
        sheet=pb.Sheet(
            header=found["header"],
            entity_ids=found["entity_ids"],
            additional_field=found["additional_field"],
            time_zone=found["time_zone"],
            sections=[_SECTIONS[section["type"]](section) for section in found["sections"]],
        ),
    )


def _section_document(section: pb.Section) -> Document:
    match section.WhichOneof("content"):
        case "table":
            return _table_document(section.table)
        case "map_table":
            rows = [_row_document(row) for row in section.map_table.rows]
            return {"type": "map_table", "header": section.map_table.header, "rows": rows}
        case _:
            style = pb.Text.Style.Name(section.text.style)
            return {"type": "text", "text": section.text.text, "style": style}


def _table_document(table: pb.Table) -> Document:
    return {
        "type": "table",
        "header": table.header,
        "section_id": table.section_id,
        "continued": table.continued,
        "unfinished": table.unfinished,
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


def _table_of(found: Document) -> pb.Section:
    table = pb.Table(
        header=found["header"],
        section_id=found["section_id"],
        continued=found["continued"],
        unfinished=found["unfinished"],
        columns=[_column_of(column) for column in found["columns"]],
        column_groups=[pb.ColumnGroup(**group) for group in found["column_groups"]],
        groups=[_group_of(group) for group in found["groups"]],
    )
    return pb.Section(table=table)


def _column_of(found: Document) -> pb.Column:
    values = found | {"quantity": _quantity_of(found["quantity"]), "raw": _nans(found["raw"])}
    if "places" in found:
        values["places"] = pb.Places(**found["places"])
    return pb.Column(**values)


def _quantity_of(found: Document) -> pb.Quantity:
    return pb.Quantity(**found)


def _group_of(found: Document) -> pb.RowGroup:
    values = dict(found)
    if "total" in found:
        cells = [pb.TotalCell(**cell | {"raw": _nan(cell["raw"])}) for cell in found["total"]["cells"]]
        values["total"] = pb.Total(text=found["total"]["text"], cells=cells)
    return pb.RowGroup(**values)


def _map_table_of(found: Document) -> pb.Section:
    rows = [
        pb.MapRow(**row | {"raw": _nan(row["raw"]), "quantity": _quantity_of(row["quantity"])}) for row in found["rows"]
    ]
    return pb.Section(map_table=pb.MapTable(header=found["header"], rows=rows))


def _text_of(found: Document) -> pb.Section:
    return pb.Section(text=pb.Text(text=found["text"], style=found["style"]))


_SECTIONS = {"table": _table_of, "map_table": _map_table_of, "text": _text_of}


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
