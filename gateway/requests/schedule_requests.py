"""Requests about schedules of the tracker side as messages."""

from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.schedule.v1.schedule_pb2 import MonthDays, Recipient, Rule, Schedule, Weekdays
from daybook.schedule.v1.schedule_service_pb2 import (
    CreateScheduleRequest,
    DeleteScheduleRequest,
    ListRunsRequest,
    ListSchedulesRequest,
    ResolveDeliveryRequest,
    RunNowRequest,
    ScheduleKind,
    SendTestRequest,
    UpdateScheduleRequest,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.files import MAILED
from gateway.requests.parameters import Parameters
from gateway.requests.report_parameters import report_of
from gateway.requests.tracker_requests import OFFSET, Listing, TrackerRequest
from services.runtime.enum_words import numbers_of

FIRST_DAY = "first_day_of_week"
RESOLUTIONS = {
    word: number for word, number in numbers_of(ResolveDeliveryRequest.Resolution.DESCRIPTOR).items() if word
}
RULES = {word: word for word in ("weekdays", "month_days", FIRST_DAY)}
ENTRY = FieldMask(  # what an entry says; a webhook, a message and their like are set elsewhere and stay
    paths=["enabled", "tracker_report", "period", "rule", "sending_time", "recipients", "formats", "zip"]
)


def creation(request: TrackerRequest) -> CreateScheduleRequest:
    """Return the schedule to create; an id in it is ignored."""
    return CreateScheduleRequest(schedule=_schedule(request.parameters.needed("schedule")))


def change(request: TrackerRequest) -> UpdateScheduleRequest:
    """Return the schedule that takes the place of the one with its id. Raises PublicError 7 without an id.

    Its only format is the first one; further ones are set elsewhere and stay.
    """
    entry = request.parameters.needed("schedule")
    schedule_id = entry.integer("id", low=1)
    entry.check()
    schedule = _schedule(entry)
    schedule.id = schedule_id
    return UpdateScheduleRequest(schedule=schedule, update_mask=ENTRY, keep_further_formats=True)


def schedules(request: TrackerRequest) -> Listing[ListSchedulesRequest]:
    """Return the list of the caller's schedules of tracker reports."""
    iso = request.parameters.flag("iso_datetime")
    request.parameters.check()
    return Listing(ListSchedulesRequest(kind=ScheduleKind.SCHEDULE_KIND_TRACKER), iso=bool(iso))


def deletion(request: TrackerRequest) -> DeleteScheduleRequest:
    """Return the schedule to delete."""
    return DeleteScheduleRequest(schedule_id=_schedule_id(request))


def run(request: TrackerRequest) -> RunNowRequest:
    """Return the schedule to run now."""
    return RunNowRequest(schedule_id=_schedule_id(request))


def test(request: TrackerRequest) -> SendTestRequest:
    """Return the schedule to test, and the addresses that get the test."""
    emails = request.parameters.texts("emails")
    return SendTestRequest(schedule_id=_schedule_id(request), emails=emails)


def runs(request: TrackerRequest) -> Listing[ListRunsRequest]:
    """Return the list of a schedule's runs that is asked for."""
    parameters = request.parameters
    offset, limit = parameters.optional_integer("offset", *OFFSET), parameters.optional_integer("limit", low=1)
    iso = parameters.flag("iso_datetime")
    message = ListRunsRequest(schedule_id=_schedule_id(request), skip=offset or 0)
    return Listing(message, limit, iso=bool(iso))


def resolution(request: TrackerRequest) -> ResolveDeliveryRequest:
    """Return the decision about a delivery."""
    parameters = request.parameters
    chosen = parameters.choice("resolution", RESOLUTIONS)
    message = ResolveDeliveryRequest(
        run_id=parameters.integer("run_id", low=1),
        number=parameters.integer("number", low=1),
        resolution=chosen or ResolveDeliveryRequest.RESOLUTION_UNSPECIFIED,
    )
    parameters.check()
    return message


def _schedule_id(request: TrackerRequest) -> int:
    number = request.parameters.integer("schedule_id", low=1)
    request.parameters.check()
    return number


def _schedule(entry: Parameters) -> Schedule:
    """Return an entry as a message. Generation judges the values, and answers for parameters of a wrong type too."""
    details = entry.needed("parameters")
    chosen = details.optional_choice("email_format", MAILED) or Format.FORMAT_PDF
    return Schedule(
        enabled=entry.flag("enabled") is not False,
        period=details.text("period", required=True),
        rule=rule_of(details.needed("schedule")),
        tracker_report=report_of(details.needed("report")),
        recipients=[Recipient(email=address) for address in details.texts("emails")],
        formats=[chosen],
        zip=bool(details.flag("email_zip")),
        sending_time=details.text("sending_time"),
    )


def rule_of(parameters: Parameters) -> Rule:
    """Return the days on which a schedule is due."""
    kind = parameters.choice("type", RULES)
    days = {"weekdays": parameters.integers("weekdays", 1, 7), "month_days": parameters.integers("month_days", 1, 31)}
    if kind == FIRST_DAY:
        return Rule(first_day_of_week=True)
    if kind == "month_days":
        return Rule(month_days=MonthDays(days=days[kind]))
    return Rule(weekdays=Weekdays(days=days["weekdays"]))
