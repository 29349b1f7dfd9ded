"""Mapping of errors to gRPC statuses with google.rpc details, and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

from services import errors
from services.errors import DaybookError, Violation

DOMAIN = "daybook"
DETAILS_KEY = "grpc-status-details-bin"
MAX_VIOLATIONS = 20
NANOSECONDS = 1_000_000_000
MAX_VALUE_LENGTH = 100
MAX_DESCRIPTION_LENGTH = 170  # of a violation, which may list what is allowed
MAX_DETAILS_BYTES = 6_000  # gRPC may refuse trailers above 8 KB; base64 and the other trailers need the rest

STATUS: dict[type, grpc.StatusCode] = {
    errors.InvalidParameters: grpc.StatusCode.INVALID_ARGUMENT,
    errors.SpanTooLong: grpc.StatusCode.INVALID_ARGUMENT,
    errors.NotAuthenticated: grpc.StatusCode.UNAUTHENTICATED,
    errors.NotPermitted: grpc.StatusCode.PERMISSION_DENIED,
    errors.NotFound: grpc.StatusCode.NOT_FOUND,
    errors.AlreadyExists: grpc.StatusCode.ALREADY_EXISTS,
    errors.NotNow: grpc.StatusCode.FAILED_PRECONDITION,
    errors.TooMuch: grpc.StatusCode.RESOURCE_EXHAUSTED,
    errors.Unavailable: grpc.StatusCode.UNAVAILABLE,
}
UNANSWERED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


def status_of(error: DaybookError) -> grpc.StatusCode:
    """Return the status of an error; a subclass shares its parent's."""
    kinds = type(error).__mro__
    return next((STATUS[kind] for kind in kinds if kind in STATUS), grpc.StatusCode.INTERNAL)


def details_of(error: DaybookError) -> bytes:
    """Return the google.rpc.Status of an error: its reason, its metadata, when to retry, and the bad parameters."""
    info = ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=_cut(error.metadata))
    status = Status(code=status_of(error).value[0], message=message_of(error), details=[_packed(info)])
    if error.retry_after_s is not None:
        status.details.append(_packed(RetryInfo(retry_delay=_duration(error.retry_after_s))))
    bytes_left = MAX_DETAILS_BYTES - status.ByteSize()
    bad = _bad_request(error.violations, bytes_left)
    if bad.field_violations:
        status.details.append(_packed(bad))
    return bytes(status.SerializeToString())


def bad_request_of(violations: Sequence[Violation]) -> bytes:
    """Return violations as a serialized google.rpc.BadRequest that fits into metadata."""
    return bytes(_bad_request(violations, MAX_DETAILS_BYTES).SerializeToString())


def violations_of(bad_request: bytes) -> tuple[Violation, ...]:
    """Return the violations of a serialized google.rpc.BadRequest. Raises DecodeError."""
    return tuple(Violation(one.field, one.description) for one in BadRequest.FromString(bad_request).field_violations)


def message_of(error: DaybookError) -> str:
    """Return the text of an error, short enough to travel."""
    return str(error)[:MAX_VALUE_LENGTH]


@dataclass(frozen=True, slots=True)
class Answer:
    """End of a failed call: its status, its text, and a serialized google.rpc.Status."""

    code: grpc.StatusCode
    message: str
    details: bytes


def answer_of(error: BaseException) -> Answer | None:
    """Return the answer to a raised error, None when it is unforeseen and must not show.

    The answer of another Daybook service passes unchanged; a service that does not answer is unavailable.
    """
    if isinstance(error, grpc.aio.AioRpcError):
        details = _details(error)
        if details is not None and _read(details).reason:
            return Answer(error.code(), error.details() or "", details)
        if error.code() not in UNANSWERED:
            return None
        error = errors.Unavailable()
    if not isinstance(error, DaybookError):
        return None
    return Answer(status_of(error), message_of(error), details_of(error))


@dataclass(frozen=True, slots=True)
class Failure:
    """Failed call as its caller sees it: the status and, when Daybook answered, reason, metadata and violations.

    `retry_after_s` is the time after which the call may be repeated, None when the answer does not say.
    """

    code: grpc.StatusCode
    message: str
    reason: str
    metadata: Mapping[str, str]
    violations: Sequence[Violation]
    retry_after_s: float | None = None


def failure_of(error: grpc.aio.AioRpcError) -> Failure:
    """Return the failure of a call; `reason` is empty without an answer of Daybook: a deadline, a lost connection."""
    said = _read(_details(error) or b"")
    return Failure(error.code(), error.details() or "", said.reason, said.metadata, said.violations, said.retry_after_s)


@dataclass(frozen=True, slots=True)
class _Details:
    reason: str
    metadata: Mapping[str, str]
    violations: Sequence[Violation]
    retry_after_s: float | None = None


def _details(error: grpc.aio.AioRpcError) -> bytes | None:
    values = (value for key, value in error.trailing_metadata() or () if key == DETAILS_KEY)
    return next((value for value in values if isinstance(value, bytes)), None)


def _read(details: bytes) -> _Details:
    info, bad, retry = ErrorInfo(), BadRequest(), RetryInfo()
    try:
        for detail in Status.FromString(details).details:
            detail.Unpack(info)
            detail.Unpack(bad)
            detail.Unpack(retry)
    except DecodeError:  # not written by Daybook
        return _Details("", {}, ())
    violations = tuple(Violation(found.field, found.description) for found in bad.field_violations)
    reason = info.reason if info.domain == DOMAIN else ""
    return _Details(reason, dict(info.metadata), violations, _seconds(retry))


def _duration(seconds: float) -> Duration:
    duration = Duration()
    duration.FromNanoseconds(round(seconds * NANOSECONDS))
    return duration


def _seconds(retry: RetryInfo) -> float | None:
    return retry.retry_delay.ToNanoseconds() / NANOSECONDS if retry.HasField("retry_delay") else None


def _packed(message: ErrorInfo | BadRequest | RetryInfo) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed


def _bad_request(violations: Sequence[Violation], bytes_left: int) -> BadRequest:
    return BadRequest(field_violations=_fitting(violations[:MAX_VIOLATIONS], bytes_left))


def _fitting(violations: Iterable[Violation], bytes_left: int) -> Iterator[BadRequest.FieldViolation]:
    """Yield as many violations, their values cut, as fit into so many bytes."""
    envelope = 100  # the type's name and the lengths around the list
    bytes_left -= envelope
    for violation in violations:
        field, description = violation.field[:MAX_VALUE_LENGTH], violation.description[:MAX_DESCRIPTION_LENGTH]
        found = BadRequest.FieldViolation(field=field, description=description)
        bytes_left -= found.ByteSize() + 4
        if bytes_left < 0:
            return
        yield found


def _cut(metadata: Mapping[str, str]) -> dict[str, str]:
    return {key: value[:MAX_VALUE_LENGTH] for key, value in metadata.items()}
