"""Outline of a report: its sheets with their sections, so that tabs and heights are known before any row."""

from typing import Any

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SectionOutline

from services.runtime.enum_words import words_of

Json = dict[str, Any]


def outline_json(head: ReportHead) -> list[Json]:
    """Return the sheets, each with its header, the ids of its entities and its sections."""
    kinds = words_of(SectionOutline.Kind.DESCRIPTOR)
    return [
        {
            "header": sheet.header,
            "entity_ids": list(sheet.entity_ids),
            "sections": [
                {"kind": kinds.get(one.kind, ""), "header": one.header, "row_count": one.row_count}
                for one in sheet.sections
            ],
        }
        for sheet in head.sheets
    ]
