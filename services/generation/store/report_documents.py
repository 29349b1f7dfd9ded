"""Reports as documents of the collection `reports`, and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from services.errors.reports import UnknownSchema
from services.generation.reporting.report import Report, TimeFilter
from services.generation.store.mongo import Document
from services.generation.words.conditions import Condition
from services.generation.words.language import Locale

SCHEMA = 2
STORED_AS_THEY_ARE = (
    "owner_id", "account_id", "title", "create_time", "from_time", "to_time", "geocoder", "include_places_in_address",
    "include_zones_in_address", "type", "request_id", "state", "percent", "attempt", "failure",
    "part_count", "cell_count",
)  # fmt: skip
WHEN_KNOWN = ("has_rows", "request_digest", "start_time", "finish_time", "expire_time")


def document_of(report: Report) -> Document:
    """Return the document of a report, without its id."""
    return {name: getattr(report, name) for name in STORED_AS_THEY_ARE} | {
        "schema": SCHEMA,
        "time_filter": asdict(report.time_filter),
        "plugin": {"id": report.plugin_id, "options": dict(report.options)},
        "locale": asdict(report.locale),
        "tracker_ids": list(report.tracker_ids),
        "employee_ids": list(report.employee_ids),
        "sheet_headers": list(report.sheet_headers),
        "sheet_numbers": list(report.sheet_numbers),
        "trace_parent": report.trace_parent,
        "request_digest": report.request_digest,
        "conditions": [asdict(condition) for condition in report.conditions],
        "losses": report.losses,
    }


def report_of(found: Document) -> Report:
    """Read a report's document. Raises UnknownSchema."""
    read = READERS.get(found["schema"])
    if read is None:
        raise UnknownSchema(found["schema"], found["_id"])
    return read(found)


def _read(found: Document) -> Report:
    values: dict[str, Any] = {name: found[name] for name in STORED_AS_THEY_ARE}
    return Report(
        **values,
        id=found["_id"],
        time_filter=TimeFilter(**found["time_filter"] | {"weekdays": tuple(found["time_filter"]["weekdays"])}),
        plugin_id=found["plugin"]["id"],
        options=found["plugin"]["options"],
        locale=Locale(**found["locale"]),
        tracker_ids=tuple(found["tracker_ids"]),
        employee_ids=tuple(found["employee_ids"]),
        sheet_headers=tuple(found["sheet_headers"]),
        sheet_numbers=tuple(found["sheet_numbers"]),
        trace_parent=found["trace_parent"],
        conditions=tuple(Condition(**condition) for condition in found.get("conditions", ())),
        losses=found.get("losses", 0),  # earlier versions did not count them
        **{name: found[name] for name in WHEN_KNOWN if name in found},
    )


READERS: Mapping[int, Callable[[Document], Report]] = {SCHEMA: _read}
