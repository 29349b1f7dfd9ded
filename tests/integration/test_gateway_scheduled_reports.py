"""Schedules of saved reports through the gateway: the v9 routes with their exact texts."""

from datetime import UTC, datetime

import pytest
from daybook.schedule.v1 import schedule_pb2, schedule_service_pb2
from google.protobuf.json_format import MessageToDict

from services import errors
from services.errors.reports import FeatureUnavailable, TooManySchedules
from services.errors.workspaces import AdminNeeded, WorkspaceNotFound

SCHEDULED = "/api/v9/workspaces/5/scheduled_reports"
SIGNED = {"Authorization": "Basic YW5uOnNlY3JldA=="}
PAYLOAD = {"bookmark_id": 4, "frequency": 7, "user_ids": [11, 12], "group_ids": []}
NO_RECIPIENT, SOME_UNUSABLE = "No usable recipients found.", "Unable to use all requested recipients."
FREQUENCY = "Invalid scheduled report frequency. Must be one of: 1 (daily), 7 (weekly) or 30 (monthly)."
NO_ACCESS = "User does not have access to this resource."
RPCS = {"GET": "ListSchedules", "POST": "CreateSchedule", "DELETE": "DeleteSchedule"}
PATHS = {"GET": SCHEDULED, "POST": SCHEDULED, "DELETE": f"{SCHEDULED}/9"}


def weekly(**fields) -> schedule_pb2.Schedule:
    """Return a schedule of a saved report on the first day of each week, with other fields if given."""
    usual = {
        "id": 9,
        "time_report": schedule_pb2.SavedReportRef(workspace_id=5, report_id=4),
        "owner_id": 3,
        "owner_member_id": 11,
        "rule": schedule_pb2.Rule(first_day_of_week=True),
        "recipients": [schedule_pb2.Recipient(user_id=11), schedule_pb2.Recipient(user_id=12)],
        "create_time": datetime(2026, 1, 5, 9, tzinfo=UTC),
    }
    return schedule_pb2.Schedule(**usual | fields)


async def test_a_saved_report_is_scheduled_and_listed_as_published(gateway):
    gateway.services.answers |= {
        "CreateSchedule": schedule_service_pb2.CreateScheduleResponse(schedule=weekly()),
        "ListSchedules": [
            schedule_service_pb2.ListSchedulesResponse(schedules=[weekly()], next_page_token="more"),
            schedule_service_pb2.ListSchedulesResponse(),
        ],
    }

    made = await gateway.json(SCHEDULED, json=PAYLOAD, headers=SIGNED)

    expected = {
        "report_id": 9, "bookmark_id": 4, "workspace_id": 5, "creator_id": 11, "frequency": 7, "user_ids": [11, 12],
        "group_ids": [], "created_at": "2026-01-05T09:00:00Z", "deleted_at": None,
    }  # fmt: skip
    assert expected == made
    assert [made] == await gateway.json(SCHEDULED, method="GET", headers=SIGNED)
    assert [5, 5] == [one.workspace_id for one in gateway.services.asked["ListSchedules"]]


@pytest.mark.parametrize(
    ("frequency", "rule", "period"),
    [
        (1, {"weekdays": {"days": [1, 2, 3, 4, 5, 6, 7]}}, "1d"),
        (7, {"firstDayOfWeek": True}, "1w"),
        (30, {"monthDays": {"days": [1]}}, "1m"),
    ],
)
async def test_a_frequency_chooses_the_days_and_the_period(gateway, frequency, rule, period):
    """Always at 06:00, as PDF, to members and not to addresses."""
    gateway.services.answers["CreateSchedule"] = schedule_service_pb2.CreateScheduleResponse(schedule=weekly())

    await gateway.json(SCHEDULED, json=PAYLOAD | {"frequency": frequency}, headers=SIGNED)

    expected = {
        "enabled": True,
        "timeReport": {"workspaceId": "5", "reportId": "4"},
        "rule": rule,
        "period": period,
        "sendingTime": "06:00:00",
        "recipients": [{"userId": "11"}, {"userId": "12"}],
        "formats": ["FORMAT_PDF"],
    }
    assert expected == MessageToDict(gateway.services.asked["CreateSchedule"][0].schedule)


@pytest.mark.parametrize(
    ("rule", "frequency"),
    [
        (schedule_pb2.Rule(weekdays=schedule_pb2.Weekdays(days=[1, 2, 3, 4, 5])), 1),
        (schedule_pb2.Rule(weekdays=schedule_pb2.Weekdays(days=[5])), 7),
        (schedule_pb2.Rule(month_days=schedule_pb2.MonthDays(days=[1, 15])), 30),
    ],
)
async def test_a_schedule_made_elsewhere_has_the_frequency_that_is_nearest(gateway, rule, frequency):
    gateway.services.answers["ListSchedules"] = schedule_service_pb2.ListSchedulesResponse(
        schedules=[weekly(rule=rule, recipients=[schedule_pb2.Recipient(email="ann@example.com")])]
    )

    [found] = await gateway.json(SCHEDULED, method="GET", headers=SIGNED)

    assert (frequency, []) == (found["frequency"], found["user_ids"])


