"""Check of objects that third parties register as kinds of reports."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.generation.inputs.registry import INPUT_KINDS, SERIES
from services.generation.kit.kind import Entity, Group, ReportKind
from services.generation.kit.options import Options, options_schema

MAX_ID = 2**31 - 1


def faults_of(kind: object) -> Iterator[str]:
    """Yield why an object cannot serve as a kind of report."""
    if not isinstance(kind, ReportKind):
        yield "it is not a ReportKind"
        return
    declared = {"id": int, "title": str, "description": str, "group": Group, "module": str, "ui_module": str}
    for name, wanted in {**declared, "inputs": tuple, "entity": Entity}.items():
        value = getattr(kind, name, None)
        if not isinstance(value, wanted):
            yield f"{name} must be given as {wanted.__name__}"
        elif value == "":
            yield f"{name} must not be empty"
    if isinstance(getattr(kind, "id", None), int) and not 0 < kind.id <= MAX_ID:
        yield f"id must be from 1 to {MAX_ID}"
    known = {one.name for one in INPUT_KINDS} | {one.name for one in SERIES}
    if unknown := set(getattr(kind, "inputs", ())) - known:
        yield f"inputs are unknown: {', '.join(sorted(map(str, unknown)))}"
    model = getattr(kind, "Options", None)
    if not (isinstance(model, type) and issubclass(model, Options)):
        yield "Options is not a subclass of Options"
        return
    yield from (f"option {path} lacks a title or a description" for path in _wordless(options_schema(model)))


def _wordless(schema: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield the options, and members of options, without title or description."""
    for name, node in schema.get("properties", {}).items():
        if not (node.get("title") and node.get("description")):
            yield path + name
        yield from _wordless(node, f"{path}{name}.")
        yield from _wordless(node.get("items", {}), f"{path}{name}.")
