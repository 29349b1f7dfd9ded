"""Calls carry who asks and their request id, as far as metadata can."""

from types import SimpleNamespace

import pytest

from services.runtime.channel import authorization_of, call_metadata
from services.runtime.logs import request_id


def test_a_call_carries_credentials_and_request_id() -> None:
    """Both travel under the names that servers read."""
    token = request_id.set("abc")
    try:
        assert (("authorization", "NVX 00"), ("x-request-id", "abc")) == call_metadata("NVX 00")
    finally:
        request_id.reset(token)


@pytest.mark.parametrize("authorization", [None, "", "NVX é", "NVX \n", "N" * 1_025])
def test_credentials_that_metadata_cannot_hold_are_left_out(authorization: str | None) -> None:
    """They make gRPC raise; without them the call is answered like one that has none."""
    assert () == call_metadata(authorization)


@pytest.mark.parametrize(("expected", "value"), [("Bearer x", "Bearer x"), (None, "Bearer é"), (None, b"Bearer x")])
def test_credentials_of_a_call_are_read_when_they_are_plain_text(expected: str | None, value: str | bytes) -> None:
    """Whatever else a client sends counts as none."""
    context = SimpleNamespace(invocation_metadata=lambda: (("authorization", value),))

    assert expected == authorization_of(context)


def test_a_call_without_metadata_has_no_credentials() -> None:
    """A bare call is read without complaint."""
    assert authorization_of(SimpleNamespace(invocation_metadata=lambda: None)) is None
