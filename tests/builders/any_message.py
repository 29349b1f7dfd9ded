"""Messages of any kind with every field set, made by walking descriptors."""

import math
from typing import Any

from daybook.report.v1 import sheet_pb2 as pb
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from hypothesis import strategies as st

FLOATS = (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT)
PLAIN_ITEMS = 2  # of lists that are not cut


def filled(message: Any, rows: int, *, seed: int = 1) -> Any:
    """Set every field of a message, of its parts and their parts; lists that slices divide get so many rows.

    No two values of one field are alike, as far as its type allows. Of a oneof the first field is set.
    """
    for field in message.DESCRIPTOR.fields:
        if field.containing_oneof is None or field.containing_oneof.fields[0] is field or field.has_presence is False:
            _fill(message, field, rows, seed)
    return message


def sections_of_every_kind(rows: int, *, seed: int = 1) -> list[pb.Section]:
    """Return a section of each kind of content, with every field set."""
    sections = []
    for field in pb.Section.DESCRIPTOR.oneofs_by_name["content"].fields:
        section = pb.Section()
        filled(getattr(section, field.name), rows, seed=seed)
        sections.append(section)
    return sections


def sheets_of_every_kind(most_rows: int) -> st.SearchStrategy[pb.Sheet]:
    """Return sheets of sections of any kinds and lengths, with every field set."""
    section = st.builds(
        lambda rows, place, seed: sections_of_every_kind(rows, seed=seed)[place],
        st.integers(0, most_rows),
        st.integers(0, len(sections_of_every_kind(1)) - 1),
        st.integers(1, 9),
    )
    return st.builds(
        lambda sections: pb.Sheet(header="Car", entity_ids=[7], time_zone="Europe/Moscow", sections=sections),
        st.lists(section, max_size=4),
    )


def unset_fields(message: Message, path: str = "") -> list[str]:
    """Return the fields that are at their default, in the message or in any that it holds; of a oneof one is enough."""
    unset = []
    for field in message.DESCRIPTOR.fields:
        value, name = getattr(message, field.name), f"{path}{field.name}"
        chosen = field.containing_oneof and message.WhichOneof(field.containing_oneof.name)
        if chosen and chosen != field.name:
            continue
        if field.message_type is None:
            unset += [] if (len(value) if field.is_repeated else value) else [name]
        elif field.is_repeated:
            unset += [] if value else [name]
            unset += [one for child in value for one in unset_fields(child, f"{name}.")]
        else:
            unset += unset_fields(value, f"{name}.")
    return unset


def _fill(message: Any, field: FieldDescriptor, rows: int, seed: int) -> None:
    slicing = field.GetOptions().Extensions[pb.slicing]
    if slicing == pb.SLICING_RANGE:
        _fill_ranges(getattr(message, field.name), rows, seed)
    elif slicing in (pb.SLICING_ROW, pb.SLICING_ENTRY):
        sparse = range(0, rows, 2)
        values = sparse if slicing == pb.SLICING_ROW else [_value(field, seed + row) for row in sparse]
        getattr(message, field.name).extend(values)
    elif field.is_repeated:
        count = rows if slicing else PLAIN_ITEMS
        for place in range(count):
            if field.message_type is not None:
                filled(getattr(message, field.name).add(), rows, seed=seed + place)
            else:
                getattr(message, field.name).append(_value(field, seed + place))
    elif field.message_type is not None:
        filled(getattr(message, field.name), rows, seed=seed)
    else:
        text = slicing and field.type == FieldDescriptor.TYPE_STRING
        setattr(message, field.name, "wörd " * (100 * rows) if text else _value(field, seed))


def _fill_ranges(groups: Any, rows: int, seed: int) -> None:
    sizes = [rows // 3, 0, rows - rows // 3]
    for place, size in enumerate(sizes):
        group = filled(groups.add(), 1, seed=seed + place)
        group.row_count, group.continued, group.unfinished = size, False, False


def _value(field: FieldDescriptor, seed: int) -> Any:
    if field.type == FieldDescriptor.TYPE_STRING:
        return f"{field.name} {seed}"
    if field.type == FieldDescriptor.TYPE_BYTES:
        return f"{field.name} {seed}".encode()
    if field.type == FieldDescriptor.TYPE_BOOL:
        return True
    if field.enum_type is not None:
        return field.enum_type.values[1 + seed % (len(field.enum_type.values) - 1)].number
    if field.type in FLOATS:
        return math.nan if seed % 7 == 0 else seed + 0.5
    return seed % PLAIN_ITEMS if field.name == "lane" else seed  # a place in `lanes`
