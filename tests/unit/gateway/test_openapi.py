"""The document of the API says what the code does: every route, every parameter that is read, every value."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from gateway.endpoints.plain_endpoints import PLAIN_ENDPOINTS
from gateway.openapi.document import Kinds, document
from gateway.openapi.tracker_operations import KindOptions
from gateway.routes import TOGGL_TABLE, TRACKER_TABLE, find_toggl, methods_of
from gateway.settings import Settings
from services.generation.kinds import KINDS
from services.generation.kit.options import options_schema
from services.generation.timetracking.parameters import MODELS, parameters_schema

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


def test_every_reference_leads_to_a_component() -> None:
    text = json.dumps(DOCUMENT)
    schemas = set(re.findall(r'"#/components/schemas/([^"]*)"', text))

    assert schemas <= set(DOCUMENT["components"]["schemas"])


@pytest.mark.parametrize("path", TRACKER_TABLE)
def test_every_action_of_the_tracker_side_is_told(path: str) -> None:
    """Under each method it takes; HEAD goes without saying."""
    assert set(methods_of(path)) - {"HEAD"} == methods(f"/{path}")


def test_every_path_of_the_timesheet_side_is_told() -> None:
    """Each path of the document leads to the handlers of its methods, and no handler of the table is left out."""
    reached = set()
    for path in DOCUMENT["paths"]:
        found = find_toggl(path.format(**WORDS), "POST")
        if found is not None:
            assert set(found[1]) == methods(path)
            reached |= {id(endpoint) for endpoint in found[1].values()}

    lines = [line for paths in TOGGL_TABLE.values() for line in paths.values()]
    assert {id(endpoint) for line in lines for endpoint in line.values()} == reached


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


@pytest.mark.parametrize("path", TRACKER_TABLE)
def test_the_refusal_of_a_bearer_token_is_told(path: str) -> None:
    """Wrong credentials in the Authorization header are 401 on every path that reads parameters."""
    told = [one["responses"] for key, one in DOCUMENT["paths"][f"/{path}"].items() if key != "parameters"]

    assert all("401" in responses for responses in told) is (path not in PLAIN_ENDPOINTS)


def test_the_options_of_all_kinds_make_a_valid_document() -> None:
    """Their schemas are put in as they are listed."""
    listed = document(
        Settings(), Kinds([KindOptions(kind.id, kind.title, options_schema(kind.Options)) for kind in KINDS])
    )
    post = listed["paths"]["/report/tracker/generate"]["post"]
    shape = post["requestBody"]["content"]["application/json"]["schema"]["properties"]["plugin"]

    schemathesis.openapi.from_dict(listed).validate()
    assert jsonschema_rs.is_valid(shape, {"plugin_id": 4, "split": False})
    assert not jsonschema_rs.is_valid(shape, {"plugin_id": 4, "split": "perhaps"})


SOME_KINDS = [
    KindOptions(4, "Trips", {"type": "object", "properties": {"split": {"type": "boolean"}}, "required": ["split"]}),
    KindOptions(6, "Stops", {"type": "object", "properties": {"min_idle": {"type": "integer"}}}),
]


@pytest.mark.parametrize(
    ("plugin", "fits"),
    [
        ({"plugin_id": 4, "split": True}, True),
        ({"plugin_id": 4}, False),
        ({"plugin_id": 6}, True),
        ({"plugin_id": 6, "min_idle": "x"}, False),
        ({"plugin_id": 5}, False),
        ({"split": "x"}, True),
    ],
)
def test_the_options_of_a_plugin_are_those_of_the_kind_that_its_id_names(plugin: Any, fits: bool) -> None:
    """As the list of kinds says; an id that stands beside the plugin leaves its options open."""
    post = document(Settings(), Kinds(SOME_KINDS))["paths"]["/report/tracker/generate"]["post"]
    shape = post["requestBody"]["content"]["application/json"]["schema"]["properties"]["plugin"]

    assert fits == jsonschema_rs.is_valid(shape, plugin)


def test_the_gateway_names_no_option_itself() -> None:
    """Without a list of kinds, a plugin is any object with an id."""
    post = DOCUMENT["paths"]["/report/tracker/generate"]["post"]
    shape = post["requestBody"]["content"]["application/json"]["schema"]["properties"]["plugin"]

    assert {"plugin_id"} == set(shape["properties"])
    assert "oneOf" not in shape


def test_the_parameters_of_reports_over_time_entries_are_put_in_as_they_are_listed() -> None:
    """Without a list of them a body is any object."""
    listed = document(Settings(), Kinds(parameters={kind: parameters_schema(kind) for kind in MODELS}))
    schemas, plain = listed["components"]["schemas"], DOCUMENT["components"]["schemas"]

    schemathesis.openapi.from_dict(listed).validate()
    for kind in MODELS:
        assert parameters_schema(kind) == schemas[f"{kind.capitalize()}Parameters"]
        assert {"type": "object"} == plain[f"{kind.capitalize()}Parameters"]


def test_downloads_have_the_media_types_of_their_formats() -> None:
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    every = {"application/json", "text/csv", xlsx, "application/vnd.ms-excel", "application/pdf"}
    download = DOCUMENT["paths"]["/report/tracker/download"]["get"]["responses"]["200"]["content"]
    assert every == set(download)

    for media_type in (xlsx, "text/xlsx"):
        paths = document(Settings(xlsx_media_type=media_type))["paths"]
        files = paths["/reports/api/v3/shared/{token}.{format}"]["post"]["responses"]["200"]["content"]
        assert {"text/csv", media_type, "application/pdf"} == set(files)
