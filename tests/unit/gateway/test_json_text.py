"""JSON text that strangers wrote."""

from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.requests.json_text import MAX_DEPTH, parse


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"NaN", b"Infinity", b"1e400", b'"\\ud800"', b'"\xff"', b"\x00", b"{}{}", b'"\x01"', "\ud800"],
)
def test_malformed_text_is_a_value_error(text):
    """Not JSON, not finite, or not Unicode."""
    with pytest.raises(ValueError, match="malformed JSON"):
        parse(text)


def test_sixteen_levels_are_deep_enough():
    """Sixteen nested lists are read, seventeen and five thousand are not."""
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    for depth in (MAX_DEPTH + 1, 5000):
        with pytest.raises(ValueError, match="deeper than 16"):
            parse(b"[" * depth + b"]" * depth)


def test_objects_count_as_levels_too():
    with pytest.raises(ValueError, match="deeper than 16"):
        parse(b'{"a":' * 17 + b"1" + b"}" * 17)


def test_a_byte_order_mark_is_skipped():
    assert {} == parse(b"\xef\xbb\xbf{}")
    assert {} == parse("\ufeff{}")


@given(st.binary())
def test_any_bytes_are_read_or_refused(data):
    """Never anything but a value or a ValueError."""
    with suppress(ValueError):
        parse(data)


@given(st.recursive(st.none() | st.booleans() | st.text() | st.integers(-(2**63), 2**63), st.lists, max_leaves=9))
def test_good_text_is_read_as_it_is(value):
    assert value == parse(orjson.dumps(value))
