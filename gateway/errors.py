"""Public errors: the only place that knows the codes of the API and their HTTP statuses (reference section 3)."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from grpc import StatusCode

from services.runtime.errors import Failure

MAX_FAULTS = 20
MAX_NAME_LENGTH = 100


class Code(IntEnum):
    """The published error codes that concern reports."""

    WRONG_HASH = 3
    SESSION_ENDED = 4
    WRONG_FORMAT = 5
    UNEXPECTED = 6
    INVALID_PARAMETERS = 7
    REQUEST_TOO_LARGE = 9
    NOT_PERMITTED = 13
    UNAVAILABLE = 14
    TOO_MANY_REQUESTS = 15
    DEMO = 101
    WRONG_LOGIN = 102
    WRONG_HANDLER = 111
    WRONG_METHOD = 112
    NOT_FOUND = 204
    SPAN_TOO_LONG = 211
    LIMIT_TOO_BIG = 212
    NONEXISTENT_ENTITIES = 217
    TOO_MANY_DEVICES = 221
    PLUGIN_NOT_FOUND = 222
    NOT_READY = 229
    FEATURE_UNAVAILABLE = 236


PUBLISHED: dict[Code, tuple[int, str]] = {
    Code.WRONG_HASH: (400, "Wrong hash"),
    Code.SESSION_ENDED: (400, "User or API key not found or session ended"),
    Code.WRONG_FORMAT: (400, "Wrong request format"),
    Code.UNEXPECTED: (500, "Unexpected error"),
    Code.INVALID_PARAMETERS: (400, "Invalid parameters"),
    Code.REQUEST_TOO_LARGE: (412, "Too large request"),
    Code.NOT_PERMITTED: (403, "Operation not permitted"),
    Code.UNAVAILABLE: (503, "Database unavailable"),
    Code.TOO_MANY_REQUESTS: (429, "Too many requests"),
    Code.DEMO: (403, "In demo mode this function disabled"),
    Code.WRONG_LOGIN: (400, "Wrong login or password"),
    Code.WRONG_HANDLER: (400, "Wrong handler"),
    Code.WRONG_METHOD: (400, "Wrong method"),
    Code.NOT_FOUND: (404, "Entity not found"),
    Code.SPAN_TOO_LONG: (400, "Requested time span is too big"),
    Code.LIMIT_TOO_BIG: (400, "Requested limit is too big"),
    Code.NONEXISTENT_ENTITIES: (400, "List contains nonexistent entities"),
    Code.TOO_MANY_DEVICES: (403, "Device limit exceeded"),
    Code.PLUGIN_NOT_FOUND: (400, "Plugin not found"),
    Code.NOT_READY: (404, "Requested data is not ready yet"),
    Code.FEATURE_UNAVAILABLE: (402, "Feature unavailable due to tariff restrictions"),
}

# 400 on one published page, 403 on another: a setting decides
DISPUTED = {Code.SPAN_TOO_LONG, Code.NONEXISTENT_ENTITIES, Code.PLUGIN_NOT_FOUND}

REASONS = {
    "INVALID_PARAMETERS": Code.INVALID_PARAMETERS,
    "WRONG_HASH": Code.WRONG_HASH,
    "SESSION_ENDED": Code.SESSION_ENDED,
    "WRONG_LOGIN": Code.WRONG_LOGIN,
    "RIGHT_MISSING": Code.NOT_PERMITTED,
    "DEMO_ACCOUNT": Code.DEMO,
    "ENTITY_NOT_FOUND": Code.NOT_FOUND,
    "NONEXISTENT_ENTITIES": Code.NONEXISTENT_ENTITIES,
    "PLUGIN_NOT_FOUND": Code.PLUGIN_NOT_FOUND,
    "NOT_READY": Code.NOT_READY,
    "REPORT_FAILED": Code.UNEXPECTED,
    "FEATURE_UNAVAILABLE": Code.FEATURE_UNAVAILABLE,
    "SPAN_TOO_LONG": Code.SPAN_TOO_LONG,
    "TOO_MANY_REPORTS": Code.TOO_MANY_REQUESTS,
    "TOO_MANY_REQUESTS": Code.TOO_MANY_REQUESTS,
    "TOO_MANY_TRACKERS": Code.TOO_MANY_DEVICES,
    "FILE_TOO_LARGE": Code.LIMIT_TOO_BIG,
    "ALREADY_EXISTS": Code.UNEXPECTED,  # no route creates anything that could exist
    "STORE_UNAVAILABLE": Code.UNAVAILABLE,
    "SERVICE_UNAVAILABLE": Code.UNAVAILABLE,
    "UNEXPECTED": Code.UNEXPECTED,
}

UNANSWERED = {  # gRPC's own statuses, when no service of ours gave a reason
    StatusCode.UNAVAILABLE: Code.UNAVAILABLE,
    StatusCode.DEADLINE_EXCEEDED: Code.UNAVAILABLE,
    StatusCode.CANCELLED: Code.UNAVAILABLE,  # a service that goes down ends its calls so
    StatusCode.RESOURCE_EXHAUSTED: Code.TOO_MANY_REQUESTS,
}

PUBLIC_NAMES = {
    "tracker_ids": "trackers",
    "employee_ids": "employees",
    "plugin.id": "plugin.plugin_id",
    "request_id": "Idempotency-Key",
    "period_start": "from",
    "period_end": "to",
    "time_filter.start_time_of_day": "time_filter.from",
    "time_filter.end_time_of_day": "time_filter.to",
}


class Fault(NamedTuple):
    """One bad parameter: its public name and what is wrong with it."""

    parameter: str
    error: str


class PublicError(Exception):
    """An error of the public API; `detail` says more than the published description, `faults` name parameters."""

    def __init__(self, code: Code, detail: str = "", *, faults: Sequence[Fault] = (), max_time_span: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.faults = tuple(faults)[:MAX_FAULTS]
        self.max_time_span = max_time_span

    def http_status(self, disputed: int = 400) -> int:
        """Return the published HTTP status, or `disputed` for the codes on which the publications disagree."""
        return disputed if self.code in DISPUTED else PUBLISHED[self.code][0]

    def body(self) -> dict[str, object]:
        """Return the published envelope."""
        description = PUBLISHED[self.code][1]
        status = {"code": self.code, "description": f"{description}: {self.detail}" if self.detail else description}
        body: dict[str, object] = {"success": False, "status": status}
        if self.faults:
            body["errors"] = [{"parameter": name[:MAX_NAME_LENGTH], "error": error} for name, error in self.faults]
        if self.max_time_span:
            body["max_time_span"] = self.max_time_span
        return body


def public_error(failure: Failure) -> PublicError:
    """Return the public error that a failed call amounts to; nothing of an unforeseen failure shows."""
    code = (
        REASONS.get(failure.reason, Code.UNEXPECTED)
        if failure.reason
        else UNANSWERED.get(failure.code, Code.UNEXPECTED)
    )
    if code is Code.INVALID_PARAMETERS:
        return PublicError(code, faults=[Fault(public_name(one.field), one.description) for one in failure.violations])
    if code is Code.SPAN_TOO_LONG:
        return PublicError(code, max_time_span=failure.metadata.get("max_time_span", ""))
    return PublicError(code)


def public_name(field: str) -> str:
    """Return the public name of a message field: `tracker_ids[2]` is part of `trackers`."""
    name = field.replace("plugin.options.", "plugin.")
    stem, bracket, rest = name.partition("[")
    return PUBLIC_NAMES.get(stem, stem) + bracket + rest
