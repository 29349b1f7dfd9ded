"""Comments of the contracts: those of the fields of every request, messages within messages included."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc

PROTOS = Path(__file__).parents[2] / "protos"
MESSAGES, FIELDS, NESTED = 4, 2, 3  # numbers of these fields of a file and of a message, as paths of comments name them


@dataclass(frozen=True)
class CommentedField:
    """Field of a message with its comment, on one line."""

    message: str
    field: FieldDescriptorProto
    comment: str

    @property
    def name(self) -> str:
        """Message and field, without the package's `daybook`."""
        return f"{self.message.removeprefix('.daybook.')}.{self.field.name}"


@cache
def requests() -> dict[str, CommentedField]:
    """Return the fields that requests of all RPCs have, at any depth, by name."""
    files = _files()
    messages = {name: fields for file in files for name, fields in _messages(file)}
    asked = [method.input_type for file in files for service in file.service for method in service.method]
    found: dict[str, CommentedField] = {}
    seen: set[str] = set()
    while asked:
        name = asked.pop()
        if name in seen or name not in messages:
            continue
        seen.add(name)
        for one in messages[name]:
            found[one.name] = one
            if one.field.type == FieldDescriptorProto.TYPE_MESSAGE:
                asked.append(one.field.type_name)
    return found


def _files() -> list[FileDescriptorProto]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "all.binpb")
        sources = sorted(str(path) for path in PROTOS.rglob("daybook/**/*.proto"))
        include = Path(protoc.__file__).parent / "_proto"
        options = [f"-I{PROTOS}", f"-I{include}", "--include_source_info", f"--descriptor_set_out={out}"]
        assert protoc.main(["protoc", *options, *sources]) == 0
        return list(FileDescriptorSet.FromString(out.read_bytes()).file)


def _messages(file: FileDescriptorProto) -> Iterator[tuple[str, list[CommentedField]]]:
    comments = {tuple(one.path): " ".join(one.leading_comments.split()) for one in file.source_code_info.location}
    for place, message in enumerate(file.message_type):
        yield from _fields(f".{file.package}", message, (MESSAGES, place), comments)


def _fields(
    above: str, message: DescriptorProto, path: tuple[int, ...], comments: dict[tuple[int, ...], str]
) -> Iterator[tuple[str, list[CommentedField]]]:
    name = f"{above}.{message.name}"
    yield (
        name,
        [
            CommentedField(name, field, comments.get((*path, FIELDS, place), ""))
            for place, field in enumerate(message.field)
        ],
    )
    for place, nested in enumerate(message.nested_type):
        yield from _fields(name, nested, (*path, NESTED, place), comments)
