"""JSON Schemas of the parameters of reports over time entries: they say what the models take."""

from typing import Any

import pytest

from services.errors import InvalidParameters
from services.generation.timetracking.parameters import MODELS, AuditParams, GroupFilter, checked, parameters_schema


@pytest.mark.parametrize("kind", MODELS)
def test_every_parameter_is_described_in_the_order_of_its_model(kind: Any) -> None:
    """Each may be null."""
    described = parameters_schema(kind)["properties"]

    assert list(MODELS[kind].model_fields) == list(described)
    assert [{"type": "null"}] * len(described) == [one["anyOf"][1] for one in described.values()]


def test_the_audit_of_a_summary_is_described() -> None:
    """So are the parameters in its objects."""
    audit = parameters_schema("summary")["properties"]["audit"]["anyOf"][0]["properties"]
    bounds = audit["group_filter"]["anyOf"][0]["properties"]

    assert list(AuditParams.model_fields) == list(audit)
    assert list(GroupFilter.model_fields) == list(bounds)


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


CASES = [(kind, name) for kind in MODELS for name in parameters_schema(kind)["properties"]]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_reports_take_what_the_schema_allows_and_nothing_else(kind: Any, name: str) -> None:
    """Values at the told bounds are taken, and those past them refused."""
    good, bad = values(parameters_schema(kind)["properties"][name]["anyOf"][0])

    for value in good:
        beside = {"grouping": "clients" if value == "users" else "users"} if name == "sub_grouping" else {}
        checked(kind, {**beside, name: value})
    for value in bad:
        with pytest.raises(InvalidParameters):
            checked(kind, {name: value})
