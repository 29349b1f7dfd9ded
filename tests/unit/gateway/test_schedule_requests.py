"""Public parameters of schedules as messages."""

from contextlib import suppress

import orjson
import pytest
from daybook.rendering.v1.rendering_service_pb2 import Format
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st

from gateway.clients import Caller
from gateway.errors import PublicError
from gateway.requests.parameters import Parameters
from gateway.requests.schedule_requests import change, creation, deletion, run, runs, schedules, test
from gateway.requests.tracker_requests import TrackerRequest
from tests.builders.schedules import ENTRY, EXAMPLE
from tests.unit.gateway.test_tracker_requests import JSON

SENDING_TEST = test
del test  # no test of ours


def asked(**values) -> TrackerRequest:
    return TrackerRequest(Parameters(values), Caller())


def faults_of(schedule) -> list[str]:
    request = asked(schedule=schedule)
    try:
        creation(request)
    except PublicError as error:
        return [fault.parameter for fault in error.faults]
    return [fault.parameter for fault in request.parameters.faults]


def with_details(**values) -> dict:
    return EXAMPLE | {"parameters": EXAMPLE["parameters"] | values}


def test_the_published_example_is_understood():
    """An absent sending time is midnight, which generation fills in."""
    options = {
        "hide_empty_tabs": True,
        "show_seconds": False,
        "include_summary_sheet_only": False,
        "split": True,
        "show_idle_duration": False,
        "show_coordinates": False,
        "filter": True,
        "group_by_driver": False,
    }
    window = {"startTimeOfDay": "00:00:00", "endTimeOfDay": "23:59:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]}
    report = {"title": "Trip report", "trackerIds": ["669673"], "timeFilter": window}
    expected = {
        "enabled": True,
        "trackerReport": report | {"plugin": {"id": 4, "options": options}},
        "period": "1w",
        "rule": {"weekdays": {"days": [1]}},
        "recipients": [{"email": "test@example.com"}],
        "formats": ["FORMAT_XLS"],
    }

    assert expected == MessageToDict(creation(asked(schedule=EXAMPLE)).schedule)


def test_a_form_asks_the_same_as_json():
    """The whole schedule as JSON text."""
    assert creation(asked(schedule=EXAMPLE)) == creation(asked(schedule=orjson.dumps(EXAMPLE).decode()))


def test_what_an_entry_leaves_out_has_its_default():
    """It is on, made as PDF, not packed, and mailed to nobody."""
    kept = {name: ENTRY["parameters"][name] for name in ("period", "schedule", "report")}
    schedule = creation(asked(schedule={"parameters": kept})).schedule

    assert (True, [Format.FORMAT_PDF], False) == (schedule.enabled, list(schedule.formats), schedule.zip)
    assert ([], "") == (list(schedule.recipients), schedule.sending_time)
    assert not creation(asked(schedule={"enabled": "0", "parameters": kept})).schedule.enabled


def test_days_of_the_month_are_another_kind_of_schedule():
    """Days of the other kind beside them are ignored."""
    days = {"type": "Month_Days", "month_days": ["1", 10, 31], "weekdays": [1]}

    rule = creation(asked(schedule=with_details(schedule=days))).schedule.rule

    assert ("month_days", [1, 10, 31]) == (rule.WhichOneof("days"), list(rule.month_days.days))


def test_the_first_day_of_the_week_is_taken_as_it_is_listed():
    """An update by a client that knows nothing of it changes nothing."""
    assert creation(
        asked(schedule=with_details(schedule={"type": "first_day_of_week"}))
    ).schedule.rule.first_day_of_week


def test_an_update_replaces_what_an_entry_says_and_nothing_else():
    """A webhook, a message, further formats and their like are not part of it."""
    message = change(asked(schedule=ENTRY))

    assert ENTRY["id"] == message.schedule.id
    expected = ["enabled", "tracker_report", "period", "rule", "sending_time", "recipients", "formats", "zip"]
    assert expected == list(message.update_mask.paths)
    assert message.keep_further_formats


def test_an_update_needs_an_id():
    """As the published example of it, which has none, shows."""
    with pytest.raises(PublicError) as caught:
        change(asked(schedule=EXAMPLE))

    assert ["schedule.id"] == [fault.parameter for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("schedule", "parameters"),
    [
        (None, ["schedule"]),
        (5, ["schedule"]),
        ({}, ["schedule.parameters"]),
        ({"parameters": {}}, ["schedule.parameters.period", "schedule.parameters.schedule"]),
        (with_details(report=None), ["schedule.parameters.report"]),
        (with_details(report={}), ["schedule.parameters.report.plugin"]),
        (with_details(period=7), ["schedule.parameters.period"]),
        (with_details(schedule={"weekdays": [1]}), ["schedule.parameters.schedule.type"]),
        (with_details(schedule={"type": "weekdays", "weekdays": [8]}), ["schedule.parameters.schedule.weekdays"]),
        (
            with_details(schedule={"type": "month_days", "month_days": [0, 32]}),
            ["schedule.parameters.schedule.month_days"],
        ),
        (with_details(emails="a@b.example"), ["schedule.parameters.emails"]),
        (with_details(emails=["a@b.example\r\nBcc: c@d.example"]), ["schedule.parameters.emails"]),
        (with_details(email_format="doc"), ["schedule.parameters.email_format"]),
        (with_details(email_zip="perhaps"), ["schedule.parameters.email_zip"]),
        (with_details(sending_time=6), ["schedule.parameters.sending_time"]),
        (
            with_details(report=EXAMPLE["parameters"]["report"] | {"trackers": "x", "time_filter": {"weekdays": [9]}}),
            ["schedule.parameters.report.time_filter.weekdays", "schedule.parameters.report.trackers"],
        ),
    ],
)  # fmt: skip
def test_each_parameter_of_a_wrong_type_is_named_by_its_path(schedule, parameters):
    """Without an object that is needed the rest is not judged."""
    assert parameters == faults_of(schedule)


def test_runs_are_listed_from_an_offset():
    listing = runs(asked(schedule_id="5", offset=20, limit="10", iso_datetime=True))

    assert (5, 20, 10, True) == (listing.message.schedule_id, listing.message.skip, listing.limit, listing.iso)


def test_a_test_goes_to_the_addresses_that_are_named():
    message = SENDING_TEST(asked(schedule_id=5, emails='["ann@example.com"]'))

    assert (5, ["ann@example.com"]) == (message.schedule_id, list(message.emails))


@given(JSON, JSON, JSON)
def test_any_value_is_taken_or_refused(entry, details, rule):
    """Nothing but a public error ever comes out, and what is taken can be sent."""
    schedule = {
        "id": entry,
        "enabled": entry,
        "parameters": {**ENTRY["parameters"], "schedule": rule, "report": details},
    }
    for value in (entry, schedule, {"parameters": details}):
        for read in (creation, change):
            with suppress(PublicError):
                assert read(asked(schedule=value)).SerializeToString() is not None


@given(st.dictionaries(st.sampled_from(["schedule_id", "emails", "offset", "limit", "iso_datetime"]), JSON))
def test_any_value_beside_a_schedule_is_taken_or_refused(values):
    for read in (deletion, run, SENDING_TEST, runs, schedules):
        with suppress(PublicError):
            read(asked(**values))
