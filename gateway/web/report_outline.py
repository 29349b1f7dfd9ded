"""Outline of a report: its sheets with their sections, so that tabs and heights are known before any row."""

from collections.abc import Iterable
from typing import Any

import orjson
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.locale_pb2 import HourMode
from daybook.report.v1.sheet_pb2 import SectionOutline

from gateway.files import FORMATS
from gateway.web.regional_forms import pattern_of
from services.runtime.enum_words import words_of

HOUR_CYCLES = {HourMode.HOUR_MODE_TWELVE_HOURS: "h12", HourMode.HOUR_MODE_TWENTY_FOUR_HOURS: "h23"}

Json = dict[str, Any]
OSM = "https://www.openstreetmap.org/"
MOST_WHOLE_ROWS = 200_000  # of a table; the groups of a longer one are known before its rows


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
        "date_pattern": pattern_of(report.locale_info.date_format, report.locale_info.locale),
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


def told_apart(names: Iterable[str]) -> list[str]:
    """Return names with a number behind each that is there already, upper and lower case taken for the same."""
    taken: set[str] = set()
    found = []
    for wish in names:
        name, number = wish, 1
        while name and name.casefold() in taken:
            number += 1
            name = f"{wish} ({number})"
        taken.add(name.casefold())
        found.append(name)
    return found


def outline_json(head: ReportHead) -> list[Json]:
    """Return the sheets, each with its header, the ids of its entities and its sections."""
    kinds = words_of(SectionOutline.Kind.DESCRIPTOR)
    headers = told_apart([sheet.header for sheet in head.sheets])
    return [
        {
            "header": header,
            "entity_ids": list(sheet.entity_ids),
            "sections": [
                {"kind": kinds.get(one.kind, ""), "header": one.header, "row_count": one.row_count, **_groups(one)}
                for one in sheet.sections
            ],
        }
        for sheet, header in zip(head.sheets, headers, strict=True)
    ]


def _groups(section: SectionOutline) -> Json:
    if section.row_count <= MOST_WHOLE_ROWS or not section.groups:
        return {}
    return {"groups": [[one.row_count, int(one.has_header), int(one.has_total)] for one in section.groups]}
