"""Public errors: the only table of the API's codes and their HTTP statuses (reference section 3)."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple, Self

from grpc import StatusCode

from services.runtime.errors import Failure

MAX_FAULTS = 20
MAX_NAME_LENGTH = 100
UNAUTHORIZED, UNPROCESSABLE = 401, 422
STORE_UNAVAILABLE = "STORE_UNAVAILABLE"
REQUEST_ID_REUSED = "REQUEST_ID_REUSED"
WRONG_HASH = "WRONG_HASH"
ENTITY_NOT_FOUND = "ENTITY_NOT_FOUND"
NONEXISTENT_ENTITIES = "NONEXISTENT_ENTITIES"


class Code(IntEnum):
    """Published error codes that concern reports, each with its HTTP status and description."""

    http_status: int
    description: str

    def __new__(cls, number: int, http_status: int, description: str) -> Self:
        """Return the code of a number."""
        code = int.__new__(cls, number)
        code._value_, code.http_status, code.description = number, http_status, description
        return code

    WRONG_HASH = 3, 400, "Wrong hash"
    SESSION_ENDED = 4, 400, "User or API key not found or session ended"
    WRONG_FORMAT = 5, 400, "Wrong request format"
    UNEXPECTED = 6, 500, "Unexpected error"
    INVALID_PARAMETERS = 7, 400, "Invalid parameters"
    REQUEST_TOO_LARGE = 9, 412, "Too large request"
    NOT_PERMITTED = 13, 403, "Operation not permitted"
    UNAVAILABLE = 14, 503, "Database unavailable"
    TOO_MANY_REQUESTS = 15, 429, "Too many requests"
    DEMO = 101, 403, "In demo mode this function disabled"
    WRONG_LOGIN = 102, 400, "Wrong login or password"
    WRONG_HANDLER = 111, 400, "Wrong handler"
    WRONG_METHOD = 112, 400, "Wrong method"
    NOT_IN_DATABASE = 201, 400, "Not found in the database"
    NOT_FOUND = 204, 404, "Entity not found"
    SPAN_TOO_LONG = 211, 400, "Requested time span is too big"
    LIMIT_TOO_BIG = 212, 400, "Requested limit is too big"
    NONEXISTENT_ENTITIES = 217, 400, "List contains nonexistent entities"
    TOO_MANY_DEVICES = 221, 403, "Device limit exceeded"
    PLUGIN_NOT_FOUND = 222, 400, "Plugin not found"
    NOT_READY = 229, 404, "Requested data is not ready yet"
    NOT_SUPPORTED = 230, 400, "Not supported for this entity type"
    FEATURE_UNAVAILABLE = 236, 402, "Feature unavailable due to tariff restrictions"
    OVER_QUOTA = 268, 402, "Over quota"


# 400 on one published page, 403 on another: a setting decides
DISPUTED = {Code.SPAN_TOO_LONG, Code.NONEXISTENT_ENTITIES, Code.PLUGIN_NOT_FOUND}

REASONS = {
    "INVALID_PARAMETERS": Code.INVALID_PARAMETERS,
    WRONG_HASH: Code.WRONG_HASH,
    "SESSION_ENDED": Code.SESSION_ENDED,
    "WRONG_LOGIN": Code.WRONG_LOGIN,
    "RIGHT_MISSING": Code.NOT_PERMITTED,
    "WRONG_CREDENTIALS": Code.WRONG_HASH,  # operators have no account
    "DEMO_ACCOUNT": Code.DEMO,
    ENTITY_NOT_FOUND: Code.NOT_FOUND,
    "TRACKER_NOT_FOUND": Code.NOT_IN_DATABASE,
    NONEXISTENT_ENTITIES: Code.NONEXISTENT_ENTITIES,
    "PLUGIN_NOT_FOUND": Code.PLUGIN_NOT_FOUND,
    "NOT_READY": Code.NOT_READY,
    "REPORT_FAILED": Code.UNEXPECTED,
    "REQUEST_ID_REUSED": Code.INVALID_PARAMETERS,
    "FEATURE_UNAVAILABLE": Code.FEATURE_UNAVAILABLE,
    "SPAN_TOO_LONG": Code.SPAN_TOO_LONG,
    "TOO_MANY_REPORTS": Code.TOO_MANY_REQUESTS,
    "TOO_MANY_REQUESTS": Code.TOO_MANY_REQUESTS,
    "TOO_MANY_TRACKERS": Code.TOO_MANY_DEVICES,
    "TOO_MANY_SCHEDULES": Code.OVER_QUOTA,
    "LEASE_LOST": Code.UNEXPECTED,  # workers alone have leases
    "NOT_SUPPORTED": Code.NOT_SUPPORTED,
    "FILE_TOO_LARGE": Code.LIMIT_TOO_BIG,
    "ADMIN_NEEDED": Code.NOT_PERMITTED,  # these of the timesheet side reach the page alone
    "WORKSPACE_NOT_FOUND": Code.NOT_FOUND,
    "TOKEN_INVALID": Code.NOT_FOUND,
    "OWNER_GONE": Code.NOT_FOUND,
    "REPORT_TYPE_MISSING": Code.INVALID_PARAMETERS,
    "PERIOD_NOT_SUPPORTED": Code.INVALID_PARAMETERS,
    "START_DATE_MISSING": Code.INVALID_PARAMETERS,
    "REPORT_TOO_BIG": Code.LIMIT_TOO_BIG,
    "STILL_REFERRED_TO": Code.UNEXPECTED,  # no route deletes such records
    "ALREADY_EXISTS": Code.UNEXPECTED,  # no route creates anything that could exist
    STORE_UNAVAILABLE: Code.UNAVAILABLE,
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
    "texts": "labels",
    "tags": "tag_ids",
    "ids": "place_ids",
    "point_count": "count",
    "order_by": "sort",
    "skip": "offset",
    "text": "filter",
    "period_start": "from",
    "period_end": "to",
    "parking.min_idle_minutes": "min_idle_duration_minutes",
    "parking.idle_speed_kmh": "idle_speed_threshold",
    "time_filter.start_time_of_day": "time_filter.from",
    "time_filter.end_time_of_day": "time_filter.to",
}


class Fault(NamedTuple):
    """Bad parameter: its public name and its error."""

    parameter: str
    error: str


class PublicError(Exception):
    """Error of the public API; `detail` says more than its description, `faults` name parameters.

    `retry_after_s` is the time after which the request may be repeated, where it is known.
    """

    description: str | None = None  # of a cause that the published description would misname

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        faults: Sequence[Fault] = (),
        max_time_span: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s
        self.faults = tuple(faults)[:MAX_FAULTS]
        self.max_time_span = max_time_span

    def http_status(self, disputed: int = 400) -> int:
        """Return the published HTTP status, or `disputed` for the codes on which the publications disagree."""
        return disputed if self.code in DISPUTED else self.code.http_status

    def body(self) -> dict[str, object]:
        """Return the published envelope."""
        description = self.description or self.code.description
        status = {"code": self.code, "description": f"{description}: {self.detail}" if self.detail else description}
        body: dict[str, object] = {"success": False, "status": status}
        if self.faults:
            body["errors"] = [{"parameter": name[:MAX_NAME_LENGTH], "error": error} for name, error in self.faults]
        if self.max_time_span:
            body["max_time_span"] = self.max_time_span
        return body


class ServiceUnavailable(PublicError):
    """Error 14 where a service does not answer, or says that it cannot, while nothing is known of the database."""

    description = "Service unavailable"

    def __init__(self, retry_after_s: float | None = None, *, detail: str = "") -> None:
        super().__init__(Code.UNAVAILABLE, detail, retry_after_s=retry_after_s)


class BearerRefused(PublicError):
    """Error 3 of a bearer token, which no route takes."""

    def __init__(self) -> None:
        super().__init__(Code.WRONG_HASH)

    def http_status(self, disputed: int = UNAUTHORIZED) -> int:
        """Return the status of wrong credentials in the Authorization header."""
        del disputed
        return UNAUTHORIZED


class KeyReused(PublicError):
    """Error 7 of an idempotency key that came with another request."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(Code.INVALID_PARAMETERS, faults=faults)

    def http_status(self, disputed: int = UNPROCESSABLE) -> int:
        """Return the status of a request that cannot be processed."""
        del disputed
        return UNPROCESSABLE


def public_error(failure: Failure) -> PublicError:
    """Return the public error of a failed call; nothing of an unforeseen failure shows."""
    code = (
        REASONS.get(failure.reason, Code.UNEXPECTED)
        if failure.reason
        else UNANSWERED.get(failure.code, Code.UNEXPECTED)
    )
    faults = [Fault(public_name(bad.field), bad.description) for bad in failure.violations]
    if failure.reason == REQUEST_ID_REUSED:
        return KeyReused(faults)
    if code is Code.UNAVAILABLE and failure.reason != STORE_UNAVAILABLE:
        return ServiceUnavailable(failure.retry_after_s)
    max_time_span = failure.metadata.get("max_time_span", "")
    return PublicError(code, faults=faults, max_time_span=max_time_span, retry_after_s=failure.retry_after_s)


def public_name(field: str) -> str:
    """Return the public name of a message field: `tracker_ids[2]` is part of `trackers`."""
    name = field.replace("plugin.options.", "plugin.")
    stem, bracket, rest = name.partition("[")
    return PUBLIC_NAMES.get(stem, stem) + bracket + rest
