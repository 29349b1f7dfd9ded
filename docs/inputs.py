"""The keys of input files in inputs.md, made from the contract and its comments: `python -m docs.inputs`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

from docs.input_examples import EXAMPLES
from docs.marked_text import replaced
from services.cli.json_records import key_of
from services.cli.json_values import enum_words

PAGE = Path(__file__).with_name("inputs.md")
PROTOS = PAGE.parents[1] / "protos"
HEAD = "| key | holds | meaning |\n|---|---|---|\n"
VALUE = (
    "What was read; a text has 1 to 255 characters. `true` and `on` also count as 1, `false` and `off` as 0, in any "
    "case; required."
)
READINGS = {
    "time": ("a time", "Moment from 2000-01-01 to one day ahead of now; required."),
    "sensor_id": ("a whole number", "Id of a sensor of the account; required."),
    "value": ("a number, true, false or a text", VALUE),
}
HOLDS = {
    FieldDescriptor.CPPTYPE_STRING: "a text",
    FieldDescriptor.CPPTYPE_BOOL: "true or false",
    FieldDescriptor.CPPTYPE_INT32: "a whole number",
    FieldDescriptor.CPPTYPE_INT64: "a whole number",
    FieldDescriptor.CPPTYPE_DOUBLE: "a number",
}
WELL_KNOWN = {
    "google.protobuf.Timestamp": "a time",
    "google.protobuf.Struct": "an object",
    "google.protobuf.Value": "any value",
}

Comments = dict[str, str]


def comments() -> Comments:
    """Return the comments of the contract by the full names of fields."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "set"
        files = sorted(str(file) for file in (PROTOS / "daybook" / "input").rglob("*.proto"))
        known = [f"-I{folder}" for folder in (PROTOS, Path(protoc.__file__).with_name("_proto"))]
        if protoc.main(["", *known, "--include_source_info", f"--descriptor_set_out={out}", *files]):
            raise ValueError("The contract does not compile")
        found = FileDescriptorSet.FromString(out.read_bytes())
    return {
        name: " ".join(location.leading_comments.split())
        for file in found.file
        for location in file.source_code_info.location
        if (name := _field_at(file, list(location.path)))
    }


def _field_at(file: Any, path: list[int]) -> str:
    """Return the full name of the field at a path of source code info, empty for anything else."""
    field = [4, 2]  # messages of a file, fields of a message
    if [path[0::2], len(path)] != [field, 4]:
        return ""
    message = file.message_type[path[1]]
    return f"{file.package}.{message.name}.{message.field[path[3]].name}"


def keys(descriptor: Any, known: Comments, outer: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the keys of a message with what they hold and mean, those of objects within by dots."""
    for field in descriptor.fields:
        name = outer + key_of(field) + ("[]" if field.is_repeated and not _is_map(field) else "")
        yield name, _holds(field), known[field.full_name]
        inner = field.message_type
        if _is_map(field):
            inner, name = inner.fields_by_name["value"].message_type, f"{name}.ID"
        if inner is not None and inner.full_name not in WELL_KNOWN and inner.name != "Form":
            yield from keys(inner, known, f"{name}.")


def _is_map(field: Any) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def _holds(field: Any) -> str:
    if _is_map(field):
        return "an object"
    if field.enum_type is not None:
        return ", ".join(f"`{word}`" for word in enum_words(field.enum_type))
    if field.message_type is not None:
        one = WELL_KNOWN.get(field.message_type.full_name, "an object")
    else:
        one = HOLDS[field.cpp_type]
    return f"a list, each {one}" if field.is_repeated else one


def tables() -> str:
    """Return a section for each kind: its keys and its examples."""
    known, sections = comments(), []
    for kind, lines in EXAMPLES.items():
        rows = [(name, *words) for name, words in READINGS.items()]
        if kind != "readings":
            records: Any = pb.Batch.DESCRIPTOR.fields_by_name[kind].message_type
            rows = list(keys(records.fields_by_name["items"].message_type, known))
        table = HEAD + "".join(f"| `{name}` | {holds} | {meaning} |\n" for name, holds, meaning in rows)
        examples = "".join(f"{line}\n" for line in lines)
        sections.append(f"### {kind}\n\n{table}\n```json\n{examples}```\n")
    return "\n" + "\n".join(sections) + "\n"


def written(page: str) -> str:
    """Return the page with the sections between its marks made anew. Raises ValueError when it has not both marks."""
    return replaced(page, "keys", tables())


def main() -> None:
    """Write the sections into the page."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