async def test_a_schedule_is_deleted_in_its_workspace(gateway):
    """Without a body worth reading."""
    gateway.services.answers["DeleteSchedule"] = schedule_service_pb2.DeleteScheduleResponse()

    async with gateway.client.delete(f"{SCHEDULED}/9", headers=SIGNED) as response:
        assert (200, b"") == (response.status, await response.read())
    asked = gateway.services.asked["DeleteSchedule"][0]
    assert (9, 5) == (asked.schedule_id, asked.workspace_id)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({}, "Bookmark not found."),
        (PAYLOAD | {"bookmark_id": "4"}, "Bookmark not found."),
        (PAYLOAD | {"bookmark_id": 2**31}, "Bookmark not found."),
        (PAYLOAD | {"frequency": 2}, FREQUENCY),
        (PAYLOAD | {"frequency": True}, FREQUENCY),
        (PAYLOAD | {"frequency": "7"}, FREQUENCY),
        (PAYLOAD | {"frequency": [7]}, FREQUENCY),
        (PAYLOAD | {"user_ids": []}, NO_RECIPIENT),
        (PAYLOAD | {"user_ids": None}, NO_RECIPIENT),
        (PAYLOAD | {"user_ids": ["ann@example.com"]}, NO_RECIPIENT),
        (PAYLOAD | {"user_ids": [11, 0]}, SOME_UNUSABLE),
        (PAYLOAD | {"group_ids": [3]}, SOME_UNUSABLE),
        (PAYLOAD | {"user_ids": [], "group_ids": [3]}, SOME_UNUSABLE),
        ([], "JSON is not valid"),
    ],
)
async def test_a_bad_payload_has_its_published_text(gateway, payload, text):
    assert text == await gateway.json(SCHEDULED, 400, json=payload, headers=SIGNED)
    assert {} == dict(gateway.services.asked)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (["schedule.recipients[0]", "schedule.recipients[1].user_id"], NO_RECIPIENT),
        (["schedule.recipients[1]"], SOME_UNUSABLE),
        (["schedule.parameters.emails[1]"], SOME_UNUSABLE),
        (["schedule.parameters.emails[1]", "schedule.parameters.period"], None),
    ],
)
async def test_recipients_who_are_no_members_have_their_published_text(gateway, fields, text):
    """All of them, or some; whatever else is wrong is named as such."""
    violations = [errors.Violation(field, "must be an active member") for field in fields]
    gateway.services.answers["CreateSchedule"] = errors.InvalidParameters(violations)

    found = await gateway.json(SCHEDULED, 400, json=PAYLOAD, headers=SIGNED)

    assert found == text if text else found.startswith("Invalid 'schedule.parameters.emails[1]' value")


@pytest.mark.parametrize(
    ("method", "error", "status", "text"),
    [
        ("POST", errors.NotFound(), 400, "Bookmark not found."),
        ("DELETE", errors.NotFound(), 404, "Scheduled report not found."),
        ("DELETE", AdminNeeded(), 403, "Can't remove the schedule."),
        ("DELETE", errors.DemoAccount(), 403, NO_ACCESS),
        *((method, WorkspaceNotFound(), 404, "Workspace not found/accessible") for method in RPCS),
        *((method, errors.NotPermitted(), 403, NO_ACCESS) for method in RPCS),
        *((method, errors.NotAuthenticated(), 401, "Unable to extract authentication data") for method in RPCS),
        *((method, errors.WrongLogin(), 401, "Incorrect username and/or password") for method in RPCS),
        ("POST", FeatureUnavailable(), 402, "Workspace needs to have the scheduled_reports feature enabled."),
        ("POST", TooManySchedules(), 402, "Workspace needs to have the more_scheduled_reports feature enabled."),
        ("POST", RuntimeError("secret"), 500, "Internal Server Error"),
    ],
)
async def test_failures_have_the_published_texts(gateway, method, error, status, text):
    gateway.services.answers[RPCS[method]] = error

    body = PAYLOAD if method == "POST" else None
    assert text == await gateway.json(PATHS[method], status, method=method, json=body, headers=SIGNED)


async def test_a_path_without_an_id_is_told_before_any_call(gateway):
    """Credentials that cannot be read come first."""
    assert "Scheduled report not found." == await gateway.json(f"{SCHEDULED}/x", 404, method="DELETE", headers=SIGNED)
    bad = "/api/v9/workspaces/x/scheduled_reports"
    assert "Invalid workspace id" == await gateway.json(bad, 400, method="GET", headers=SIGNED)
    unreadable = {"Authorization": "Basic \u00e4"}
    for method in ("GET", "POST"):
        await gateway.json(bad, 401, method=method, json={}, headers=unreadable)
    assert {} == dict(gateway.services.asked)
