"""Conditions and orders of lists of inputs: which a kind has, and how they are written."""

from collections.abc import Collection
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from services.errors import InvalidParameters
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_store import InputFilter
from services.generation.inputs.limits import MAX_ITEMS, MAX_LABEL, MAX_TAGS

MAX_ORDER = 10
MAX_SKIP = 1_000_000
ASCENDING, DESCENDING = "asc", "desc"
MAX_TEXTS = 1024
MOST = (  # items of a condition, with the field without which a kind does not have it
    ("names", "", MAX_ITEMS),
    ("texts", "", MAX_TEXTS),
    ("tracker_ids", "tracker_id", MAX_ITEMS),
    ("tags", "tags", MAX_TAGS),
)
ORDERED = {FieldDescriptor.CPPTYPE_STRING, FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64}


def check_filter(kind: InputKind[Any], matching: InputFilter) -> None:
    """Raise InvalidParameters for conditions or an order that the kind does not have."""
    if matching.ids is not None:
        check_ids(kind, matching.ids)
    _check_texts(kind, matching)
    for name in () if kind.bucketed_by else ("start", "end"):
        if getattr(matching, name) is not None:
            raise InvalidParameters.one(f"{name}_time", f"must be absent for {kind.name}")
    if not 0 <= matching.skip <= MAX_SKIP:
        raise InvalidParameters.one("skip", f"must be 0 to {MAX_SKIP:,}")
    _check_order(kind, matching)


def _check_texts(kind: InputKind[Any], matching: InputFilter) -> None:
    texts = {"text": [matching.text] if matching.text else [], "names": matching.names, "texts": matching.texts}
    for field, some in (texts | {"tags": matching.tags}).items():
        if some and field in texts and not kind.text_fields:
            raise InvalidParameters.one(field, f"must be empty for {kind.name}, which have no names")
        if any(len(one) > MAX_LABEL or "\0" in one for one in some):
            raise InvalidParameters.one(field, f"must have at most {MAX_LABEL} characters, none of them NUL")
    for field, owner, most in MOST:
        some = getattr(matching, field)
        if some and owner and owner not in kind.message.DESCRIPTOR.fields_by_name:
            raise InvalidParameters.one(field, f"must be empty for {kind.name}, which have none")
        if len(some) > most:
            raise InvalidParameters.one(field, f"must be at most {most:,}")


def check_ids(kind: InputKind[Any], ids: Collection[int]) -> None:
    """Raise InvalidParameters for ids of a kind without any, and for too many."""
    if kind.id_field is None:
        raise InvalidParameters.one("ids", f"must be empty for {kind.name}, which have none")
    if len(ids) > MAX_ITEMS:
        raise InvalidParameters.one("ids", f"must be at most {MAX_ITEMS}")


def _check_order(kind: InputKind[Any], matching: InputFilter) -> None:
    names = [name for name, _ in matching.order]
    known = sortable_fields(kind)
    if len(set(names)) < len(names) or len(names) > MAX_ORDER or not set(names) <= set(known):
        raise InvalidParameters.one("order_by", f"must be of {', '.join(known)}, each once")


def sortable_fields(kind: InputKind[Any]) -> list[str]:
    """Return the fields by which lists of the kind can be ordered: texts and whole numbers that are stored."""
    hidden = {*kind.output_only, *kind.unlisted}
    fields = kind.message.DESCRIPTOR.fields
    return [
        one.name
        for one in fields
        if one.cpp_type in ORDERED and not one.is_repeated and one.name not in hidden and not one.enum_type
    ]


def order_of(text: str) -> tuple[tuple[str, bool], ...]:
    """Return the fields in an order, such as "last_name desc, id", each with whether it descends.

    Raises InvalidParameters for a text of another form.
    """
    found = []
    for one in text.split(",") if text else []:
        name, *direction = one.split() or [""]
        if direction not in ([], [ASCENDING], [DESCENDING]) or not name:
            raise InvalidParameters.one("order_by", "must be fields with commas between, such as `last_name desc, id`")
        found.append((name, direction == [DESCENDING]))
    return tuple(found)
