"""What is answered: messages as the public JSON, keys in the published order, null left out."""

from collections.abc import Iterable
from datetime import UTC
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web
from daybook.fleet.v1.fleet_service_pb2 import Tracker
from daybook.generation.v1.generation_service_pb2 import PluginInfo
from daybook.report.v1.report_pb2 import Report
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.structs import from_struct

REQUEST_ID = "X-Request-Id"
REQUEST_KEY = web.RequestKey("request_id", str)


def success(**values: object) -> web.Response:
    """Return the answer of a call that went well."""
    return json_response({"success": True, **values})


def json_response(body: object, status: int = 200) -> web.Response:
    """Return an answer in JSON."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json", charset="utf-8")


def stamp(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Put the request's id on its response, and a name that does not tell what software this is."""
    response.headers[REQUEST_ID] = request.get(REQUEST_KEY, "")
    response.headers["Server"] = "daybook"


def report(message: Report, *, iso: bool) -> dict[str, object]:
    """Return one entry of the list of reports, its dates in the report's own zone."""
    zone = ZoneInfo(message.locale_info.time_zone or "UTC")
    window = message.time_filter
    return {
        "created": moment(message.create_time, zone, iso=iso),
        "time_filter": {
            "from": window.start_time_of_day,
            "to": window.end_time_of_day,
            "weekdays": list(window.weekdays),
        },
        "title": message.title,
        "id": message.id,
        "parameters": report_parameters(message),
        "percent": message.percent,
        "type": message.type or "user",
        "from": moment(message.from_time, zone, iso=iso),
        "to": moment(message.to_time, zone, iso=iso),
    }


def report_parameters(message: Report) -> dict[str, object]:
    """Return what a report was asked with: one plugin, yet published as a list."""
    entities: dict[str, object] = {"trackers": list(message.tracker_ids)}
    if message.employee_ids:
        entities = {"employees": list(message.employee_ids)}
    info = message.locale_info
    return {
        **({"geocoder": message.geocoder} if message.geocoder else {}),
        **entities,
        "plugins": [{"plugin_id": message.plugin.id, **from_struct(message.plugin.options)}],
        "include_places_in_address": message.include_places_in_address,
        "include_zones_in_address": message.include_zones_in_address,
        "locale_info": {
            "locale": info.locale,
            "time_zone": info.time_zone,
            "measurement_system": info.measurement_system,
        },
    }


def moment(time: Timestamp, zone: ZoneInfo, *, iso: bool) -> str:
    """Return a moment as `yyyy-MM-dd HH:mm:ss`, or with "T" and offset ("Z" in the zone UTC) in ISO mode."""
    local = time.ToDatetime(tzinfo=UTC).astimezone(zone)
    if not iso:
        return local.replace(tzinfo=None).isoformat(" ", "seconds")
    text = local.isoformat("T", "seconds")
    return text.replace("+00:00", "Z") if local.tzname() == "UTC" else text


def plugin(info: PluginInfo) -> dict[str, object]:
    """Return one entry of the list of plugins (reference section 2.7); no device model is excluded."""
    return {
        "id": info.id,
        "type": "tracker_report",
        "module": info.module,
        "ui_module": info.ui_module,
        "filter": {"exclusion": True, "values": []},
    }


def tracker(message: Tracker) -> dict[str, object]:
    """Return one entry of the list of trackers (reference section 2.7)."""
    source: Iterable[tuple[str, object]] = (
        ("id", message.id),
        ("device_id", message.device_id or None),
        ("model", message.model or None),
        ("blocked", False),
        ("tariff_id", 1),
        ("creation_date", _date(message)),
        ("phone", message.phone or None),
    )
    return {
        "id": message.id,
        "label": message.label,
        "group_id": message.group_id,
        "source": {name: value for name, value in source if value is not None},
        "tag_bindings": [],
        "clone": False,
    }


def _date(message: Tracker) -> str | None:
    return message.create_time.ToDatetime().strftime("%Y-%m-%d") if message.HasField("create_time") else None
