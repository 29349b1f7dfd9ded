"""Shapes of the tracker side's responses, keys in the published order (reference section 2)."""

import re
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import orjson
from daybook.generation.v1.generation_service_pb2 import GetReportResponse, KindEntity, KindGroup, KindInfo
from daybook.input.v1.fleet_pb2 import Employee, Tracker
from daybook.report.v1.locale_pb2 import MeasurementSystem
from daybook.report.v1.report_pb2 import Geocoder, LocaleInfo, Plugin, Report, ReportType, State
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.errors import Code, PublicError
from gateway.shapes.json_schema import COUNT, FLAG, INTEGER, NUMBER, OBJECT, TEXT, Schema, always, one_of, several
from gateway.shapes.shape import (
    Json,
    Key,
    ListShape,
    Shape,
    components,
    computed,
    constant,
    fields,
    many,
    omitted,
    one,
    success,
    value,
    word,
)
from services.runtime.codec import object_of
from services.runtime.time_spans import isoformat_days

DATE_TIME: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$",
    "description": "`yyyy-MM-dd HH:mm:ss`; in ISO mode with `T` and an offset",
}
NULL: Schema = {"type": "null"}  # what Daybook does not store
ID_OR_NULL: Schema = {"type": ["integer", "null"]}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
TAG_ID = re.compile(r"[0-9]{1,10}")  # tags are texts here, of which numbers are ids
PERCENT: Schema = {**COUNT, "maximum": 100}
PLUGIN: Schema = {**OBJECT, "properties": {"plugin_id": INTEGER}, "required": ["plugin_id"]}


def moment(time: Timestamp, zone: ZoneInfo, *, iso: bool) -> str:
    """Return a moment as `yyyy-MM-dd HH:mm:ss`, or with "T" and offset ("Z" in the zone UTC) in ISO mode."""
    return second_text(time.seconds, zone, iso=iso)


def second_text(seconds: int, zone: ZoneInfo, *, iso: bool) -> str:
    """Return the moment of so many seconds since 1970 as `moment` does."""
    local = datetime.fromtimestamp(seconds, zone)
    if not iso:
        return local.replace(tzinfo=None).isoformat(" ", "seconds")
    text = local.isoformat("T", "seconds")
    return text.replace("+00:00", "Z") if local.tzname() == "UTC" else text


def _in_own_zone(field: str, report: Report, *, iso: bool) -> str:
    return moment(getattr(report, field), ZoneInfo(report.locale_info.time_zone or "UTC"), iso=iso)


def plugin_object(chosen: Plugin) -> Json:
    """Return a kind of report and its options as one object, the id first."""
    return {"plugin_id": chosen.id, **object_of(chosen.options)}


