"""Errors become statuses with details small enough to travel, and can be read back."""

import grpc
import pytest
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc.aio import AioRpcError, Metadata
from hypothesis import given
from hypothesis import strategies as st

from services import errors
from services.errors import DaybookError, InvalidParameters, Violation
from services.errors.reports import FileTooLarge, PluginNotFound, TooManyReports
from services.runtime.errors import (
    DETAILS_KEY,
    MAX_DETAILS_BYTES,
    UNANSWERED,
    answer_of,
    details_of,
    failure_of,
    status_of,
)


def failed(code: grpc.StatusCode, details: bytes | None, message: str = "words") -> AioRpcError:
    """Return the error that a client sees for such an answer."""
    trailers = Metadata() if details is None else Metadata(("x-other", "1"), (DETAILS_KEY, details))
    return AioRpcError(code, Metadata(), trailers, details=message)


def _every(*parents: type[DaybookError]) -> list[type[DaybookError]]:
    """Return the classes and all below them."""
    below = [_every(*parent.__subclasses__()) for parent in parents]
    return [*parents, *(kind for some in below for kind in some)]


@pytest.mark.parametrize(
    ("expected", "error"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, errors.SpanTooLong("P90D")),
        (grpc.StatusCode.UNAUTHENTICATED, errors.WrongLogin()),
        (grpc.StatusCode.PERMISSION_DENIED, errors.DemoAccount()),
        (grpc.StatusCode.NOT_FOUND, PluginNotFound()),
        (grpc.StatusCode.ALREADY_EXISTS, errors.AlreadyExists()),
        (grpc.StatusCode.FAILED_PRECONDITION, FileTooLarge()),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, TooManyReports()),
        (grpc.StatusCode.UNAVAILABLE, errors.StoreUnavailable()),
        (grpc.StatusCode.INTERNAL, DaybookError("boom")),
    ],
)
def test_an_error_has_the_status_of_its_kind(expected: grpc.StatusCode, error: DaybookError) -> None:
    """A subclass shares its parent's status; a bare error is internal."""
    assert expected == status_of(error)


def test_reason_metadata_and_violations_can_be_read_back() -> None:
    """A client reads what a servicer raises."""
    wrong = InvalidParameters([Violation("plugin.split", "must be true or false")])
    failure = failure_of(failed(grpc.StatusCode.INVALID_ARGUMENT, details_of(wrong)))

    assert ("INVALID_PARAMETERS", [Violation("plugin.split", "must be true or false")]) == (
        failure.reason,
        list(failure.violations),
    )
    too_long = failure_of(failed(grpc.StatusCode.INVALID_ARGUMENT, details_of(errors.SpanTooLong("P90D"))))
    assert ("SPAN_TOO_LONG", {"max_time_span": "P90D"}) == (too_long.reason, dict(too_long.metadata))


@pytest.mark.parametrize("error", _every(errors.TooMuch, errors.Unavailable), ids=lambda kind: kind.__name__)
def test_every_exhausted_or_unavailable_answer_says_when_to_retry(error: type[DaybookError]) -> None:
    """Also where the one who raised it knows no moment; other answers say nothing."""
    failure = failure_of(failed(status_of(error()), details_of(error())))

    assert failure.retry_after_s is not None
    assert failure.retry_after_s >= 1
    assert failure_of(failed(grpc.StatusCode.NOT_FOUND, details_of(errors.NotFound()))).retry_after_s is None


def test_the_time_to_retry_travels_as_it_was_known() -> None:
    """In google.rpc.RetryInfo, beside reason and metadata; an answer of another service keeps its own."""
    details = details_of(errors.TooMuch("later", retry_after_s=871.25, right="x"))
    found = failure_of(failed(grpc.StatusCode.RESOURCE_EXHAUSTED, details))
    (retry,) = [one for one in Status.FromString(details).details if one.Is(RetryInfo.DESCRIPTOR)]
    passed = answer_of(failed(grpc.StatusCode.RESOURCE_EXHAUSTED, details))

    assert (871.25, {"right": "x"}, "TOO_MANY_REQUESTS") == (found.retry_after_s, dict(found.metadata), found.reason)
    assert RetryInfo(retry_delay=Duration(seconds=871, nanos=250_000_000)) == RetryInfo.FromString(retry.value)
    assert passed is not None
    assert details == passed.details


