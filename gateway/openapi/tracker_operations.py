"""Operations of the tracker side, from its endpoints: each under GET and under POST."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gateway.endpoints.tracker_endpoint import TrackerEndpoint
from gateway.openapi.operations import done, name_of
from gateway.openapi.recorder import Recorded, recorded
from gateway.requests.bodies import FORM
from gateway.requests.tracker_requests import HASH, REPEAT_KEY
from gateway.shapes.json_schema import TEXT, Schema, always, in_json

HASH_SCHEMA: Schema = {**TEXT, "pattern": f"^{HASH.pattern}$", "description": "Session or API key"}
HEADERS = {REPEAT_KEY: REPEAT_KEY, "iso_datetime": "NVX-ISO-DateTime"}  # parameters that headers bring
HEADERS_ONLY = {REPEAT_KEY}
IN_JSON = {"array", "object"}  # stand as JSON text where all is text

DESCRIPTIONS: Mapping[str, str] = {
    "Idempotency-Key": "A repeat of the request answers with the first report's id; another with the key is refused",
    "ascending": "Order from the lowest, by default",
    "cluster_single_reports": "Join points that came alone; there are none, so that it changes nothing",
    "count": "Number of points to which the outline is simplified, 3 to 1,024; all without it",
    "count_events": "Count the events of each track",
    "emails": "Addresses that get the test; the caller's login without any, where that is an address",
    "employees": "Employees the report is about, for plugins by employees",
    "filter": "Text that a name contains, letter case aside; of tracks, whether very short ones are left out",
    "format": "Format of the file, in any case",
    "from": "First moment, `yyyy-MM-dd HH:mm:ss` in the account's zone, or with an offset",
    "full": "All rows in a PDF that would pass the ceiling of pages, and otherwise has their sums alone",
    "geocoder": "Source of addresses",
    "idle_speed_threshold": "Speed from which the tracker moves, 0 to 200 km/h; 0 switches the detection of stops off",
    "ignition_aware": "The tracker moves only with its ignition on",
    "headless": "Without title page and table of contents; a CSV is then one table for programs, a record a line",
    "include_gsm_lbs": "Points by radio cells too; there are none, so that it changes nothing",
    "include_places_in_address": "Name the user's places in addresses",
    "include_zones_in_address": "Name the user's zones in addresses",
    "iso_datetime": "Write dates with `T` and an offset",
    "labels": "Texts of which the labels of the trackers to list contain at least one; all without any",
    "limit": "Entries at most; all without it",
    "locale": "Language of the report",
    "login": "Login of the account",
    "min_idle_duration_minutes": "Shortest stop, 1 to 1440 minutes",
    "motion_sensor_aware": "The tracker moves only while its motion sensor is active; changes no report",
    "offset": "Entries to pass over",
    "omit_addresses": "Leave addresses empty",
    "order_by": "Field to order by; the id without one",
    "password": "Password of the account",
    "place_ids": "Places to list; all without any",
    "plugin": "Kind of report, `plugin_id`, and its options; others are ignored. The id may also stand beside it",
    "plugin_id": "Kind of report, where it does not stand in `plugin`",
    "point_limit": "Wanted number of points of a track, 2 to 3,000",
    "report_id": "Id of the report, as `generate` answered it",
    "schedule": "Schedule as `list` answers it; `fire_time` and `last_result` are ignored; `update` needs the `id`. "
    "`period` is a number of days, weeks, months or years up to the day before, such as `1w`",
    "schedule_id": "Id of the schedule, as `create` answered it",
    "run_id": "Id of the run, as `runs/list` tells it",
    "number": "Number of the delivery in its run",
    "resolution": "`resend` for a delivery in doubt or a failed one, `drop` for one in doubt",
    "simplify": "Leave out points that no map would show, by default",
    "sort": "Fields to order by, each with its direction, such as `last_name=desc`; by id without any",
    "split": "End a track at each stop, by default; otherwise a track is a day",
    "tag_ids": "Tags that each entry of the list has, all of them",
    "time_filter": "Daily window in the account's zone and days of the week, Monday is 1",
    "title": "Title of the report; the plugin's without one",
    "to": "Last second that belongs to the report, written as `from`",
    "track_id": "Id of a track, as `track/list` answered it; all points of the period without it",
    "tracker_id": "Id of a tracker of the account",
    "trackers": "Trackers the report, or the list, is about",
    "with_points": "Tell the points of each",
    "zone_id": "Id of a zone of the account",
    "type": "`user`, or `service` to leave the report out of lists",
}


class KindOptions(NamedTuple):
    """Kind of report: its id, its title, and the JSON Schema of its options."""

    id: int
    title: str
    options: Schema


def plugin_schema(plugin: Schema, kinds: Sequence[KindOptions]) -> Schema:
    """Return the schema of the parameter `plugin`: the options of the kind that its id names."""
    beside = {"title": "The id stands beside the plugin", "not": {"required": ["plugin_id"]}}
    chosen = [
        {
            **{name: value for name, value in kind.options.items() if name != "$schema"},
            "title": kind.title,
            "properties": {"plugin_id": always(kind.id), **kind.options.get("properties", {})},
            "required": ["plugin_id", *kind.options.get("required", ())],
        }
        for kind in kinds
    ]
    return {**plugin, "oneOf": [*chosen, beside]} if chosen else plugin


def tracker_path(
    path: str, endpoint: TrackerEndpoint, failures: Mapping[str, Schema], kinds: Sequence[KindOptions]
) -> Schema:
    """Return a path item: the same action under GET, parameters in the query, and under POST, in the body.

    Raises KeyError for a parameter without a description.
    """
    seen = recorded(endpoint.read)
    schemas = {name: {**schema, "description": DESCRIPTIONS[name]} for name, schema in seen.schemas.items()}
    if "plugin" in schemas:
        schemas["plugin"] = plugin_schema(schemas["plugin"], kinds)
    held = {name: schema for name, schema in schemas.items() if name not in HEADERS_ONLY}
    shared = {
        "summary": endpoint.summary,
        "tags": ["tracker reports"],
        "responses": {"200": done(endpoint.content), **failures},
    }
    headers = [_parameter(HEADERS[name], "header", schemas[name]) for name in schemas if name in HEADERS]
    return {
        "get": {
            **shared,
            "operationId": f"{name_of(path)}_by_query",
            "parameters": [*(_in_query(name, held[name], seen) for name in held), *headers],
            "security": [{"hash": []}, {"nvx": []}] if endpoint.signed else [],
        },
        "post": {
            **shared,
            "operationId": name_of(path),
            "parameters": headers,
            "requestBody": _body(held, seen.needed, signed=endpoint.signed),
            "security": [{"nvx": []}, {"hash": []}, {}] if endpoint.signed else [],
        },
    }


def _in_query(name: str, schema: Schema, seen: Recorded) -> Schema:
    """Return a parameter of the query, where lists and objects stand as JSON text."""
    parameter = _parameter(name, "query", schema) | {"required": name in seen.needed}
    return parameter | {"content": in_json(parameter.pop("schema"))} if schema["type"] in IN_JSON else parameter


def _parameter(name: str, place: str, schema: Schema) -> Schema:
    plain = {key: value for key, value in schema.items() if key != "description"}
    return {"name": name, "in": place, "description": schema["description"], "schema": plain}


def _body(schemas: Mapping[str, Schema], needed: set[str], *, signed: bool) -> Schema:
    properties = dict(schemas) | ({"hash": HASH_SCHEMA} if signed else {})
    schema = {"type": "object", "properties": properties, "required": sorted(needed)}
    in_text = {name: {"contentType": "application/json"} for name in schemas if schemas[name]["type"] in IN_JSON}
    form = {"schema": schema, **({"encoding": in_text} if in_text else {})}
    return {"required": bool(needed), "content": {"application/json": {"schema": schema}, FORM: form}}
