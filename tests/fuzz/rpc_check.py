"""Whether a call ended as one may: with an answer, or with a status and a reason of the contracts."""

from daybook.report.v1.error_reason_pb2 import ErrorReason
from grpc import StatusCode

from tests.fuzz.rpc_request import Call
from tests.rpcs import Outcome

PREFIX = "ERROR_REASON_"
REASONS = {name.removeprefix(PREFIX) for name in ErrorReason.keys()} - {"UNSPECIFIED", "UNEXPECTED"}  # noqa: SIM118  no mapping
PUBLISHED = {
    StatusCode.INVALID_ARGUMENT,
    StatusCode.UNAUTHENTICATED,
    StatusCode.PERMISSION_DENIED,
    StatusCode.NOT_FOUND,
    StatusCode.ALREADY_EXISTS,
    StatusCode.FAILED_PRECONDITION,
    StatusCode.RESOURCE_EXHAUSTED,
}
GIVEN_UP = {StatusCode.DEADLINE_EXCEEDED, StatusCode.CANCELLED, StatusCode.UNAVAILABLE}


def problem(call: Call, outcome: Outcome) -> str:
    """Return what is wrong with how a call ended, empty when nothing is."""
    if outcome.code is StatusCode.OK or (call.hurried and outcome.code in GIVEN_UP):
        return ""
    if outcome.code not in PUBLISHED:
        return f"status {outcome.code.name} {outcome.reason}: {outcome.message[:200]}"
    if outcome.reason not in REASONS:
        return f"no published reason with {outcome.code.name}: {outcome.reason or outcome.message[:200]}"
    if outcome.details.code != outcome.code.value[0]:
        return f"two statuses, {outcome.code.name} and {outcome.details.code}"
    return ""
