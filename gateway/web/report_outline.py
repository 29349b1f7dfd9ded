"""Outline of a report: its sheets with their sections, so that tabs and heights are known before any row."""

from itertools import accumulate
from typing import Any

from daybook.generation.v1.generation_service_pb2 import ReportHead

Json = dict[str, Any]


def outline_json(head: ReportHead) -> list[Json]:
    """Return the sheets, each with its header, the ids of its entities and its sections."""
    return [
        {
            "header": sheet.header,
            "entity_ids": list(sheet.entity_ids),
            "sections": [
                {"kind": section.kind, "header": section.header, "row_count": section.row_count}
                for section in sheet.sections
            ],
        }
        for sheet in head.sheets
    ]


def section_starts(head: ReportHead, place: int) -> list[int]:
    """Return the row of a sheet at which each of its sections begins."""
    counts = [section.row_count for section in head.sheets[place].sections]
    return [0, *accumulate(counts[:-1])] if counts else []
