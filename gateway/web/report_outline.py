"""Outline of a report: its sheets with their sections, so that tabs and heights are known before any row."""

from typing import Any

import orjson
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.locale_pb2 import HourMode
from daybook.report.v1.sheet_pb2 import SectionOutline

from gateway.files import FORMATS
from services.runtime.enum_words import words_of

HOUR_CYCLES = {HourMode.HOUR_MODE_TWELVE_HOURS: "h12", HourMode.HOUR_MODE_TWENTY_FOUR_HOURS: "h23"}

Json = dict[str, Any]
OSM = "https://www.openstreetmap.org/"


def view_of(head: ReportHead, address: str, file_stem: str, *, with_map: bool = True, zones: str = "") -> Json:
    """Return what the template of a report needs.

    `address` is the path below which its data are, `file_stem` that of its files without the suffix, `zones` of the
    account's zones, which others are not told.
    """
    report = head.report
    described = {
        "address": address,
        "locale": report.locale_info.locale,
        "time_zone": report.locale_info.time_zone,
        "hour_cycle": HOUR_CYCLES.get(report.locale_info.hour_mode),
        "period": head.cover.period,
        "sheets": outline_json(head),
        "files": {word: f"{file_stem}.{word}" for word in FORMATS},
        "with_map": with_map,
        "zones": zones,
    }
    return {
        "report": report,
        "cover": head.cover,
        "described": orjson.dumps(described).decode(),
        "files": described["files"],
        "osm": OSM,
    }


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
