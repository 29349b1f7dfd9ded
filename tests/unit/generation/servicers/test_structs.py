"""Objects of JSON as Structs."""

import math
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidParameters
from services.generation.servicers.structs import MAX_DEPTH, mapping_of, struct_of

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
    """What is not finite or nested too deep is no JSON of ours."""
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
