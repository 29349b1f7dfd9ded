"""The published errors of the timesheet side."""

import pytest
from daybook.report.v1.error_reason_pb2 import ErrorReason
from grpc import StatusCode

from gateway.errors import REASONS as TRACKER_REASONS
from gateway.errors import Code, PublicError
from gateway.toggl_errors import KEPT, REASONS, RouteMatch, call_error, own_error
from services.errors import Violation
from services.runtime.errors import Failure

RUN = RouteMatch("v3", "POST", {"token": "x"})
CREATE = RouteMatch("v9", "POST", {"workspace": "1"})
UPDATE = RouteMatch("v9", "PUT", {"workspace": "1", "report": "4"})
BULK = RouteMatch("v9", "PUT", {"workspace": "1"})
DELETE = RouteMatch("v9", "DELETE", {"workspace": "1", "report": "4"})
BULK_DELETE = RouteMatch("v9", "PATCH", {"workspace": "1"})


def said(reason: str, route: RouteMatch = RUN, *violations: Violation, **metadata: str) -> tuple[int, str]:
    error = call_error(Failure(StatusCode.INTERNAL, "secret text", reason, metadata, violations), route)
    return error.status, error.text


@pytest.mark.parametrize(
    ("reason", "status", "text"),
    [
        ("WRONG_HASH", 401, "Unable to extract authentication data"),
        ("WRONG_LOGIN", 401, "Incorrect username and/or password"),
        ("SESSION_ENDED", 401, "Incorrect username and/or password"),
        ("TOKEN_INVALID", 403, "Invalid token"),
        ("OWNER_GONE", 403, "Workspace was not found or the report's owner is no longer active on it"),
        ("WORKSPACE_NOT_FOUND", 403, "Workspace not found/accessible"),
        ("ENTITY_NOT_FOUND", 404, "Not found"),
        ("REPORT_TYPE_MISSING", 400, "report_type does not exist in params"),
        ("PERIOD_NOT_SUPPORTED", 400, "The report period is not supported"),
        ("START_DATE_MISSING", 500, "parameter `since` is missing"),
        ("REPORT_TOO_BIG", 500, "report is too big to be exported"),
        ("FILE_TOO_LARGE", 500, "report is too big to be exported"),
        ("TOO_MANY_REQUESTS", 429, "Too Many Requests"),
        ("STORE_UNAVAILABLE", 503, "Database unavailable"),
        ("SERVICE_UNAVAILABLE", 503, "Service Unavailable"),
        ("UNEXPECTED", 500, "Internal Server Error"),
        ("A_REASON_OF_TOMORROW", 500, "Internal Server Error"),
    ],
)
def test_running_a_report_fails_with_the_published_texts(reason, status, text):
    """The table of reference section 3."""
    assert (status, text) == said(reason)


@pytest.mark.parametrize(
    ("reason", "place", "metadata", "status", "text"),
    [
        ("REPORT_TYPE_MISSING", CREATE, {}, 400, "parameter report_type is invalid or blank"),
        ("REPORT_TYPE_MISSING", UPDATE, {"report_id": "4"}, 400, "parameter report_type invalid or blank"),
        (
            "REPORT_TYPE_MISSING",
            BULK,
            {"report_id": "4"},
            400,
            "Report ID 4 failed with: parameter report_type invalid or blank",
        ),
        ("ENTITY_NOT_FOUND", UPDATE, {}, 404, "Report ID 4 not found/accessible."),
        ("ENTITY_NOT_FOUND", BULK, {"report_id": "9"}, 404, "Report ID 9 not found/accessible."),
        ("NONEXISTENT_ENTITIES", DELETE, {"found_count": "0"}, 404, "Report ID 4 not found/accessible."),
        (
            "NONEXISTENT_ENTITIES",
            BULK_DELETE,
            {"found_count": "2", "asked_count": "3"},
            404,
            "Some IDs were not found: Only 2 Saved Reports found for 3 given IDs.",
        ),
        ("WORKSPACE_NOT_FOUND", CREATE, {}, 404, "Workspace not found/accessible."),
        ("ADMIN_NEEDED", CREATE, {}, 403, "Public reports can be saved only by admins."),
        ("WRONG_LOGIN", CREATE, {}, 401, "Incorrect username and/or password"),
    ],
)
def test_keeping_reports_fails_with_texts_of_its_own(reason, place, metadata, status, text):
    """The texts of reference section 12."""
    assert (status, text) == said(reason, place, **metadata)


def test_every_bad_parameter_is_named():
    """In the published form where the right values are a list; by the names that the public pages use."""
    violations = (
        Violation("params.rounding", "must be one of -1, 0, 1"),
        Violation("params.start_date", "must be a day as YYYY-MM-DD"),
        Violation("name", "is too long"),
        Violation("report_ids", "must not name a report twice"),
    )

    expected = (
        "Invalid 'rounding' value, allowed values are: '-1, 0, 1'; "
        "Invalid 'start_date' value, allowed values are: 'a day as YYYY-MM-DD'; "
        "Invalid 'name' value: is too long; "
        "Invalid 'ids' value: must not name a report twice"
    )
    assert (400, expected) == said("INVALID_PARAMETERS", RUN, *violations)
    assert (400, f"Report ID 4 failed with: {expected}") == said("INVALID_PARAMETERS", BULK, *violations, report_id="4")


def test_no_parameter_at_all_has_its_own_text():
    violation = Violation("params", "At least one parameter must be set")

    assert (400, "At least one parameter must be set") == said("INVALID_PARAMETERS", RUN, violation)


@pytest.mark.parametrize(
    ("code", "status"),
    [(StatusCode.UNAVAILABLE, 503), (StatusCode.DEADLINE_EXCEEDED, 503), (StatusCode.INTERNAL, 500)],
)
def test_a_call_nobody_answered_shows_nothing(code, status):
    error = call_error(Failure(code, "secret text", "", {}, ()), RUN)

    assert status == error.status
    assert "secret" not in error.text


@pytest.mark.parametrize(
    ("code", "status"), [(Code.WRONG_FORMAT, 400), (Code.REQUEST_TOO_LARGE, 413), (Code.UNAVAILABLE, 503)]
)
def test_errors_of_the_gateway_itself_have_their_form_too(code, status):
    assert status == own_error(PublicError(code, "detail")).status


def test_no_reason_of_the_contract_is_forgotten():
    """Every reason but the zero value is in a table of this side, or is one that only trackers have."""
    names = {name.removeprefix("ERROR_REASON_") for name, _ in ErrorReason.items()} - {"UNSPECIFIED"}
    ours = set(REASONS) | set(KEPT) | {"INVALID_PARAMETERS"}

    assert names - set(TRACKER_REASONS) <= ours <= names
