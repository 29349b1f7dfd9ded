"""The document of the API says what the code does: every route, every parameter that is read, every value."""

import re
from typing import Any

import pytest
import schemathesis

from gateway.openapi import toggl_parameters as time_parameters
from gateway.openapi import tracker_operations as tracker_actions
from gateway.openapi.document import document
from gateway.requests import saved_report_requests as saved_reports
from gateway.routes import METHODS, PLAIN, TABLE, TIME_TABLE, find_time
from gateway.settings import Settings
from services.errors import InvalidParameters
from services.generation.kinds import PLUGINS
from services.generation.timetracking.params.models import MODELS, AuditParams, GroupFilter, checked

DOCUMENT = document(Settings())
WORDS = {"workspace": "5", "project": "7", "report": "9", "token": "a" * 32, "format": "csv"}


def methods(path: str) -> set[str]:
    """Return the methods that the document tells of a path."""
    return {word.upper() for word in DOCUMENT["paths"][path]} - {"PARAMETERS"}


def test_the_document_is_openapi() -> None:
    """It is valid by the specification's own schema, and each operation has a name of its own."""
    schemathesis.openapi.from_dict(DOCUMENT).validate()
    names = [
        one["operationId"] for item in DOCUMENT["paths"].values() for key, one in item.items() if key != "parameters"
    ]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("path", TABLE)
def test_every_action_of_the_tracker_side_is_told(path: str) -> None:
    """Under each method it takes; HEAD goes without saying."""
    assert set(PLAIN.get(TABLE[path], METHODS)) - {"HEAD"} == methods(f"/{path}")


def test_every_path_of_the_timesheet_side_is_told() -> None:
    """Each path of the document leads to the handlers of its methods, and no handler of the table is left out."""
    reached = set()
    for path in DOCUMENT["paths"]:
        found = find_time(path.format(**WORDS), "POST")
        if found is not None:
            assert set(found[1]) == methods(path)
            reached |= set(found[1].values())

    assert {one for paths in TIME_TABLE.values() for handlers in paths.values() for one in handlers.values()} == reached


def test_every_word_of_a_path_is_told() -> None:
    """A path has a parameter for each of its words."""
    for path, item in DOCUMENT["paths"].items():
        told = [one["name"] for one in item.get("parameters", [])]
        assert re.findall(r"{(\w+)}", path) == told


@pytest.mark.parametrize("status", [400, 403])
def test_the_status_that_a_setting_decides_is_told(status: int) -> None:
    """Errors 211, 217 and 222 stand under the status that this gateway gives them."""
    responses = document(Settings(generate_error_http_status=status))["components"]["responses"]
    shape = responses[f"Error{status}"]["content"]["application/json"]["schema"]

    assert {211, 217, 222} <= set(shape["properties"]["status"]["properties"]["code"]["enum"])


def test_the_options_of_all_plugins_are_told() -> None:
    """The document names those that a plugin of ours reads."""
    known = {name for plugin in PLUGINS for name in plugin.Options.model_fields}

    assert known == set(tracker_actions.SCHEMAS["PluginOptions"]["properties"])


@pytest.mark.parametrize("kind", MODELS)
def test_the_parameters_of_reports_over_time_entries_are_told(kind: Any) -> None:
    """The document names those that the model of the kind reads."""
    assert set(MODELS[kind].model_fields) == set(time_parameters.PARAMETERS[kind])


def test_the_audit_of_a_summary_is_told() -> None:
    """So are the parameters in its objects."""
    audit = time_parameters.AUDIT["properties"]
    bounds = audit["group_filter"]["anyOf"][0]["properties"]

    assert set(AuditParams.model_fields) == set(audit)
    assert set(GroupFilter.model_fields) == set(bounds)


BOUNDS: dict[str, tuple[list[Any], list[Any]]] = {  # by type: values that are taken, and others that are not
    "boolean": ([True, False], [1, "true"]),
    "object": ([{}], [1]),
    "date": (["2026-01-05"], ["2026-1-5", "05.01.2026", 20260105]),
}


def values(shape: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return values at the bounds of a shape, and values just past them."""
    if "enum" in shape:
        return shape["enum"], ["nothing of these", 10**9]
    if shape["type"] == "integer":
        return [shape["minimum"], shape["maximum"]], [shape["minimum"] - 1, shape["maximum"] + 1, "1", True]
    if shape["type"] == "array":
        good, bad = values(shape["items"].get("anyOf", [shape["items"]])[0])
        return [[], good], [[one] for one in bad] + [1]
    if "maxLength" in shape:
        return ["", "x" * shape["maxLength"]], ["x" * (shape["maxLength"] + 1), 5]
    return BOUNDS[shape.get("format", shape["type"])]


CASES = [(kind, name) for kind, shapes in time_parameters.PARAMETERS.items() for name in shapes]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_reports_take_what_the_document_allows_and_nothing_else(kind: Any, name: str) -> None:
    """Values at the told bounds are taken, and those past them refused."""
    good, bad = values(time_parameters.PARAMETERS[kind][name])

    for value in good:
        beside = {"grouping": "clients" if value == "users" else "users"} if name == "sub_grouping" else {}
        checked(kind, {**beside, name: value})
    for value in bad:
        with pytest.raises(InvalidParameters):
            checked(kind, {name: value})


class Noted(dict[str, str]):
    """A query that notes the names that are read of it."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return default


def test_the_query_of_saved_reports_is_told() -> None:
    """The document names the parameters that a list of saved reports is asked with."""
    query = Noted()
    saved_reports.listing(query, 5)

    assert query.names | {"scheduled"} == set(time_parameters.LISTING)
