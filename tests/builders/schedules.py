"""Schedules as the public JSON and as messages."""

from datetime import UTC, datetime
from typing import Any

from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.report.v1.report_pb2 import Geocoder, Plugin, TimeFilter
from daybook.schedule.v1 import schedule_pb2 as pb

Json = dict[str, Any]

WEEK = [1, 2, 3, 4, 5, 6, 7]
WHOLE_DAY = {"from": "00:00:00", "to": "23:59:59", "weekdays": WEEK}
EXAMPLE: Json = {  # the published example of `create`
    "enabled": True,
    "parameters": {
        "report": {
            "trackers": [669673],
            "title": "Trip report",
            "time_filter": WHOLE_DAY,
            "plugin": {
                "hide_empty_tabs": True,
                "plugin_id": 4,
                "show_seconds": False,
                "include_summary_sheet_only": False,
                "split": True,
                "show_idle_duration": False,
                "show_coordinates": False,
                "filter": True,
                "group_by_driver": False,
            },
        },
        "period": "1w",
        "schedule": {"type": "weekdays", "weekdays": [1]},
        "email_format": "xls",
        "emails": ["test@example.com"],
    },
}
ENTRY: Json = {  # the published entry of `list`
    "id": 1,
    "enabled": True,
    "parameters": {
        "period": "1m",
        "schedule": {"type": "weekdays", "weekdays": [1, 2, 3, 4, 5]},
        "report": {
            "trackers": [1],
            "title": "Title",
            "geocoder": "yandex",
            "time_filter": WHOLE_DAY,
            "plugin": {"plugin_id": 4, "show_idle_duration": False},
            "include_places_in_address": True,
            "include_zones_in_address": True,
        },
        "emails": ["email@example.ru"],
        "email_format": "pdf",
        "email_zip": False,
        "sending_time": "12:00:00",
    },
    "fire_time": "2014-09-05 00:00:00",
    "last_result": {"success": True, "id": 1},
}


def schedule(**fields: Any) -> pb.Schedule:
    """Return the schedule of the published entry as a message, with other fields where some are given."""
    plugin = Plugin(id=4)
    plugin.options.update({"show_idle_duration": False})
    report = GenerateReportRequest(
        title="Title",
        tracker_ids=[1],
        geocoder=Geocoder.GEOCODER_YANDEX,
        time_filter=TimeFilter(start_time_of_day="00:00:00", end_time_of_day="23:59:59", weekdays=WEEK),
        plugin=plugin,
    )
    usual: Json = {
        "id": 1,
        "enabled": True,
        "tracker_report": report,
        "period": "1m",
        "rule": pb.Rule(weekdays=pb.Weekdays(days=[1, 2, 3, 4, 5])),
        "sending_time": "12:00:00",
        "recipients": [pb.Recipient(email="email@example.ru")],
        "formats": ["FORMAT_PDF"],
        "fire_time": datetime(2014, 9, 4, 20, tzinfo=UTC),
        "last_result": pb.LastResult(success=True, report_id=1),
        "time_zone": "Europe/Moscow",
    }
    return pb.Schedule(**usual | fields)


def run(**fields: Any) -> pb.Run:
    """Return a run in Berlin that sent one mail at the second try and failed at another, with other fields if given."""
    tried = datetime(2026, 6, 1, 4, 1, tzinfo=UTC)
    refused = pb.Attempt(time=tried, outcome="OUTCOME_RETRY", code=451, text="4.7.1 greylisted")
    sent = pb.Delivery(
        number=1,
        channel="CHANNEL_MAIL",
        address="ann@example.com",
        purpose="DELIVERY_PURPOSE_REPORT",
        state="DELIVERY_STATE_SENT",
        attempts=[refused, pb.Attempt(time=tried, outcome="OUTCOME_SENT", code=250, text="2.0.0 Ok")],
        message_id="<run-7-1@daybook.example>",
    )
    failed = pb.Delivery(
        number=2,
        channel="CHANNEL_MAIL",
        address="bob@example.com",
        purpose="DELIVERY_PURPOSE_REPORT",
        state="DELIVERY_STATE_FAILED",
        reason="No such user",
        attempts=[pb.Attempt(time=tried, outcome="OUTCOME_FAILED", code=550, text="5.1.1 unknown")],
    )
    usual: Json = {
        "id": 7,
        "schedule_id": 1,
        "kind": "RUN_KIND_SCHEDULED",
        "due_time": datetime(2026, 6, 1, 4, tzinfo=UTC),
        "due_civil": "2026-06-01 06:00:00",
        "time_zone": "Europe/Berlin",
        "period_start": "2026-05-01 00:00:00",
        "period_end": "2026-05-31 23:59:59",
        "state": "RUN_STATE_PARTLY",
        "reason": "1 of 2 was not delivered",
        "report_id": 12,
        "files": [pb.RunFile(format="FORMAT_PDF", size_bytes=1000, sha256="ab" * 32)],
        "deliveries": [sent, failed],
        "create_time": datetime(2026, 6, 1, 4, 0, 5, tzinfo=UTC),
        "finish_time": datetime(2026, 6, 1, 4, 2, tzinfo=UTC),
        "title": "Trips",
    }
    return pb.Run(**usual | fields)
