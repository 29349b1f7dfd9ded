"""Schedules and their runs as the public JSON."""

from datetime import UTC, datetime

import pytest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.report.v1.report_pb2 import Plugin
from daybook.schedule.v1 import schedule_pb2 as pb

from gateway.shapes.schedule_responses import run_entry, schedule_entry
from tests.builders.schedules import ENTRY, run, schedule

PLAIN = schedule_entry(iso=False).write


def test_a_schedule_has_the_published_shape():
    """Names, types and order."""
    found = PLAIN(schedule())

    assert ENTRY == found
    assert [list(ENTRY), list(ENTRY["parameters"])] == [list(found), list(found["parameters"])]


def test_a_schedule_that_never_ran_says_nothing_of_a_run():
    """`fire_time` and `last_result` are absent, not null."""
    message = schedule()
    message.ClearField("fire_time")
    message.ClearField("last_result")

    assert {"id", "enabled", "parameters"} == set(PLAIN(message))


def test_a_report_says_what_it_was_created_with():
    """Fields that were left out stay out, but for the two flags, which are on unless they were sent as off."""
    bare = GenerateReportRequest(employee_ids=[7], plugin=Plugin(id=82), include_places_in_address=False)

    report = PLAIN(schedule(tracker_report=bare))["parameters"]["report"]

    expected = {
        "employees": [7],
        "plugin": {"plugin_id": 82},
        "include_places_in_address": False,
        "include_zones_in_address": True,
    }
    assert expected == report


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (pb.Rule(month_days=pb.MonthDays(days=[1, 31])), {"type": "month_days", "month_days": [1, 31]}),
        (pb.Rule(first_day_of_week=True), {"type": "first_day_of_week"}),
    ],
)
def test_each_kind_of_rule_has_a_type(rule, expected):
    """That of weekdays stands in the published entry; the one by the owner's week is made elsewhere only."""
    assert expected == PLAIN(schedule(rule=rule))["parameters"]["schedule"]


@pytest.mark.parametrize(("stored", "shown"), [("", "00:00:00"), ("06:30", "06:30:00"), ("06:30:00", "06:30:00")])
def test_a_sending_time_has_seconds(stored, shown):
    assert shown == PLAIN(schedule(sending_time=stored))["parameters"]["sending_time"]


def test_a_failed_run_is_told_with_its_error():
    result = pb.LastResult(success=False, error="No tracker is left", run_id=7)

    assert {"success": False, "error": "No tracker is left", "run_id": 7} == PLAIN(schedule(last_result=result))[
        "last_result"
    ]


def test_iso_mode_writes_the_offset_of_the_owners_zone():
    assert "2014-09-05T00:00:00+04:00" == schedule_entry(iso=True).write(schedule())["fire_time"]


def test_a_run_tells_what_came_of_each_delivery():
    """Times are those of the zone that the run was planned in."""
    found = run_entry(iso=False).write(run())

    expected = {
        "id": 7, "schedule_id": 1, "kind": "scheduled", "due": "2026-06-01 06:00:00", "title": "Trips",
        "from": "2026-05-01 00:00:00", "to": "2026-05-31 23:59:59", "time_zone": "Europe/Berlin", "state": "partly",
        "reason": "1 of 2 was not delivered", "report_id": 12, "missing": [], "created": "2026-06-01 06:00:05",
        "finished": "2026-06-01 06:02:00", "files": [{"format": "pdf", "bytes": 1000, "sha256": "ab" * 32}],
    }  # fmt: skip
    deliveries = found.pop("deliveries")
    assert expected == found
    attempts = [
        {"time": "2026-06-01 06:01:00", "outcome": "retry", "code": 451, "text": "4.7.1 greylisted"},
        {"time": "2026-06-01 06:01:00", "outcome": "sent", "code": 250, "text": "2.0.0 Ok"},
    ]
    mail = {"channel": "mail", "purpose": "report", "sent_as_link": False}
    sent = {"number": 1, "address": "ann@example.com", "state": "sent", "attempts": attempts}
    assert mail | sent | {"message_id": "<run-7-1@daybook.example>"} == deliveries[0]
    assert ("failed", "No such user") == (deliveries[1]["state"], deliveries[1]["reason"])


def test_a_run_that_waits_says_when_it_tries_again():
    """Fields without a value yet are left out."""
    waiting = pb.Delivery(
        number=1,
        channel="CHANNEL_WEBHOOK",
        address="https://hooks.example/1",
        state="DELIVERY_STATE_WAITING",
        next_try_time=datetime(2026, 6, 1, 4, 5, tzinfo=UTC),
    )
    message = run(deliveries=[waiting], state="RUN_STATE_DELIVERING", reason="", report_id=0)
    message.ClearField("finish_time")

    found = run_entry(iso=True).write(message)

    assert not {"reason", "report_id", "finished"} & set(found)
    assert ("webhook", "2026-06-01T06:05:00+02:00") == (
        found["deliveries"][0]["channel"],
        found["deliveries"][0]["next_try"],
    )
