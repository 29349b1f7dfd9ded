"""The actions of the tracker side: what each takes and answers, under GET and under POST."""

from collections.abc import Mapping
from functools import partial
from inspect import getdoc
from typing import NamedTuple

from gateway.endpoints import accounts, downloads, fleet
from gateway.endpoints import tracker_endpoints as tracker_reports
from gateway.openapi.failures import REQUEST_ID
from gateway.openapi.recorder import Reader, Seen, named, read_by
from gateway.requests import tracker_requests as asks
from gateway.requests.bodies import FORM
from gateway.routes import Handler
from gateway.shapes.json_schema import FLAG, TEXT, Shape, in_json, one_of, schema
from gateway.shapes.tracker_responses import (
    NOTHING,
    PLUGIN_LIST,
    PROGRESS,
    QUEUED,
    REPORTS,
    RETRIEVED,
    SESSION,
    TRACKERS,
)

FILES: Shape = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
    "application/vnd.ms-excel": {},
    "application/pdf": {},
    "text/csv": {},
    "application/json": {},
}
HASH: Shape = {**TEXT, "pattern": f"^{asks.HASH.pattern}$", "description": "Session or API key"}
HEADERS = {asks.REPEAT_KEY: asks.REPEAT_KEY, "iso_datetime": "NVX-ISO-DateTime"}  # parameters that headers bring
HEADERS_ONLY = {asks.REPEAT_KEY}
IN_JSON = {"array", "object"}  # stand as JSON text where all is text


class Action(NamedTuple):
    """What an action takes, its reader tells, and what it answers; `signed` ones need a hash."""

    reader: Reader | None
    content: Shape
    signed: bool = True


ACTIONS: Mapping[Handler, Action] = {
    tracker_reports.generate: Action(asks.generation, in_json(QUEUED)),
    tracker_reports.list_reports: Action(asks.wants_iso, in_json(REPORTS)),
    tracker_reports.status: Action(asks.report_id, in_json(PROGRESS)),
    tracker_reports.delete: Action(asks.report_id, in_json(NOTHING)),
    tracker_reports.list_plugins: Action(None, in_json(PLUGIN_LIST)),
    downloads.retrieve: Action(partial(asks.rendering, json=True), in_json(RETRIEVED)),
    downloads.download: Action(asks.rendering, FILES),
    accounts.log_in: Action(asks.login, in_json(SESSION), signed=False),
    accounts.log_out: Action(None, in_json(NOTHING)),
    fleet.list_trackers: Action(None, in_json(TRACKERS)),
}

WORDS: Mapping[str, str] = {
    "Idempotency-Key": "A repeat of the same key answers with the first report's id",
    "employees": "Employees the report is about, for plugins by employees",
    "format": "Format of the file, in any case",
    "from": "First moment, `yyyy-MM-dd HH:mm:ss` in the account's zone, or with an offset",
    "geocoder": "Source of addresses",
    "headless": "Without title page and table of contents",
    "include_places_in_address": "Name the user's places in addresses",
    "include_zones_in_address": "Name the user's zones in addresses",
    "iso_datetime": "Write dates with `T` and an offset",
    "locale": "Language of the report",
    "login": "Login of the account",
    "password": "Password of the account",
    "plugin": "Kind of report, `plugin_id`, and its options; others are ignored. The id may also stand beside it",
    "plugin_id": "Kind of report, where it does not stand in `plugin`",
    "report_id": "Id of the report, as `generate` answered it",
    "time_filter": "Daily window in the account's zone and days of the week, Monday is 1",
    "title": "Title of the report; the plugin's without one",
    "to": "Last second that belongs to the report, written as `from`",
    "trackers": "Trackers the report is about",
    "type": "`user`, or `service` to leave the report out of lists",
}

EXTRA: Mapping[str, Shape] = {
    "format": one_of(asks.FORMATS),
    "plugin": {"allOf": [schema("PluginOptions")]},
}
OPTIONS = (
    "filter group_by_driver hide_empty_tabs include_summary_sheet include_summary_sheet_only show_coordinates"
    " show_idle_duration show_seconds split"
)
SCHEMAS: dict[str, Shape] = {"PluginOptions": {"type": "object", "properties": dict.fromkeys(OPTIONS.split(), FLAG)}}


def operations(handler: Handler, failures: Mapping[str, Shape]) -> Shape:
    """Return a path item: the same action under GET, parameters in the query, and under POST, in the body.

    Raises KeyError for a handler or a parameter that is not described here.
    """
    action = ACTIONS[handler]
    seen = Seen() if action.reader is None else read_by(action.reader)
    shapes = named(seen, WORDS, EXTRA)
    shared = {
        "summary": summary_of(handler),
        "tags": ["tracker reports"],
        "responses": {"200": answer(action.content), **failures},
    }
    headers = [_header(HEADERS[name], shapes[name]) for name in shapes if name in HEADERS]
    held = {name: shape for name, shape in shapes.items() if name not in HEADERS_ONLY}
    name = f"{handler.__module__.rpartition('.')[2]}_{handler.__name__}"
    return {
        "get": {
            **shared,
            "operationId": f"{name}_by_query",
            "parameters": [*(_in_query(one, shape, seen.needed) for one, shape in held.items()), *headers],
            "security": [{"hash": []}, {"nvx": []}] if action.signed else [],
        },
        "post": {
            **shared,
            "operationId": name,
            "parameters": headers,
            "requestBody": _body(held, seen.needed, signed=action.signed),
            "security": [{"nvx": []}, {"hash": []}, {}] if action.signed else [],
        },
    }


def answer(content: Shape, headers: Mapping[str, Shape] | None = None) -> Shape:
    """Return the response of a call that went well."""
    return {"description": "Done", "headers": {"X-Request-Id": REQUEST_ID, **(headers or {})}, "content": content}


def summary_of(handler: Handler) -> str:
    """Return what a handler says of itself, without its path."""
    text = (getdoc(handler) or "").partition(": ")[2].removesuffix(".")
    return text[:1].upper() + text[1:]


def _in_query(name: str, shape: Shape, needed: set[str]) -> Shape:
    """Return a parameter of the query, where lists and objects stand as JSON text."""
    plain = {key: value for key, value in shape.items() if key != "description"}
    told = {"name": name, "in": "query", "required": name in needed, "description": shape["description"]}
    return told | ({"content": in_json(plain)} if shape["type"] in IN_JSON else {"schema": plain})


def _header(name: str, shape: Shape) -> Shape:
    plain = {key: value for key, value in shape.items() if key != "description"}
    return {"name": name, "in": "header", "description": shape["description"], "schema": plain}


def _body(shapes: Mapping[str, Shape], needed: set[str], *, signed: bool) -> Shape:
    properties = dict(shapes) | ({"hash": HASH} if signed else {})
    shape = {"type": "object", "properties": properties, "required": sorted(needed)}
    in_text = {name: {"contentType": "application/json"} for name, one in shapes.items() if one["type"] in IN_JSON}
    form = {"schema": shape, **({"encoding": in_text} if in_text else {})}
    return {"required": bool(needed), "content": {"application/json": {"schema": shape}, FORM: form}}
