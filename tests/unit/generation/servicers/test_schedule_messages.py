"""Messages of schedules: what goes in comes out, and masks."""

from dataclasses import replace

import pytest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF, FORMAT_XLS
from daybook.report.v1.report_pb2 import GEOCODER_YANDEX, Plugin, TimeFilter
from daybook.schedule.v1 import schedule_pb2 as pb
from daybook.schedule.v1.schedule_service_pb2 import UpdateScheduleRequest
from google.protobuf.field_mask_pb2 import FieldMask

from services.errors import InvalidParameters
from services.generation.schedules.schedule import Schedule
from services.generation.schedules.schedule_answers import ScheduleAnswer
from services.generation.schedules.schedule_checks import read_time
from services.generation.servicers.schedule_messages import OUTPUT_ONLY, draft_of, merged, message
from tests.builders.people import NOON, user

TRIPS = GenerateReportRequest(
    title="Trips",
    plugin=Plugin(id=4),
    tracker_ids=[1, 2],
    time_filter=TimeFilter(start_time_of_day="00:00:00", end_time_of_day="23:59:59", weekdays=[1, 7]),
    geocoder=GEOCODER_YANDEX,
    include_places_in_address=False,
    include_zones_in_address=True,
)
TRIPS.plugin.options.update({"hide_empty_tabs": True, "min_minutes": 5, "tags": [1, "a"]})
FULL = pb.Schedule(
    enabled=True,
    tracker_report=TRIPS,
    period="w",
    rule=pb.Rule(month_days=pb.MonthDays(days=[1, 31])),
    sending_time="12:00:00",
    recipients=[pb.Recipient(email="a@example.com"), pb.Recipient(user_id=7)],
    webhook=pb.Webhook(url="https://example.com"),
    formats=[FORMAT_PDF, FORMAT_CSV],
    zip=True,
    delivery_form=pb.DELIVERY_FORM_LINK,
    subject="Subject",
    message="a\nb",
    skip_empty=True,
)
OVER_TIME = pb.Schedule(
    time_report=pb.SavedReportRef(workspace_id=1, report_id=2, name="Week"),
    period="1d",
    override_saved_period=True,
    rule=pb.Rule(first_day_of_week=True),
    formats=[FORMAT_PDF],
    delivery_form=pb.DELIVERY_FORM_FILE,
)


def masked(change, *paths, **more):
    """Return the full schedule after a change of the fields of a mask."""
    return merged(FULL, UpdateScheduleRequest(schedule=change, update_mask=FieldMask(paths=paths), **more))


def answered(wish: pb.Schedule) -> pb.Schedule:
    """Return wishes as they are answered, without what only answers have."""
    draft = draft_of(wish)
    sending_time = read_time(draft.sending_time)
    assert sending_time is not None
    assert [] == list(draft.unreadable)
    schedule = Schedule(1, 1, replace(draft.spec, sending_time=sending_time), create_time=NOON, update_time=NOON)
    found = message(ScheduleAnswer(schedule, user(), {}))
    for name in OUTPUT_ONLY:
        found.ClearField(name)
    return found


def test_what_is_wished_is_answered() -> None:
    """By every field, numbers of options as numbers; the webhook's secret has no place in it."""
    assert FULL == answered(FULL)
    kept = answered(OVER_TIME)
    assert "00:00:00" == kept.sending_time
    kept.sending_time, kept.time_report.name = "", "Week"
    assert OVER_TIME == kept


def test_what_a_schedule_must_not_say_is_named() -> None:
    """Dates and a request id of its own, an unknown format, a webhook without a URL, no report."""
    wish = pb.Schedule(
        tracker_report=GenerateReportRequest(period_start="2026-01-01", period_end="2026-01-02", request_id="x"),
        webhook=pb.Webhook(),
        formats=[99],  # type: ignore[list-item] # of tomorrow
    )
    found = draft_of(wish)

    assert {
        "schedule.parameters.report.from",
        "schedule.parameters.report.to",
        "schedule.parameters.report.request_id",
        "schedule.webhook.url",
        "schedule.parameters.email_format",
    } == {one.field for one in found.unreadable}
    assert not draft_of(pb.Schedule()).has_report


def test_a_mask_replaces_what_it_names() -> None:
    """Lists and messages as wholes, unset ones too; one report takes the place of the other."""
    change = pb.Schedule(
        enabled=False, time_report=OVER_TIME.time_report, recipients=[pb.Recipient(email="b@x.example")]
    )
    after = masked(change, "enabled", "recipients", "time_report", "webhook", "message")

    assert ("time_report", 1, False, "", False) == (
        after.WhichOneof("report"),
        len(after.recipients),
        after.enabled,
        after.message,
        after.HasField("webhook"),
    )
    assert ("w", "Subject") == (after.period, after.subject)
    assert change == masked(change)
    with pytest.raises(InvalidParameters):
        masked(change, "revision")


@pytest.mark.parametrize(
    ("first", "left"),
    [(FORMAT_PDF, [FORMAT_PDF, FORMAT_CSV]), (FORMAT_XLS, [FORMAT_XLS, FORMAT_CSV]), (FORMAT_CSV, [FORMAT_CSV] * 2)],
)
def test_a_client_with_a_single_format_changes_the_first_one(first, left):
    """The further ones stay; a repeat is dropped when the schedule is checked. Without the wish it names them all."""
    change = pb.Schedule(formats=[first])

    assert left == masked(change, "formats", keep_further_formats=True).formats
    assert left == masked(change, keep_further_formats=True).formats
    assert [first] == masked(change, "formats").formats
    assert FULL.formats == masked(change, "enabled", keep_further_formats=True).formats
