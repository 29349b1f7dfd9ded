"""Shapes of schedules and their runs on the tracker side, keys in the published order."""

from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.report.v1.report_pb2 import Geocoder
from daybook.schedule.v1 import schedule_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.files import MAILED, format_word
from gateway.shapes.json_schema import COUNT, FLAG, INTEGER, TEXT, Schema, one_of, record, several
from gateway.shapes.shape import (
    Json,
    Key,
    ListShape,
    Shape,
    components,
    computed,
    each,
    fields,
    many,
    omitted,
    one,
    success,
    value,
    word,
)
from gateway.shapes.tracker_responses import DATE_TIME, PLUGIN, TIME_FILTER, moment, plugin_object

MIDNIGHT, SHORT_TIME = "00:00:00", len("00:00")
NO_DAYS = "first_day_of_week"  # of a rule that the published API does not have


def _listed(ids: Any) -> list[int] | None:
    return list(ids) or None


def _flag(name: str) -> Key:
    """Return a flag that is true when it is absent."""
    return computed(FLAG, lambda report: not report.HasField(name) or getattr(report, name))


def _time_filter(report: GenerateReportRequest) -> Json | None:
    return TIME_FILTER.write(report.time_filter) if report.HasField("time_filter") else None


def _rule(rule: pb.Rule) -> Json:
    """Return the days of a rule under the name of their kind."""
    kind = rule.WhichOneof("days") or NO_DAYS
    return {"type": kind} if kind == NO_DAYS else {"type": kind, kind: list(getattr(rule, kind).days)}


def _whole(time: str) -> str:
    """Return a time of day with its seconds."""
    return f"{time}:00" if len(time) == SHORT_TIME else time or MIDNIGHT


REPORT_KEYS = {
    "trackers": omitted(several(INTEGER), "tracker_ids", _listed),
    "employees": omitted(several(INTEGER), "employee_ids", _listed),
    "title": omitted(TEXT),
    "geocoder": word(Geocoder.DESCRIPTOR, omit=True),
    "time_filter": omitted(TIME_FILTER.schema, "", _time_filter),
    "plugin": value(PLUGIN, convert=plugin_object),
    "include_places_in_address": _flag("include_places_in_address"),
    "include_zones_in_address": _flag("include_zones_in_address"),
    "locale": omitted(TEXT),
}
DAYS = {"weekdays": several(one_of(range(1, 8))), "month_days": several(one_of(range(1, 32)))}
PARAMETERS_KEYS = {
    "period": value(TEXT),
    "schedule": value(record({"type": one_of((*DAYS, NO_DAYS))}, DAYS), "rule", _rule),
    "report": one(Shape("", REPORT_KEYS), "tracker_report"),
    "emails": value(several(TEXT), "recipients", lambda found: [one.email for one in found]),
    "email_format": value(one_of(MAILED), "formats", lambda found: format_word(found[0])),
    "email_zip": value(FLAG, "zip"),
    "sending_time": value(TEXT, convert=_whole),
}
RESULT_KEYS = {
    "success": value(FLAG),
    "id": omitted(INTEGER, "report_id"),
    "error": omitted(TEXT),
    "run_id": omitted(INTEGER),
}
LAST_RESULT = Shape("", RESULT_KEYS)


def _last_result(schedule: pb.Schedule) -> Json | None:
    return LAST_RESULT.write(schedule.last_result) if schedule.HasField("last_result") else None


def _local(name: str, source: Any, *, iso: bool) -> str | None:
    """Return a moment of a schedule or a run in its own zone, None where there is none."""
    if not source.HasField(name):
        return None
    return moment(getattr(source, name), ZoneInfo(source.time_zone or "UTC"), iso=iso)


def schedule_entry(*, iso: bool) -> Shape:
    """Return an entry of the list of schedules, its dates in the owner's zone."""
    keys = {
        "id": value(INTEGER),
        "enabled": value(FLAG),
        "parameters": one(Shape("", PARAMETERS_KEYS), ""),
        "fire_time": omitted(DATE_TIME, "", partial(_local, "fire_time", iso=iso)),
        "last_result": omitted(LAST_RESULT.schema, "", _last_result),
    }
    return Shape("ScheduleEntry", keys)


