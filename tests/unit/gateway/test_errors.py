"""The public error table."""

import pytest
from daybook.report.v1.error_reason_pb2 import ErrorReason
from grpc import StatusCode

from gateway import toggl_errors
from gateway.errors import REASONS, Code, Fault, PublicError, public_error, public_name
from services.errors import Violation
from services.runtime.errors import Failure


def failure(reason: str = "", code: StatusCode = StatusCode.INTERNAL, **rest) -> Failure:
    return Failure(code, "secret text", reason, rest.get("metadata", {}), rest.get("violations", ()))


@pytest.mark.parametrize(
    ("reason", "code", "status"),
    [
        ("WRONG_HASH", 3, 400),
        ("SESSION_ENDED", 4, 400),
        ("REPORT_FAILED", 6, 500),
        ("UNEXPECTED", 6, 500),
        ("INVALID_PARAMETERS", 7, 400),
        ("RIGHT_MISSING", 13, 403),
        ("WRONG_CREDENTIALS", 3, 400),
        ("REQUEST_ID_REUSED", 7, 422),
        ("STORE_UNAVAILABLE", 14, 503),
        ("SERVICE_UNAVAILABLE", 14, 503),
        ("TOO_MANY_REPORTS", 15, 429),
        ("TOO_MANY_REQUESTS", 15, 429),
        ("DEMO_ACCOUNT", 101, 403),
        ("WRONG_LOGIN", 102, 400),
        ("ENTITY_NOT_FOUND", 204, 404),
        ("SPAN_TOO_LONG", 211, 400),
        ("FILE_TOO_LARGE", 212, 400),
        ("NONEXISTENT_ENTITIES", 217, 400),
        ("TOO_MANY_TRACKERS", 221, 403),
        ("TOO_MANY_SCHEDULES", 268, 402),
        ("PLUGIN_NOT_FOUND", 222, 400),
        ("NOT_READY", 229, 404),
        ("FEATURE_UNAVAILABLE", 236, 402),
        ("A_REASON_OF_TOMORROW", 6, 500),
    ],
)
def test_each_reason_has_its_published_code_and_status(reason, code, status):
    """The table of reference section 3."""
    error = public_error(failure(reason))

    assert (code, status) == (error.code, error.http_status())


def test_no_reason_of_the_contract_is_forgotten():
    """Every reason but the zero value has a code, or belongs to the timesheet side alone."""
    names = {name.removeprefix("ERROR_REASON_") for name, _ in ErrorReason.items()} - {"UNSPECIFIED"}

    assert names - set(toggl_errors.REASONS) - set(toggl_errors.KEPT) <= set(REASONS) <= names


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (StatusCode.UNAVAILABLE, 14),
        (StatusCode.DEADLINE_EXCEEDED, 14),
        (StatusCode.CANCELLED, 14),
        (StatusCode.RESOURCE_EXHAUSTED, 15),
        (StatusCode.UNKNOWN, 6),
        (StatusCode.INTERNAL, 6),
        (StatusCode.NOT_FOUND, 6),
    ],
)
def test_a_failure_that_no_service_answered_goes_by_its_status(status, code):
    """Without a reason the status decides, and its text never shows."""
    error = public_error(failure(code=status))

    assert code == error.code
    assert "secret" not in str(error.body())


def test_violations_come_under_public_names():
    """Message fields are renamed, whatever else they name stays."""
    violations = [Violation("tracker_ids[2]", "is twice"), Violation("plugin.split", "must be a flag")]

    body = public_error(failure("INVALID_PARAMETERS", violations=violations)).body()

    expected = [
        {"parameter": "trackers[2]", "error": "is twice"},
        {"parameter": "plugin.split", "error": "must be a flag"},
    ]
    assert expected == body["errors"]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("employee_ids", "employees"),
        ("plugin.id", "plugin.plugin_id"),
        ("plugin.options.split", "plugin.split"),
        ("time_filter.weekdays", "time_filter.weekdays"),
    ],
)
def test_a_field_has_a_public_name(field, name):
    assert name == public_name(field)


def test_a_span_too_long_says_the_limit():
    """The seed's answer of error 211, word for word."""
    expected = {
        "success": False,
        "status": {"code": 211, "description": "Requested time span is too big"},
        "max_time_span": "P90D",
    }

    assert expected == public_error(failure("SPAN_TOO_LONG", metadata={"max_time_span": "P90D"})).body()


def test_the_disputed_statuses_are_a_setting():
    """Errors 211, 217 and 222 take the status of the setting, the others do not."""
    assert [403, 403, 403, 404] == [
        PublicError(code, "").http_status(403)
        for code in (Code.SPAN_TOO_LONG, Code.NONEXISTENT_ENTITIES, Code.PLUGIN_NOT_FOUND, Code.NOT_FOUND)
    ]


def test_an_answer_names_at_most_twenty_parameters():
    """A request of thousands of faults does not get thousands back, nor a name of any length."""
    body = PublicError(Code.INVALID_PARAMETERS, faults=[Fault("x" * 1000, "is bad")] * 1000).body()

    assert [{"parameter": "x" * 100, "error": "is bad"}] * 20 == body["errors"]
