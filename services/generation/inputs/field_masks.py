"""Field masks: which fields of a record a change names, and the record after it."""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.message import Message

from services.errors import InvalidParameters
from services.generation.inputs.input_kind import InputKind

WHOLE = "*"


def paths_of(kind: InputKind[Any], record: Message, mask: Sequence[str]) -> list[str]:
    """Return the paths of the fields that a change names.

    `*` names all that may be changed, an empty mask those that the record sets. Raises InvalidParameters for a path
    that is no field, and for a field that may not be changed.
    """
    fixed = {*kind.key, *kind.output_only}
    if list(mask) == [WHOLE]:
        return [name for name in kind.message.DESCRIPTOR.fields_by_name if name not in fixed]
    if not mask:
        return [path for path in _set_paths(record) if path.partition(".")[0] not in fixed]
    for path in mask:
        if not _is_path(kind.message.DESCRIPTOR, path):
            raise InvalidParameters.one("update_mask", f"must name fields of a {kind.noun}, such as {_example(kind)}")
        if path.partition(".")[0] in fixed:
            raise InvalidParameters.one("update_mask", f"must not name {path}, which cannot be changed")
    return list(dict.fromkeys(mask))


def copy_field(source: Message, target: Message, path: str) -> None:
    """Copy a field of a message, nested ones by dots, to another one; an absent one becomes the default."""
    name, _, rest = path.partition(".")
    if rest:
        copy_field(getattr(source, name), getattr(target, name), rest)
        return
    target.ClearField(name)
    for field, value in source.ListFields():
        if field.name != name:
            continue
        if field.is_repeated:
            getattr(target, name).MergeFrom(value)
        elif field.message_type is not None:
            getattr(target, name).CopyFrom(value)
        else:
            setattr(target, name, value)


def _inner(field: Any) -> Any:
    """Return the descriptor of the message in a field whose fields may be named; None for any other field."""
    inner = None if field.is_repeated else field.message_type
    return None if inner is None or inner.full_name.startswith("google.") else inner


def _is_path(descriptor: Any, path: str) -> bool:
    for name in path.split("."):
        field = descriptor.fields_by_name.get(name) if descriptor is not None else None
        if field is None:
            return False
        descriptor = _inner(field)
    return True


def _set_paths(record: Message) -> Iterator[str]:
    for field, value in record.ListFields():
        if _inner(field) is None:
            yield field.name
        else:
            yield from (f"{field.name}.{path}" for path in _set_paths(value))


def _example(kind: InputKind[Any]) -> str:
    fixed = {*kind.key, *kind.output_only}
    return next((name for name in kind.message.DESCRIPTOR.fields_by_name if name not in fixed), WHOLE)