def test_violations_are_at_most_20_their_fields_of_100_characters_and_what_is_right_of_170() -> None:
    """A call with a thousand bad parameters is answered with the first 20, each cut."""
    wrong = InvalidParameters(Violation(f"{index}" + "f" * 200, "d" * 200) for index in range(1_000))
    violations = failure_of(failed(grpc.StatusCode.INVALID_ARGUMENT, details_of(wrong))).violations

    assert 20 == len(violations)
    assert "0" + "f" * 99 == violations[0].field
    assert {170} == {len(violation.description) for violation in violations}


@given(st.lists(st.builds(Violation, st.text(max_size=150), st.text(max_size=150)), max_size=30), st.text(max_size=300))
def test_details_always_fit_into_trailers(violations: list[Violation], value: str) -> None:
    """However wide the characters, details stay below the limit and lose violations from the end alone."""
    wrong = InvalidParameters(violations)
    wrong.metadata["value"] = value
    details = details_of(wrong)
    kept = failure_of(failed(grpc.StatusCode.INVALID_ARGUMENT, details)).violations

    assert len(details) <= MAX_DETAILS_BYTES
    assert [Violation(one.field[:100], one.description[:100]) for one in violations[: len(kept)]] == list(kept)


def test_the_widest_characters_lose_some_violations_but_not_all() -> None:
    """20 violations of 4-byte characters do not fit; many of them do."""
    wrong = InvalidParameters(Violation("\N{DELIVERY TRUCK}" * 100, "\N{DELIVERY TRUCK}" * 100) for _ in range(20))

    assert 6 <= len(failure_of(failed(grpc.StatusCode.INVALID_ARGUMENT, details_of(wrong))).violations) < 20


def test_an_answer_of_ours_passes_unchanged() -> None:
    """Status, words and details of another service go on byte for byte, whatever the status."""
    details = details_of(errors.NotFound())
    answer = answer_of(failed(grpc.StatusCode.UNAVAILABLE, details, "somewhere"))

    assert answer is not None
    assert (grpc.StatusCode.UNAVAILABLE, "somewhere", details) == (answer.code, answer.message, answer.details)


@pytest.mark.parametrize("code", UNANSWERED)
def test_a_service_that_does_not_answer_is_unavailable(code: grpc.StatusCode) -> None:
    """The text of gRPC about a lost connection names addresses and is not passed on."""
    answer = answer_of(failed(code, None, "failed to connect to ipv4:10.0.0.7:50051"))

    assert answer is not None
    assert grpc.StatusCode.UNAVAILABLE == answer.code
    assert "10.0.0.7" not in answer.message
    assert "SERVICE_UNAVAILABLE" == failure_of(failed(answer.code, answer.details)).reason


@pytest.mark.parametrize("error", [ValueError("secret"), failed(grpc.StatusCode.UNIMPLEMENTED, None, "no such method")])
def test_an_unforeseen_error_has_no_answer(error: Exception) -> None:
    """Bugs and statuses of strangers are for the log."""
    assert answer_of(error) is None


@pytest.mark.parametrize("domain", ["googleapis.com", ""])
def test_details_of_strangers_are_not_ours(domain: str) -> None:
    """Garbage and reasons of other domains read as an empty reason."""
    packed = AnyMessage()
    packed.Pack(ErrorInfo(reason="NOT_READY", domain=domain))
    strange = Status(code=5, details=[packed]).SerializeToString()

    assert "" == failure_of(failed(grpc.StatusCode.NOT_FOUND, strange)).reason
    assert "" == failure_of(failed(grpc.StatusCode.NOT_FOUND, b"\xff\xff")).reason
