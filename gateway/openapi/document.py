"""The document put together: every path of the URL tables, and what they share."""

import re
from importlib.metadata import version

import orjson

from gateway.endpoints import health
from gateway.endpoints import openapi_json as document_handler
from gateway.openapi import toggl_parameters as time_parameters
from gateway.openapi import tracker_operations as tracker_actions
from gateway.openapi.failures import failing, time_failures, tracker_failures
from gateway.openapi.toggl_operations import operation, path_parameter, spelled
from gateway.routes import PREFIXES, TABLE, TIME_TABLE, Handler
from gateway.settings import Settings
from gateway.shapes import toggl_responses as time_answers
from gateway.shapes import tracker_responses as tracker_answers
from gateway.shapes.json_schema import OBJECT, TEXT, Shape, in_json

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
SECURITY: Shape = {
    "hash": {"type": "apiKey", "in": "query", "name": "hash", "description": "Session or API key; also in a body"},
    "nvx": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`NVX` and the session or API key",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "`email:password`, or an API key and `api_token`"},
}
PLAIN: dict[Handler, Shape] = {  # what takes nothing and cannot fail
    health.health: in_json(tracker_answers.HEALTH),
    document_handler.document: in_json(OBJECT),
}
WORD = re.compile(r"{(\w+)}")


def document_bytes(settings: Settings) -> bytes:
    """Return the document of a gateway with these settings as JSON.

    Raises KeyError for a route or a parameter that nothing describes.
    """
    return orjson.dumps(document(settings))


def document(settings: Settings) -> Shape:
    """Return the document of a gateway with these settings."""
    responses = tracker_failures(settings.generate_error_http_status) | time_failures()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Daybook",
            "version": version("daybook"),
            "description": ABOUT.format(prefixes=" and ".join(f"`/{prefix}`" for prefix in PREFIXES)),
        },
        "servers": [{"url": "/"}],
        "tags": list(TAGS),
        "paths": _tracker_paths(responses) | _time_paths(responses, settings.xlsx_media_type),
        "components": {
            "schemas": tracker_answers.SCHEMAS
            | tracker_actions.SCHEMAS
            | time_parameters.SCHEMAS
            | time_answers.SCHEMAS,
            "responses": responses,
            "headers": {
                "X-Request-Id": {"schema": TEXT, "required": True, "description": "Names the request in every log"}
            },
            "securitySchemes": SECURITY,
        },
    }


def _tracker_paths(responses: Shape) -> Shape:
    failures = failing("Error", responses)
    return {
        f"/{path}": _plain(handler) if handler in PLAIN else tracker_actions.operations(handler, failures)
        for path, handler in TABLE.items()
    }


def _plain(handler: Handler) -> Shape:
    told = {"operationId": handler.__name__, "summary": tracker_actions.summary_of(handler), "tags": ["service"]}
    return {"get": {**told, "security": [], "responses": {"200": tracker_actions.answer(PLAIN[handler])}}}


def _time_paths(responses: Shape, xlsx: str) -> Shape:
    files: Shape = {"text/csv": {}, xlsx: {}, "application/pdf": {}}
    paths = {}
    for prefix, patterns in TIME_TABLE.items():
        failures = failing("V9Error" if prefix == "api/v9" else "V3Error", responses)
        for pattern, handlers in patterns.items():
            for path, kind in spelled(f"/{prefix}/{pattern}"):
                paths[path] = {
                    "parameters": [path_parameter(name) for name in WORD.findall(path)],
                    **{
                        method.lower(): operation(handler, _name(method, path), kind, files, failures)
                        for method, handler in handlers.items()
                    },
                }
    return paths


def _name(method: str, path: str) -> str:
    """Return the name of an operation: its method and the words of its path."""
    words = re.sub(r"[{}]", "", path).replace(".", "_as_").strip("/")
    return f"{method.lower()}_{words.replace('/', '_')}"