TIME_FILTER_KEYS = {
    "from": value(TEXT, "start_time_of_day"),
    "to": value(TEXT, "end_time_of_day"),
    "weekdays": many(one_of(range(1, 8))),
}
TIME_FILTER = Shape("", TIME_FILTER_KEYS)
LOCALE_KEYS = fields(LocaleInfo, "locale", "time_zone") | {"measurement_system": word(MeasurementSystem.DESCRIPTOR)}
LOCALE = Shape("", LOCALE_KEYS)
PARAMETERS_KEYS = {
    "geocoder": word(Geocoder.DESCRIPTOR, omit=True),
    "trackers": omitted(several(INTEGER), "", lambda report: None if report.employee_ids else [*report.tracker_ids]),
    "employees": omitted(several(INTEGER), "employee_ids", lambda ids: list(ids) or None),
    "plugins": value(several(PLUGIN), "plugin", lambda chosen: [plugin_object(chosen)]),
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
        "type": word(ReportType.DESCRIPTOR, unset="user"),
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
    "status_listing_id": constant(None, NULL),
    "creation_date": omitted(TEXT, "", _creation_date),
    "tariff_end_date": constant(None, NULL),
    "phone": omitted(TEXT),
}
TRACKER_KEYS = fields(Tracker, "id", "label", "group_id") | {
    "avatar_file_name": omitted(TEXT),
    "source": one(Shape("", SOURCE_KEYS), ""),
    "tag_bindings": constant([], several(OBJECT)),
    "clone": constant(False, FLAG),
}
TRACKER = Shape("Tracker", TRACKER_KEYS)
TAG_IDS = value(several(INTEGER), "tags", lambda tags: [int(tag) for tag in tags if TAG_ID.fullmatch(tag)])
EMPLOYEE_KEYS = {
    "id": value(INTEGER),
    "tracker_id": value(ID_OR_NULL, "", lambda person: person.tracker_id or None),
    **fields(Employee, "first_name", "middle_name", "last_name"),
    "email": constant("", TEXT),
    "phone": value(TEXT, "phone", lambda phone: phone.removeprefix("+")),
    "driver_license_number": constant("", TEXT),
    "driver_license_cats": constant("", TEXT),
    "driver_license_issue_date": constant(None, NULL),
    "driver_license_valid_till": constant(None, NULL),
    "hardware_key": value(TEXT_OR_NULL, "", lambda person: person.hardware_key or None),
    "icon_id": constant(None, NULL),
    "avatar_file_name": value(TEXT_OR_NULL, "", lambda person: person.avatar_file_name or None),
    "department_id": value(ID_OR_NULL, "", lambda person: person.department_id or None),
    "personnel_number": omitted(TEXT),
    "tags": TAG_IDS,
}
EMPLOYEE = Shape("Employee", EMPLOYEE_KEYS)


def _longest(kind: KindInfo) -> str | None:
    """Return the longest period of a kind that allows less than the service."""
    return isoformat_days(kind.max_span.ToTimedelta()) if kind.HasField("max_span") else None


FILTER = Shape("", {"exclusion": constant(True, FLAG), "values": constant([], several(TEXT))})  # no device model
KIND_PARAMETERS_KEYS = {
    "title": value(TEXT),
    "description": value(TEXT),
    "group": word(KindGroup.DESCRIPTOR),
    "entity": word(KindEntity.DESCRIPTOR),
    "max_time_span": value(TEXT_OR_NULL, "", _longest),
    "max_entities": value(ID_OR_NULL, "", lambda kind: kind.max_entities or None),
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
    """Return how much of a report is done. Raises PublicError 6 for a report that failed or was cancelled."""
    if found.report.state in {State.STATE_FAILED, State.STATE_CANCELLED}:
        raise PublicError(Code.UNEXPECTED)
    return found.report.percent


def plain_number(value_: float) -> float:
    """Return a whole number as an integer, as the published API writes it."""
    return int(value_) if value_.is_integer() else value_


NOTHING = success()
QUEUED = success(id=value(INTEGER, "report_id"))
PROGRESS = success(percent_ready=computed(PERCENT, _percent))
SESSION = success(hash=value(TEXT))
TRACKER_LIST = ListShape(TRACKER, "batch.trackers.items")
EMPLOYEE_LIST = ListShape(EMPLOYEE, "batch.employees.items", counted=True)
KIND_LIST = ListShape(KIND, "kinds")
TRIP_DETECTION = success(
    min_idle_duration_minutes=value(INTEGER, "parking.min_idle_minutes"),
    idle_speed_threshold=value(NUMBER, "parking.idle_speed_kmh", plain_number),
    ignition_aware=value(FLAG, "parking.ignition_aware"),
    motion_sensor_aware=value(FLAG, "parking.motion_sensor_aware"),
)
REPORT_LISTS = {iso: ListShape(report_entry(iso=iso), "reports") for iso in (False, True)}
READY = Shape("", {"status": constant("ready", always("ready"))})
HEALTH = Shape("", {"status": constant("ok", always("ok"))})

SCHEMAS = components(report_entry(iso=False), TRACKER, EMPLOYEE, KIND)
