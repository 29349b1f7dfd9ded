"""The actions of the timesheet side: what each takes and answers."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gateway.endpoints import profile
from gateway.endpoints import saved_report_endpoints as saved_reports
from gateway.endpoints import time_report_endpoints as time_reports
from gateway.openapi.toggl_parameters import LISTING, SHORT_ID, parameters_name
from gateway.openapi.tracker_operations import answer, summary_of
from gateway.routes import FILE, KIND, Handler
from gateway.shapes.json_schema import DAY, TEXT, Shape, in_json, one_of, schema, several
from gateway.shapes.toggl_responses import ROWS

ANYBODY: list[Shape] = [{}, {"basic": []}, {"nvx": []}]  # a public report needs no credentials
SIGNED: list[Shape] = [{"basic": []}, {"nvx": []}]
IDS = {"workspace", "project", "report"}
RANGE: dict[str, Shape] = {
    f"X-Range-{end}": {"schema": DAY, "description": "Date really used"} for end in ("Start", "End")
}
NEXT: dict[str, Shape] = {
    f"X-Next-{what}": {"schema": {"type": "integer"}, "description": "Where the next page begins"}
    for what in ("ID", "Row-Number", "Timestamp")
}
GROUPED: dict[str, Shape] = {
    f"X-{what}": {"schema": TEXT, "description": "What a summary is grouped by"}
    for what in ("Grouping", "Sub-Grouping")
}
HEADERS = RANGE | NEXT | GROUPED


class Action(NamedTuple):
    """What an action takes in its body, and what it answers."""

    body: Shape | None
    content: Shape | None
    query: Mapping[str, Shape] = {}
    security: list[Shape] = SIGNED
    headers: Mapping[str, Shape] = {}


def actions(kind: str, files: Shape) -> dict[Handler, Action]:
    """Return the actions; of those for several kinds of reports, the one of the kind that the path names."""
    detailed, projects = schema(parameters_name("detailed")), schema(parameters_name("projects"))
    of_kind = schema(parameters_name(time_reports.KINDS.get(kind, "detailed")))
    saved, one = in_json(schema("SavedReport")), schema("AnyParameters")
    return {
        time_reports.run_saved: Action(one, in_json(schema("RanReport")), security=ANYBODY, headers=HEADERS),
        time_reports.export_saved: Action(one, files, security=ANYBODY),
        time_reports.search: Action(of_kind, in_json(ROWS.get(kind, {})), headers=HEADERS),
        time_reports.export: Action(of_kind, files),
        time_reports.totals: Action(detailed, in_json(schema("Totals")), headers=HEADERS),
        time_reports.projects: Action(projects, in_json(several(schema("ProjectRow"))), headers=HEADERS),
        time_reports.project: Action(detailed, in_json(schema("Totals")), headers=HEADERS),
        saved_reports.list_reports: Action(None, in_json(several(schema("SavedReport"))), query=LISTING),
        saved_reports.create: Action(schema("NewReport"), saved),
        saved_reports.update_several: Action({**several(schema("ChangeOfOne")), "minItems": 1}, saved),
        saved_reports.delete_several: Action(schema("Ids"), in_json(several(schema("SavedReport")))),
        saved_reports.get: Action(None, saved),
        saved_reports.update: Action(schema("Change"), saved),
        saved_reports.delete: Action(None, saved),
        profile.me: Action(None, in_json(schema("Profile"))),
        profile.logged: Action(None, None),
    }


def spelled(pattern: str) -> Iterator[tuple[str, str]]:
    """Give each path that a pattern of the table stands for, and the kind of report in it."""
    for kind in time_reports.KINDS if KIND in pattern else ("",):
        for mark in "./" if FILE in pattern else ("",):
            yield pattern.replace(KIND, kind).replace(FILE, f"{mark}{{format}}"), kind


def operation(handler: Handler, name: str, kind: str, files: Shape, failures: Mapping[str, Shape]) -> Shape:
    """Return what a path does under a method. Raises KeyError for a handler that is not described here."""
    action = actions(kind, files)[handler]
    query = [{"name": name, "in": "query", "schema": shape} for name, shape in action.query.items()]
    good = answer(action.content or {}, action.headers)
    if action.content is None:
        del good["content"]
    body = {} if action.body is None else {"requestBody": {"content": in_json(action.body)}}
    return {
        "operationId": name,
        "summary": summary_of(handler),
        "tags": ["saved reports"],
        "security": action.security,
        **({"parameters": query} if query else {}),
        **body,
        "responses": {"200": good, **failures},
    }


def path_parameter(name: str) -> Shape:
    """Return a word in a path."""
    if name == "format":
        return {"name": name, "in": "path", "required": True, "schema": one_of(time_reports.FORMATS)}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": SHORT_ID if name in IDS else {**TEXT, "minLength": 1},
    }
