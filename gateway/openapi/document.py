"""Document as a whole: every path of the URL tables, and the components they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

import orjson
from daybook.generation.v1.generation_service_pb2 import ListKindsResponse
from daybook.savedreport.v1.saved_report_service_pb2 import ListReportTypesResponse
from daybook.savedreport.v1.time_report_pb2 import TimeReportType

from gateway.endpoints.plain_endpoints import PLAIN_ENDPOINTS
from gateway.endpoints.tracker_endpoints import TRACKER_ENDPOINTS
from gateway.openapi.failures import failing, toggl_failures, tracker_failures
from gateway.openapi.operations import plain_path
from gateway.openapi.toggl_operations import body_schemas, toggl_paths
from gateway.openapi.tracker_operations import KindOptions, tracker_path
from gateway.routes import PREFIXES, TOGGL_TABLE
from gateway.settings import Settings
from gateway.shapes import (
    input_responses,
    lookup_responses,
    report_json,
    saved_report_responses,
    schedule_responses,
    scheduled_report_responses,
    toggl_responses,
    track_responses,
    tracker_responses,
)
from gateway.shapes.json_schema import INTEGER, TEXT, Schema
from gateway.shapes.shape import words_of

ABOUT = """Reports of GPS fleets, and saved reports of tracked time.

Tracker reports: each action takes GET, with its parameters in the query, and POST, with them in a JSON body or a form.
A POST may bring some in the query too, and the body wins. Numbers and flags may come as text, lists and objects as JSON
text; null is the same as absent. Each path is also served under {prefixes}.

Saved reports: a body is JSON whatever its type is said to be. Errors are JSON strings.

Everywhere, what is not even HTTP is answered with error 5, in the form of tracker reports."""
TAGS = (
    {"name": "tracker reports", "description": "Asking for reports of a fleet, following and fetching them"},
    {"name": "saved reports", "description": "Reports over time entries, saved ones by their token"},
    {"name": "service", "description": "The gateway itself"},
)
HEADERS: Schema = {
    "X-Request-Id": {"schema": TEXT, "required": True, "description": "Names the request in every log"},
    "Retry-After": {
        "schema": {**INTEGER, "minimum": 1},
        "required": True,
        "description": "Seconds until the request may be repeated",
    },
}
SECURITY: Schema = {
    "hash": {"type": "apiKey", "in": "query", "name": "hash", "description": "Session or API key; also in a body"},
    "nvx": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`NVX` and the session or API key",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "`email:password`, or an API key and `api_token`"},
}


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of reports as they are listed: the options of each, and the parameters of those over time entries."""

    options: Sequence[KindOptions] = ()
    parameters: Mapping[str, Schema] = field(default_factory=dict)


NO_KINDS = Kinds()


def document_bytes(settings: Settings, kinds: bytes, report_types: bytes) -> bytes:
    """Return the document as JSON, from a serialized ListKindsResponse and a ListReportTypesResponse.

    Raises KeyError for a parameter without a description.
    """
    listed = ListKindsResponse.FromString(kinds).kinds
    options = [KindOptions(one.id, one.title, orjson.loads(one.options_schema)) for one in listed]
    over_time = ListReportTypesResponse.FromString(report_types).report_types
    words = words_of(TimeReportType.DESCRIPTOR)
    parameters = {words[one.report_type]: orjson.loads(one.params_schema) for one in over_time}
    return orjson.dumps(document(settings, Kinds(options, parameters)))


def document(settings: Settings, kinds: Kinds = NO_KINDS) -> Schema:
    """Return the document of a gateway with these settings and these kinds of reports."""
    responses = tracker_failures(settings.generate_error_http_status) | toggl_failures()
    failures = failing("Error", responses)
    paths = {f"/{path}": plain_path(path, endpoint) for path, endpoint in PLAIN_ENDPOINTS.items()}
    paths |= {
        f"/{path}": tracker_path(path, endpoint, failures, kinds.options)
        for path, endpoint in TRACKER_ENDPOINTS.items()
    }
    for prefix, endpoints in TOGGL_TABLE.items():
        failures = failing("V9Error" if prefix == "api/v9" else "V3Error", responses)
        paths |= toggl_paths(prefix, endpoints, failures, settings.xlsx_media_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Daybook",
            "version": version("daybook"),
            "description": ABOUT.format(prefixes=" and ".join(f"`/{prefix}`" for prefix in PREFIXES)),
        },
        "servers": [{"url": "/"}],
        "tags": list(TAGS),
        "paths": paths,
        "components": {
            "schemas": tracker_responses.SCHEMAS
            | schedule_responses.SCHEMAS
            | track_responses.SCHEMAS
            | input_responses.SCHEMAS
            | report_json.SCHEMAS
            | body_schemas(kinds.parameters)
            | toggl_responses.SCHEMAS
            | saved_report_responses.SCHEMAS
            | scheduled_report_responses.SCHEMAS
            | lookup_responses.SCHEMAS,
            "responses": responses,
            "headers": HEADERS,
            "securitySchemes": SECURITY,
        },
    }
