"""Messages as documents, and objects of JSON as Structs."""

import math
from typing import Any

import pytest
from bson import decode, encode
from bson.codec_options import CodecOptions
from bson.errors import InvalidDocument
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.fleet_pb2 import Assignment, Employee, Tracker
from daybook.input.v1.workspace_pb2 import Member, Project, TimeEntry, Workspace
from daybook.report.v1.sheet_pb2 import Sheet
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidParameters
from services.runtime.codec import MAX_DEPTH, codec_of, datetime_of, mapping_of, struct_of, timestamp_of
from tests.fuzz.rpc_messages import messages

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def nested(depth: int) -> Any:
    """Return lists in one another, the innermost empty."""
    return [nested(depth - 1)] if depth > 1 else []


@given(st.dictionaries(st.text(), VALUES))
def test_what_goes_in_comes_out(mapping: dict[str, Any]) -> None:
    """Everything JSON can hold is the same afterwards."""
    assert mapping == mapping_of(struct_of(mapping), "params")


def test_whole_numbers_are_ints_again() -> None:
    """A Struct holds doubles only; what a double no longer holds exactly stays one."""
    found = mapping_of(struct_of({"five": 5, "half": 0.5, "huge": 1e300}), "params")

    assert {"five": int, "half": float, "huge": float} == {name: type(value) for name, value in found.items()}


def test_bad_values_are_all_named() -> None:
    """Numbers that are not finite, and deep nesting, are no JSON of ours."""
    struct = struct_of({"fine": nested(MAX_DEPTH - 1), "deep": nested(MAX_DEPTH)})
    struct.fields["odd"].list_value.values.add(number_value=math.inf)
    with pytest.raises(InvalidParameters) as caught:
        mapping_of(struct, "params")

    assert {"params.deep", "params.odd"} == {one.field for one in caught.value.violations}


def test_a_value_that_was_never_set_is_null() -> None:
    """Protobuf knows a value of no kind."""
    struct = Struct()
    struct.fields["empty"].SetInParent()

    assert {"empty": None} == mapping_of(struct, "params")


TYPES = [Tracker, Employee, Assignment, Workspace, Member, Project, TimeEntry, GenerateReportRequest, Sheet]


def written(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)


def exact(message: Message) -> Message:
    """Return a message with moments that documents can hold: of the years 1 to 9999, to the millisecond."""
    for field, value in list(message.ListFields()):
        parts = value if field.is_repeated else [value]
        for one in parts if field.message_type and not field.message_type.GetOptions().map_entry else []:
            if isinstance(one, Timestamp):
                one.CopyFrom(Timestamp(seconds=one.seconds % 10**10, nanos=one.nanos % 1000 * 10**6))
            elif not isinstance(one, Struct):
                exact(one)
    return message


@pytest.mark.parametrize("kind", TYPES)
@given(st.data())
def test_any_message_comes_back_from_its_document(kind: type[Message], data: st.DataObject) -> None:
    """Also through BSON, and whatever the message holds: the bytes are the same."""
    message = exact(data.draw(messages(kind.DESCRIPTOR)))
    document = codec_of(kind).document(message)
    try:
        found = decode(encode(document), CodecOptions(tz_aware=True))
    except InvalidDocument:  # a name in a Struct has a NUL
        found = document

    assert set(kind.DESCRIPTOR.fields_by_name) == set(document)
    for one in (document, found):
        assert written(message) == written(codec_of(kind).message(one))


def test_enums_are_names_and_what_is_absent_is_null() -> None:
    """Unknown is None and not 0; a number that the contract does not name stays a number."""
    member = codec_of(Member).document(Member(role=Member.ROLE_ADMIN))
    tracker = codec_of(Tracker).document(Tracker(label="Car"))

    assert ("ROLE_ADMIN", "ROLE_UNSPECIFIED") == (member["role"], codec_of(Member).empty()["role"])
    assert (None, None, "") == (tracker["odometer_km"], tracker["parking"], tracker["model"])
    assert 7 == codec_of(Member).document(codec_of(Member).message({"role": 7}))["role"]
    assert Tracker() == codec_of(Tracker).message({"_id": 5, "removing": True, "label": None})


def test_a_moment_outside_of_the_calendar_is_refused() -> None:
    """The years are 1 to 9999."""
    for seconds in (10**13, -(10**13)):
        with pytest.raises(ValueError, match="1 to 9999"):
            datetime_of(Timestamp(seconds=seconds))
    assert Timestamp(seconds=5, nanos=123_000_000) == timestamp_of(datetime_of(Timestamp(seconds=5, nanos=123_999_999)))