class InZone(NamedTuple):
    """Message within a run, and how the run's moments are written."""

    it: Any
    zone: ZoneInfo
    iso: bool

    def time(self, name: str) -> str | None:
        """Return a moment of the message, None where there is none."""
        found: Timestamp = getattr(self.it, name)
        return moment(found, self.zone, iso=self.iso) if self.it.HasField(name) else None

    def inner(self, name: str) -> list["InZone"]:
        """Return the messages of a repeated field."""
        return [self._replace(it=it) for it in getattr(self.it, name)]


ATTEMPT_KEYS = {
    "time": value(DATE_TIME, "", lambda attempt: attempt.time("time")),
    "outcome": word(pb.Outcome.DESCRIPTOR, "it.outcome"),
    "code": omitted(INTEGER, "it.code"),
    "text": omitted(TEXT, "it.text"),
}
ATTEMPT = Shape("", ATTEMPT_KEYS)
DELIVERY_KEYS = {
    "number": value(INTEGER, "it.number"),
    "channel": word(pb.Channel.DESCRIPTOR, "it.channel"),
    "address": value(TEXT, "it.address"),
    "purpose": word(pb.DeliveryPurpose.DESCRIPTOR, "it.purpose"),
    "state": word(pb.DeliveryState.DESCRIPTOR, "it.state"),
    "reason": omitted(TEXT, "it.reason"),
    "attempts": value(several(ATTEMPT.ref), "", lambda one_: ATTEMPT.write_all(one_.inner("attempts"))),
    "message_id": omitted(TEXT, "it.message_id"),
    "next_try": omitted(DATE_TIME, "", lambda one_: one_.time("next_try_time")),
    "sent_as_link": value(FLAG, "it.sent_as_link"),
}
DELIVERY = Shape("", DELIVERY_KEYS)
FILE_KEYS = {
    "format": word(Format.DESCRIPTOR),
    "bytes": value(COUNT, "size_bytes"),
    "sha256": value(TEXT),
}


def run_entry(*, iso: bool) -> Shape:
    """Return an entry of the list of runs, its dates in the zone that the owner had when the run was planned."""

    def deliveries(run: pb.Run) -> list[Json]:
        return DELIVERY.write_all(InZone(run, ZoneInfo(run.time_zone or "UTC"), iso).inner("deliveries"))

    def date_time(field: str) -> Key:
        return omitted(DATE_TIME, "", partial(_local, field, iso=iso))

    keys = {
        **fields(pb.Run, "id", "schedule_id"),
        "kind": word(pb.RunKind.DESCRIPTOR),
        "due": date_time("due_time"),
        "title": value(TEXT),
        "from": value(TEXT, "period_start"),
        "to": value(TEXT, "period_end"),
        "time_zone": value(TEXT),
        "state": word(pb.RunState.DESCRIPTOR),
        "reason": omitted(TEXT),
        "report_id": omitted(INTEGER),
        "missing": many(INTEGER, "missing_ids"),
        "created": date_time("create_time"),
        "finished": date_time("finish_time"),
        "files": each(Shape("", FILE_KEYS)),
        "deliveries": computed(several(DELIVERY.ref), deliveries),
    }
    return Shape("ScheduleRun", keys)


CREATED = success(id=value(INTEGER, "schedule.id"))
RUNNING = success(run_id=value(INTEGER))
SCHEDULE_LISTS = {iso: ListShape(schedule_entry(iso=iso), "schedules") for iso in (False, True)}
RUN_LISTS = {iso: ListShape(run_entry(iso=iso), "runs", counted=True, total="total_count") for iso in (False, True)}

SCHEMAS: dict[str, Schema] = components(schedule_entry(iso=False), run_entry(iso=False))
