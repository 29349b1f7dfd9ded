"""Shapes of the tracker side's responses, keys in the published order (reference section 2)."""

from datetime import UTC
from functools import partial
from zoneinfo import ZoneInfo

import orjson
from daybook.generation.v1.generation_service_pb2 import GetReportResponse, KindEntity, KindGroup
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.report.v1.report_pb2 import LocaleInfo, Report, State
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.errors import Code, PublicError
from gateway.shapes.json_schema import COUNT, FLAG, INTEGER, OBJECT, TEXT, Schema, always, one_of, several
from gateway.shapes.shape import (
    Key,
    Shape,
    components,
    computed,
    constant,
    each,
    fields,
    many,
    omitted,
    one,
    success,
    value,
    word,
)
from gateway.structs import from_struct

DATE_TIME: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$",
    "description": "`yyyy-MM-dd HH:mm:ss`; in ISO mode with `T` and an offset",
}
PERCENT: Schema = {**COUNT, "maximum": 100}
PLUGIN: Schema = {**OBJECT, "properties": {"plugin_id": INTEGER}, "required": ["plugin_id"]}


def moment(time: Timestamp, zone: ZoneInfo, *, iso: bool) -> str:
    """Return a moment as `yyyy-MM-dd HH:mm:ss`, or with "T" and offset ("Z" in the zone UTC) in ISO mode."""
    local = time.ToDatetime(tzinfo=UTC).astimezone(zone)
    if not iso:
        return local.replace(tzinfo=None).isoformat(" ", "seconds")
    text = local.isoformat("T", "seconds")
    return text.replace("+00:00", "Z") if local.tzname() == "UTC" else text


def _in_own_zone(field: str, report: Report, *, iso: bool) -> str:
    return moment(getattr(report, field), ZoneInfo(report.locale_info.time_zone or "UTC"), iso=iso)


TIME_FILTER_KEYS = {
    "from": value(TEXT, "start_time_of_day"),
    "to": value(TEXT, "end_time_of_day"),
    "weekdays": many(one_of(range(1, 8))),
}
TIME_FILTER = Shape("", TIME_FILTER_KEYS)
LOCALE = Shape("", fields(LocaleInfo, "locale", "time_zone", "measurement_system"))
PARAMETERS_KEYS = {
    "geocoder": omitted(TEXT),
    "trackers": omitted(several(INTEGER), "", lambda report: None if report.employee_ids else [*report.tracker_ids]),
    "employees": omitted(several(INTEGER), "employee_ids", lambda ids: list(ids) or None),
    "plugins": value(
        several(PLUGIN), "plugin", lambda chosen: [{"plugin_id": chosen.id, **from_struct(chosen.options)}]
    ),
    **fields(Report, "include_places_in_address", "include_zones_in_address"),
    "locale_info": one(LOCALE),
}
PARAMETERS = Shape("", PARAMETERS_KEYS)


def report_entry(*, iso: bool) -> Shape:
    """Return an entry of the list of reports, its dates in the report's own zone."""

    def date_time(field: str) -> Key:
        return computed(DATE_TIME, partial(_in_own_zone, field, iso=iso))

    keys = {
        "created": date_time("create_time"),
        "time_filter": one(TIME_FILTER),
        "title": value(TEXT),
        "id": value(INTEGER),
        "parameters": one(PARAMETERS, ""),
        "percent": value(PERCENT),
        "type": value(TEXT, convert=lambda found: found or "user"),
        "from": date_time("from_time"),
        "to": date_time("to_time"),
    }
    return Shape("ReportEntry", keys)


def _creation_date(tracker: Tracker) -> str | None:
    return tracker.create_time.ToDatetime().strftime("%Y-%m-%d") if tracker.HasField("create_time") else None


SOURCE_KEYS = {
    "id": value(INTEGER),
    "device_id": omitted(TEXT),
    "model": omitted(TEXT),
    "blocked": constant(False, FLAG),
    "tariff_id": constant(1, INTEGER),
    "creation_date": omitted(TEXT, "", _creation_date),
    "phone": omitted(TEXT),
}
TRACKER_KEYS = fields(Tracker, "id", "label", "group_id") | {
    "source": one(Shape("", SOURCE_KEYS), ""),
    "tag_bindings": constant([], several(OBJECT)),
    "clone": constant(False, FLAG),
}
TRACKER = Shape("Tracker", TRACKER_KEYS)
FILTER = Shape("", {"exclusion": constant(True, FLAG), "values": constant([], several(TEXT))})  # no device model
KIND_PARAMETERS_KEYS = {
    "title": value(TEXT),
    "description": value(TEXT),
    "group": word(KindGroup.DESCRIPTOR),
    "entity": word(KindEntity.DESCRIPTOR),
    "schema": value(OBJECT, "options_schema", orjson.loads),
}
KIND_KEYS = {
    "id": value(INTEGER),
    "type": constant("tracker_report", always("tracker_report")),
    "module": value(TEXT),
    "ui_module": value(TEXT),
    "filter": one(FILTER, ""),
    "parameters": one(Shape("", KIND_PARAMETERS_KEYS), ""),
}
KIND = Shape("Plugin", KIND_KEYS)


def _percent(found: GetReportResponse) -> int:
    """Return how much of a report is done. Raises PublicError 6 for a report that failed."""
    if found.report.state == State.STATE_FAILED:
        raise PublicError(Code.UNEXPECTED)
    return found.report.percent


NOTHING = success()
QUEUED = success(id=value(INTEGER, "report_id"))
PROGRESS = success(percent_ready=computed(PERCENT, _percent))
SESSION = success(hash=value(TEXT))
TRACKER_LIST = success(list=each(TRACKER, "batch.trackers.items"))
KIND_LIST = success(list=each(KIND, "kinds"))
REPORT_LISTS = {iso: success(list=each(report_entry(iso=iso), "reports")) for iso in (False, True)}
HEALTH = Shape("", {"status": constant("ok", always("ok"))})

SCHEMAS = components(report_entry(iso=False), TRACKER, KIND)
