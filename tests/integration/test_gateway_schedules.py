"""Schedules through the gateway: the published actions and ours beside them."""

import json

import pytest
from daybook.schedule.v1 import schedule_service_pb2 as pb

from services import errors
from services.errors.reports import FeatureUnavailable, PluginNotFound, TooManySchedules, TooManyTrackers
from services.runtime.errors import violations_of
from tests.builders.schedules import ENTRY, EXAMPLE, run, schedule
from tests.fakes.gateway_services import HASH

SIGNED = {"Authorization": f"NVX {HASH}"}
CREATE, UPDATE, LIST, DELETE = (f"/report/schedule/{one}" for one in ("create", "update", "list", "delete"))
BODIES = {
    CREATE: {"schedule": EXAMPLE},
    UPDATE: {"schedule": ENTRY},
    DELETE: {"schedule_id": 111},
    "/report/schedule/run": {"schedule_id": 111},
    "/report/schedule/test": {"schedule_id": 111},
    "/report/schedule/runs/list": {"schedule_id": 111},
    "/report/schedule/runs/resolve": {"run_id": 7, "number": 2, "resolution": "drop"},
}
RPCS = ("CreateSchedule", "UpdateSchedule", "DeleteSchedule", "RunNow", "SendTest", "ListRuns", "ResolveDelivery")


async def test_a_schedule_is_created_from_json_as_from_a_form(gateway):
    """The published answer is its id."""
    gateway.services.answers["CreateSchedule"] = pb.CreateScheduleResponse(schedule=schedule(id=111))

    found = [
        await gateway.json(CREATE, json={"hash": HASH, "schedule": EXAMPLE}),
        await gateway.json(CREATE, data={"hash": HASH, "schedule": json.dumps(EXAMPLE)}),
    ]

    assert [{"success": True, "id": 111}] * 2 == found
    first, second = gateway.services.asked["CreateSchedule"]
    assert first == second
    assert ("1w", [669673]) == (first.schedule.period, list(first.schedule.tracker_report.tracker_ids))


async def test_schedules_are_listed_as_they_were_published(gateway):
    """Those of tracker reports, page by page."""
    gateway.services.answers["ListSchedules"] = [
        pb.ListSchedulesResponse(schedules=[schedule()], next_page_token="more"),
        pb.ListSchedulesResponse(schedules=[schedule(id=2)]),
    ]

    found = await gateway.json(LIST, headers=SIGNED)

    assert {"success": True, "list": [ENTRY, ENTRY | {"id": 2}]} == found
    kind = pb.ScheduleKind.SCHEDULE_KIND_TRACKER
    assert [("", kind), ("more", kind)] == [
        (one.page_token, one.kind) for one in gateway.services.asked["ListSchedules"]
    ]


async def test_what_was_listed_can_be_sent_back(gateway):
    """As an update that changes nothing."""
    gateway.services.answers["UpdateSchedule"] = pb.UpdateScheduleResponse()

    assert {"success": True} == await gateway.json(UPDATE, json={"hash": HASH, "schedule": ENTRY})
    sent, expected = gateway.services.asked["UpdateSchedule"][0].schedule, schedule()
    for name in ("fire_time", "last_result", "time_zone"):
        expected.ClearField(name)
    expected.tracker_report.include_places_in_address = expected.tracker_report.include_zones_in_address = True
    assert expected == sent


async def test_list_and_delete_are_got_too(gateway):
    gateway.services.answers |= {
        "ListSchedules": pb.ListSchedulesResponse(),
        "DeleteSchedule": pb.DeleteScheduleResponse(),
    }

    assert {"success": True, "list": []} == await gateway.json(f"{LIST}?hash={HASH}", method="GET")
    assert {"success": True} == await gateway.json(f"{DELETE}?hash={HASH}&schedule_id=5", method="GET")
    assert 5 == gateway.services.asked["DeleteSchedule"][0].schedule_id


async def test_runs_are_made_by_hand_and_listed(gateway):
    """Newest first, with the number of all."""
    gateway.services.answers |= {
        "RunNow": pb.RunNowResponse(run_id=7),
        "SendTest": pb.SendTestResponse(run_id=8),
        "ListRuns": pb.ListRunsResponse(runs=[run(), run(id=6)], next_page_token="more", total_count=30),
    }
    body = {"hash": HASH, "schedule_id": 1}

    assert {"success": True, "run_id": 7} == await gateway.json("/report/schedule/run", json=body)
    sent = await gateway.json("/report/schedule/test", json=body | {"emails": ["ann@example.com"]})
    assert {"success": True, "run_id": 8} == sent
    found = await gateway.json("/report/schedule/runs/list", json=body | {"offset": 4, "limit": 2})
    assert (30, [7, 6]) == (found["count"], [one["id"] for one in found["list"]])
    assert [4] == [one.skip for one in gateway.services.asked["ListRuns"]]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.NotFound(), 400, 201),
        (errors.NonexistentEntities(), 400, 217),
        (PluginNotFound(), 400, 222),
        (FeatureUnavailable(), 402, 236),
        (errors.SpanTooLong("P90D"), 400, 211),
        (TooManySchedules(), 402, 268),
        (TooManyTrackers(), 403, 221),
        (errors.NotPermitted(), 403, 13),
        (errors.DemoAccount(), 403, 101),
        (errors.SessionEnded(), 400, 4),
        (errors.TooMuch(), 429, 15),
        (errors.StoreUnavailable(), 503, 14),
    ],
)
@pytest.mark.parametrize("path", BODIES)
async def test_failures_have_the_published_codes(gateway, path, error, status, code):
    """A schedule that is not there or another user's is 201; longer than allowed is told with what is allowed."""
    gateway.services.answers |= dict.fromkeys(RPCS, error)

    found = await gateway.json(path, status, json=BODIES[path], headers=SIGNED)

    assert code == found["status"]["code"]
    assert found.get("max_time_span") == (error.metadata.get("max_time_span"))


async def test_an_update_without_an_id_is_error_7(gateway):
    """The published example of it lacks the id."""
    found = await gateway.json(UPDATE, 400, json={"schedule": EXAMPLE}, headers=SIGNED)

    assert 7 == found["status"]["code"]
    assert [{"parameter": "schedule.id", "error": "is required"}] == found["errors"]


@pytest.mark.parametrize(("path", "rpc"), [(CREATE, "CreateSchedule"), (UPDATE, "UpdateSchedule")])
async def test_parameters_of_a_wrong_type_travel_beside_the_schedule(gateway, path, rpc):
    """For generation to name them together with those it refuses."""
    violations = [errors.Violation("schedule.parameters.emails[1]", "must be an e-mail address")]
    gateway.services.answers[rpc] = errors.InvalidParameters(violations)
    bad = ENTRY | {"parameters": ENTRY["parameters"] | {"email_zip": "perhaps"}}

    found = await gateway.json(path, 400, json={"schedule": bad}, headers=SIGNED)

    assert ["schedule.parameters.emails[1]"] == [one["parameter"] for one in found["errors"]]
    unreadable = violations_of(gateway.services.metadata["x-daybook-unreadable-bin"])
    assert {"schedule.parameters.email_zip"} == {violation.field for violation in unreadable}


@pytest.mark.parametrize("path", [CREATE, UPDATE])
async def test_a_body_without_a_schedule_is_not_sent_on(gateway, path):
    found = await gateway.json(path, 400, json={}, headers=SIGNED)

    assert [{"parameter": "schedule", "error": "is required"}] == found["errors"]
    assert {} == dict(gateway.services.asked)
