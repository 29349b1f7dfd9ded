"""Errors to gRPC statuses and back: the one place that knows both."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from services import errors
from services.errors import DaybookError, Violation

DOMAIN = "daybook"
DETAILS_KEY = "grpc-status-details-bin"
MAX_VIOLATIONS = 20  # trailers hold 16 KB
MAX_VALUE_LENGTH = 100

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


def status_of(error: DaybookError) -> grpc.StatusCode:
    """Return the status of an error; a subclass shares its parent's."""
    kinds = type(error).__mro__
    return next((STATUS[kind] for kind in kinds if kind in STATUS), grpc.StatusCode.INTERNAL)


def details_of(error: DaybookError) -> bytes:
    """Return the error's google.rpc.Status: its reason, its metadata and the parameters it complains of."""
    status = Status(code=status_of(error).value[0], message=str(error)[:MAX_VALUE_LENGTH])
    info = ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=_cut(error.metadata))
    status.details.append(_packed(info))
    if error.violations:
        bad = BadRequest()
        for violation in error.violations[:MAX_VIOLATIONS]:
            bad.field_violations.add(
                field=violation.field[:MAX_VALUE_LENGTH],
                description=violation.description[:MAX_VALUE_LENGTH],
            )
        status.details.append(_packed(bad))
    return status.SerializeToString()


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed call said: its status and, when Daybook answered it, reason, metadata and violations."""

    code: grpc.StatusCode
    message: str
    reason: str
    metadata: dict[str, str]
    violations: Sequence[Violation]


def failure_of(error: grpc.aio.AioRpcError) -> Failure:
    """Read a failed call. `reason` is empty when nobody of ours answered: a deadline, a lost connection."""
    reason, metadata, violations = "", dict[str, str](), list[Violation]()
    for key, value in error.trailing_metadata() or ():
        if key != DETAILS_KEY:
            continue
        for detail in Status.FromString(value if isinstance(value, bytes) else value.encode()).details:
            if detail.Is(ErrorInfo.DESCRIPTOR):
                info = ErrorInfo.FromString(detail.value)
                reason, metadata = info.reason, dict(info.metadata)
            elif detail.Is(BadRequest.DESCRIPTOR):
                found = BadRequest.FromString(detail.value).field_violations
                violations = [Violation(one.field, one.description) for one in found]
    return Failure(error.code(), error.details() or "", reason, metadata, violations)


def _packed(message: ErrorInfo | BadRequest) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed


def _cut(metadata: dict[str, str]) -> dict[str, str]:
    return {key: value[:MAX_VALUE_LENGTH] for key, value in metadata.items()}
