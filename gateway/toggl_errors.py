"""Errors of the timesheet side: its only table of texts and HTTP statuses (reference sections 3 and 12)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web
from grpc import StatusCode

from gateway.errors import MAX_NAME_LENGTH, Code, PublicError
from services.runtime.errors import Failure

BAD_REQUEST, NOT_FOUND, SERVER_ERROR = 400, 404, 500
Published = tuple[int, str]


Api = Literal["v3", "v9", "lookup", "scheduled"]  # reports, saved reports and profiles, look-ups, schedules


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """Route of a request: the part of the API that words its errors, its method, and the words in its path."""

    api: Api
    method: str
    words: Mapping[str, str] = field(default_factory=dict)


ROUTE = web.RequestKey("route", RouteMatch)


class TogglError(Exception):
    """An error of the timesheet side: an HTTP status and a text, which is published as a JSON string.

    `retry_after_s` is the time after which the request may be repeated, where it is known.
    """

    def __init__(self, status: int, text: str, retry_after_s: float | None = None) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text
        self.retry_after_s = retry_after_s


UNREADABLE_CREDENTIALS = (401, "Unable to extract authentication data")
WRONG_CREDENTIALS = (401, "Incorrect username and/or password")
INVALID_JSON = (BAD_REQUEST, "JSON is not valid")
UNKNOWN_PATH = (NOT_FOUND, "Not found")
FORBIDDEN = (403, "Forbidden")
WRONG_METHOD = (405, "Method Not Allowed")
TOO_LARGE = (413, "Request Entity Too Large")
TOO_MANY = (429, "Too Many Requests")
UNFORESEEN = (SERVER_ERROR, "Internal Server Error")
TOO_BIG = (SERVER_ERROR, "report is too big to be exported")
UNAVAILABLE = (503, "Service Unavailable")
STORE_UNAVAILABLE = (503, "Database unavailable")

REASONS: dict[str, Published] = {
    "WRONG_HASH": UNREADABLE_CREDENTIALS,
    "WRONG_LOGIN": WRONG_CREDENTIALS,
    "SESSION_ENDED": WRONG_CREDENTIALS,
    "RIGHT_MISSING": FORBIDDEN,
    "WRONG_CREDENTIALS": UNREADABLE_CREDENTIALS,  # operators have no account
    "DEMO_ACCOUNT": FORBIDDEN,
    "TOKEN_INVALID": (403, "Invalid token"),
    "OWNER_GONE": (403, "Workspace was not found or the report's owner is no longer active on it"),
    "WORKSPACE_NOT_FOUND": (403, "Workspace not found/accessible"),
    "ENTITY_NOT_FOUND": UNKNOWN_PATH,
    "NONEXISTENT_ENTITIES": UNKNOWN_PATH,
    "REPORT_TYPE_MISSING": (BAD_REQUEST, "report_type does not exist in params"),
    "PERIOD_NOT_SUPPORTED": (BAD_REQUEST, "The report period is not supported"),
    "START_DATE_MISSING": (SERVER_ERROR, "parameter `since` is missing"),
    "REPORT_TOO_BIG": TOO_BIG,
    "FILE_TOO_LARGE": TOO_BIG,
    "TOO_MANY_REPORTS": TOO_MANY,
    "TOO_MANY_REQUESTS": TOO_MANY,
    "STORE_UNAVAILABLE": STORE_UNAVAILABLE,
    "SERVICE_UNAVAILABLE": UNAVAILABLE,
    "UNEXPECTED": UNFORESEEN,
}

KEPT: dict[str, Published] = {  # where the v9 pages differ
    "WORKSPACE_NOT_FOUND": (NOT_FOUND, "Workspace not found/accessible."),
    "ENTITY_NOT_FOUND": (NOT_FOUND, "Report ID {report_id} not found/accessible."),
    "NONEXISTENT_ENTITIES": (
        NOT_FOUND,
        "Some IDs were not found: Only {found_count} Saved Reports found for {asked_count} given IDs.",
    ),
    "ADMIN_NEEDED": (403, "Public reports can be saved only by admins."),
    "REPORT_TYPE_MISSING": (BAD_REQUEST, "parameter report_type invalid or blank"),
}
LOOKED_UP: dict[str, Published] = {  # where the look-ups of workspaces differ
    "WORKSPACE_NOT_FOUND": (403, "User does not have access to this resource."),
}
BOOKMARK_NOT_FOUND = (BAD_REQUEST, "Bookmark not found.")
SCHEDULE_NOT_FOUND = (NOT_FOUND, "Scheduled report not found.")
NO_RECIPIENT = (BAD_REQUEST, "No usable recipients found.")
SOME_UNUSABLE = (BAD_REQUEST, "Unable to use all requested recipients.")
WRONG_FREQUENCY = (
    BAD_REQUEST,
    "Invalid scheduled report frequency. Must be one of: 1 (daily), 7 (weekly) or 30 (monthly).",
)
FEATURE_NEEDED = "Workspace needs to have the {name} feature enabled."
SCHEDULED: dict[str, Published] = {  # where the pages of scheduled reports differ
    "WORKSPACE_NOT_FOUND": (NOT_FOUND, "Workspace not found/accessible"),
    "ENTITY_NOT_FOUND": SCHEDULE_NOT_FOUND,
    "RIGHT_MISSING": (403, "User does not have access to this resource."),
    "DEMO_ACCOUNT": (403, "User does not have access to this resource."),
    "ADMIN_NEEDED": (403, "Can't remove the schedule."),
    "FEATURE_UNAVAILABLE": (402, FEATURE_NEEDED.format(name="scheduled_reports")),
    "TOO_MANY_SCHEDULES": (402, FEATURE_NEEDED.format(name="more_scheduled_reports")),
}
RECIPIENT = re.compile(r"schedule\.(parameters\.emails|recipients)\b")
TYPE_OF_NEW_MISSING = (BAD_REQUEST, "parameter report_type is invalid or blank")

UNANSWERED = {  # gRPC's own statuses, when no service of ours gave a reason
    StatusCode.UNAVAILABLE: UNAVAILABLE,
    StatusCode.DEADLINE_EXCEEDED: UNAVAILABLE,
    StatusCode.CANCELLED: UNAVAILABLE,  # a service that goes down ends its calls so
    StatusCode.RESOURCE_EXHAUSTED: TOO_MANY,
}

CODES: dict[Code, Published] = {  # raised by code shared with the tracker side
    Code.WRONG_FORMAT: INVALID_JSON,
    Code.REQUEST_TOO_LARGE: TOO_LARGE,
    Code.UNAVAILABLE: UNAVAILABLE,
    Code.TOO_MANY_REQUESTS: TOO_MANY,
}

ALLOWED = re.compile(r"^must be (one of )?")
PUBLIC_NAMES = {"report_ids": "ids"}  # of a bulk delete
ALL_PARAMETERS = "params"  # a violation of them all says the whole text itself


def own_error(error: PublicError) -> TogglError:
    """Return the counterpart on this side of an error that the gateway itself raises."""
    return TogglError(*CODES.get(error.code, UNFORESEEN), error.retry_after_s)


def call_error(failure: Failure, route: RouteMatch) -> TogglError:
    """Return the public error of a failed call; nothing of an unforeseen failure shows."""
    if not failure.reason:
        return TogglError(*UNANSWERED.get(failure.code, UNFORESEEN))
    if failure.reason == "INVALID_PARAMETERS":
        error = TogglError(BAD_REQUEST, "; ".join(text_of(bad.field, bad.description) for bad in failure.violations))
    else:
        status, text = _published(failure.reason, route)
        known = {"report_id": route.words.get("report", "")} | dict(failure.metadata)
        text = re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], "?"), text)
        error = TogglError(status, text, failure.retry_after_s)
    if error.status == BAD_REQUEST and _is_bulk(route) and "report_id" in failure.metadata:
        return TogglError(BAD_REQUEST, of_single_report(failure.metadata["report_id"], error.text))
    return error


def text_of(parameter: str, description: str) -> str:
    """Return the text about a bad parameter: the published form where the right values can be listed."""
    name = PUBLIC_NAMES.get(parameter, parameter.removeprefix("params."))
    allowed = ALLOWED.sub("", description, count=1)
    if allowed != description:
        return f"Invalid '{name}' value, allowed values are: '{allowed}'"
    return description if name == ALL_PARAMETERS else f"Invalid '{name}' value: {description}"


def report_not_found(report_id: str) -> TogglError:
    """Return the error about a saved report that the path names."""
    status, text = KEPT["ENTITY_NOT_FOUND"]
    return TogglError(status, text.format(report_id=report_id[:MAX_NAME_LENGTH]))


def unusable(count: int, of_count: int) -> TogglError:
    """Return the error about a number of recipients that cannot be used, of so many that were named."""
    return TogglError(*(NO_RECIPIENT if count == of_count else SOME_UNUSABLE))


def recipient_error(failure: Failure, recipient_count: int) -> TogglError | None:
    """Return the error of a failed call that blames recipients and nothing else, None for another failure."""
    blamed = {bad.field for bad in failure.violations}
    if not blamed or not all(map(RECIPIENT.match, blamed)):
        return None
    return unusable(len(blamed), recipient_count)


def of_single_report(report_id: object, text: str) -> str:
    """Return a text about a single report of several that were to be changed."""
    return f"Report ID {report_id} failed with: {text}"


def _published(reason: str, route: RouteMatch) -> Published:
    if route.api == "lookup" and reason in LOOKED_UP:
        return LOOKED_UP[reason]
    if route.api == "scheduled":
        is_bookmark = reason == "ENTITY_NOT_FOUND" and route.method == "POST"
        return BOOKMARK_NOT_FOUND if is_bookmark else SCHEDULED.get(reason) or REASONS.get(reason, UNFORESEEN)
    if route.api != "v9":
        return REASONS.get(reason, UNFORESEEN)
    if reason == "REPORT_TYPE_MISSING" and route.method == "POST":
        return TYPE_OF_NEW_MISSING
    if reason == "NONEXISTENT_ENTITIES" and "report" in route.words:  # a list of one, named by the path
        reason = "ENTITY_NOT_FOUND"
    return KEPT.get(reason) or REASONS.get(reason, UNFORESEEN)


def _is_bulk(route: RouteMatch) -> bool:
    return route.api == "v9" and route.method == "PUT" and "report" not in route.words
