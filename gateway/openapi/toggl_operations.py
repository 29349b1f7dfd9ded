"""Operations of the timesheet side, from its endpoints, and the schemas of their bodies."""

import re
from collections.abc import Iterator, Mapping

from gateway.endpoints.toggl_endpoints import (
    FILE,
    FILE_FORMATS,
    KIND,
    KINDS,
    XLSX_MEDIA_TYPE,
    TogglEndpoint,
    parameters_name,
)
from gateway.openapi.operations import done, name_of
from gateway.requests.query_fields import ID
from gateway.requests.saved_report_requests import CHANGE_SCHEMAS
from gateway.requests.scheduled_report_requests import PAYLOAD
from gateway.shapes.json_schema import OBJECT, TEXT, Schema, in_json, one_of, ref, several

SIGNED: list[Schema] = [{"basic": []}, {"nvx": []}]
PUBLIC: list[Schema] = [{}, *SIGNED]
IDS = {"workspace", "project", "report"}
WORD = re.compile(r"{(\w+)}")


def body_schemas(parameters: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the schemas of bodies by name, from those of the parameters by kind of report; others are left open."""
    kinds = (*KINDS.values(), "projects")
    return {
        **{parameters_name(kind): parameters.get(kind, OBJECT) for kind in kinds},
        "AnyParameters": {"anyOf": [ref(parameters_name(kind)) for kind in KINDS.values()]},
        "Change": {"type": "object", "properties": dict(CHANGE_SCHEMAS)},
        "ChangeOfOne": {"type": "object", "properties": {"id": ID, **CHANGE_SCHEMAS}, "required": ["id"]},
        "NewReport": {"type": "object", "properties": dict(CHANGE_SCHEMAS), "required": ["name"]},
        "NewScheduledReport": {
            "type": "object",
            "properties": dict(PAYLOAD),
            "required": ["bookmark_id", "frequency", "user_ids"],
        },
        "Ids": {"type": "object", "properties": {"ids": several(ID)}, "required": ["ids"]},
    }


def toggl_paths(
    prefix: str, endpoints: Mapping[str, Mapping[str, TogglEndpoint]], failures: Mapping[str, Schema], xlsx: str
) -> Schema:
    """Return the path items of a table of endpoints, one for each spelling of a path; `xlsx` is the media type."""
    return {
        path: {
            "parameters": [_path_parameter(name) for name in WORD.findall(path)],
            **{
                method.lower(): {
                    "operationId": f"{method.lower()}_{name_of(path)}",
                    **_operation(endpoint, kind, failures, xlsx),
                }
                for method, endpoint in methods.items()
            },
        }
        for pattern, methods in endpoints.items()
        for path, kind in _spelled(f"/{prefix}/{pattern}")
    }


def _spelled(pattern: str) -> Iterator[tuple[str, str]]:
    """Give each path that a pattern of the table stands for, and the word for the kind of report in it."""
    for kind in KINDS if KIND in pattern else ("",):
        for mark in "./" if FILE in pattern else ("",):
            yield pattern.replace(KIND, kind).replace(FILE, f"{mark}{{format}}"), kind


def _operation(endpoint: TogglEndpoint, kind: str, failures: Mapping[str, Schema], xlsx: str) -> Schema:
    body, content = endpoint.by_kind.get(kind, endpoint.described)
    if content is not None:
        content = {xlsx if name == XLSX_MEDIA_TYPE else name: schema for name, schema in content.items()}
    query = [{"name": name, "in": "query", "schema": schema} for name, schema in endpoint.query.items()]
    headers = endpoint.headers.keys if endpoint.headers else {}
    return {
        "summary": endpoint.summary,
        "tags": ["saved reports"],
        "security": PUBLIC if endpoint.public else SIGNED,
        **({"parameters": query} if query else {}),
        **({} if body is None else {"requestBody": {"content": in_json(body)}}),
        "responses": {
            "200": done(content, {name: {"schema": key.schema} for name, key in headers.items()}),
            **({"303": {"description": endpoint.redirect}} if endpoint.redirect else {}),
            **failures,
        },
    }


def _path_parameter(name: str) -> Schema:
    schema = one_of(FILE_FORMATS) if name == "format" else ID if name in IDS else {**TEXT, "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}
