"""Messages of schedules, their runs and the wishes of their owners."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.report.v1 import report_pb2
from daybook.schedule.v1 import schedule_pb2 as pb
from daybook.schedule.v1.schedule_service_pb2 import UpdateScheduleRequest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.errors import InvalidParameters, Violation
from services.generation.accounts.user import User
from services.generation.reporting.report_request import ReportRequest
from services.generation.schedules.due import Rule
from services.generation.schedules.run import Delivery, Run
from services.generation.schedules.schedule import Form, Recipient, SavedReportRef, Schedule, ScheduleSpec
from services.generation.schedules.schedule_answers import ScheduleAnswer
from services.generation.schedules.schedule_checks import PARAMETERS, ScheduleDraft, require_undated
from services.generation.schedules.schedule_words import next_run_text, window_text
from services.generation.servicers.record_messages import message_of
from services.generation.servicers.report_messages import request_of
from services.generation.words.language import Language
from services.runtime.codec import struct_of, timestamp_of
from services.runtime.enum_words import numbers_of, read_word

FORMATS, FORMS = numbers_of(Format.DESCRIPTOR), numbers_of(pb.DeliveryForm.DESCRIPTOR)
OUTCOMES = numbers_of(pb.Outcome.DESCRIPTOR)
OUTPUT_ONLY = frozenset(
    {
        "id", "owner_id", "revision", "next_due_time", "next_run_text", "fire_time", "last_result", "failed_runs",
        "paused_reason", "time_zone", "create_time", "update_time", "owner_member_id",
    }
)  # fmt: skip
REPORT_FIELDS = frozenset({"tracker_report", "time_report", "period"})  # a change of which checks the report anew
CHANGEABLE = [name for name in pb.Schedule.DESCRIPTOR.fields_by_name if name not in OUTPUT_ONLY]


def draft_of(schedule: pb.Schedule, unread: Sequence[Violation] = ()) -> ScheduleDraft:
    """Read the wishes in a schedule; `unread` are the fields that its sender could not put into the message."""
    found = list(unread)
    formats = tuple(read_word(Format.DESCRIPTOR, one, f"{PARAMETERS}.email_format", found) for one in schedule.formats)
    form = read_word(pb.DeliveryForm.DESCRIPTOR, schedule.delivery_form, "schedule.delivery_form", found) or "file"
    spec = ScheduleSpec(
        report=_report_of(schedule, found),
        period=schedule.period,
        rule=_rule_of(schedule.rule),
        enabled=schedule.enabled,
        override_saved_period=schedule.override_saved_period,
        recipients=tuple(Recipient(one.email, one.user_id) for one in schedule.recipients),
        webhook_url=schedule.webhook.url,
        formats=formats,
        zip=schedule.zip,
        form=cast("Form", form),
        subject=schedule.subject,
        message=schedule.message,
        skip_empty=schedule.skip_empty,
    )
    if schedule.HasField("webhook") and not schedule.webhook.url:
        found.append(Violation("schedule.webhook.url", "must be given"))
    has_report = schedule.WhichOneof("report") is not None
    return ScheduleDraft(spec, schedule.sending_time, has_report=has_report, unreadable=found)


def _report_of(schedule: pb.Schedule, found: list[Violation]) -> ReportRequest | SavedReportRef:
    if schedule.WhichOneof("report") == "time_report":
        return SavedReportRef(schedule.time_report.workspace_id, schedule.time_report.report_id)
    request = request_of(schedule.tracker_report)
    found += require_undated(request)
    return request


def _rule_of(rule: pb.Rule) -> Rule:
    return Rule(tuple(rule.weekdays.days), tuple(rule.month_days.days), rule.first_day_of_week)


def merged(stored: pb.Schedule, request: UpdateScheduleRequest) -> pb.Schedule:
    """Return a schedule with the fields of a change that its mask names, or all. Raises InvalidParameters."""
    change, mask = request.schedule, request.update_mask
    if set(mask.paths) - set(CHANGEABLE):
        raise InvalidParameters.one("update_mask", f"must name some of {', '.join(CHANGEABLE)}")
    after = pb.Schedule()
    after.CopyFrom(stored if mask.paths else change)
    mask.MergeMessage(change, after, replace_message_field=True, replace_repeated_field=True)
    if request.keep_further_formats and (not mask.paths or "formats" in mask.paths):
        after.formats[:] = [*change.formats[:1], *stored.formats[1:]]
    return after


def message(answer: ScheduleAnswer) -> pb.Schedule:
    """Return a schedule as a message."""
    schedule, owner = answer.schedule, answer.owner
    found = message_of(
        pb.Schedule,
        schedule,
        webhook=_webhook(schedule),
        next_run_text=next_run_text(schedule, owner),
        next_due_time=_moment(schedule.next_due),
        time_zone=owner.locale.time_zone,
        owner_member_id=owner.member_id,
    )
    found.MergeFrom(wishes_message(schedule.spec))
    for one, shown in zip(schedule.spec.recipients, found.recipients, strict=True):
        if one in answer.unsubscribed:
            shown.unsubscribe_time.CopyFrom(timestamp_of(answer.unsubscribed[one]))
    return found


def wishes_message(spec: ScheduleSpec) -> pb.Schedule:
    """Return the wishes of a schedule's owner as a message."""
    return message_of(
        pb.Schedule,
        spec,
        rule=_rule_message(spec.rule),
        sending_time=spec.sending_time.isoformat(),
        recipients=[_recipient(one) for one in spec.recipients],
        webhook=pb.Webhook(url=spec.webhook_url) if spec.webhook_url else None,
        formats=[FORMATS[one] for one in spec.formats],
        delivery_form=FORMS[spec.form],
        **_report_message(spec),
    )


def _report_message(spec: ScheduleSpec) -> dict[str, Message]:
    if isinstance(spec.report, SavedReportRef):
        return {"time_report": message_of(pb.SavedReportRef, spec.report)}
    return {"tracker_report": request_message(spec.report)}


def request_message(request: ReportRequest) -> GenerateReportRequest:
    """Return a request for a report as a message, its fields as they came."""
    window = request.time_filter
    return GenerateReportRequest(
        title=request.title,
        plugin=report_pb2.Plugin(id=request.plugin_id, options=struct_of(request.options)),
        tracker_ids=request.tracker_ids,
        employee_ids=request.employee_ids,
        time_filter=None if window is None else message_of(report_pb2.TimeFilter, window),
        geocoder=numbers_of(report_pb2.Geocoder.DESCRIPTOR)[request.geocoder],
        include_places_in_address=request.include_places_in_address,
        include_zones_in_address=request.include_zones_in_address,
        type=numbers_of(report_pb2.ReportType.DESCRIPTOR)[request.type],
        locale=request.locale,
    )


def _rule_message(rule: Rule) -> pb.Rule:
    if rule.first_day_of_week:
        return pb.Rule(first_day_of_week=True)
    if rule.weekdays:
        return pb.Rule(weekdays=pb.Weekdays(days=rule.weekdays))
    return pb.Rule(month_days=pb.MonthDays(days=rule.month_days))


def _recipient(one: Recipient) -> pb.Recipient:
    return pb.Recipient(user_id=one.user_id) if one.user_id else pb.Recipient(email=one.email)


def _webhook(schedule: Schedule) -> pb.Webhook | None:
    webhook = schedule.webhook
    if webhook is None:
        return None
    made = timestamp_of(webhook.secret_time)
    return pb.Webhook(url=webhook.url, secret_create_time=made, off_reason=webhook.off_reason)


def _moment(moment: datetime | None) -> Timestamp | None:
    return None if moment is None else timestamp_of(moment)


def run_message(run: Run, reader: User | None) -> pb.Run:
    """Return a run as a message, its period in words of its reader."""
    period = ""
    if run.window is not None and reader is not None:
        period = window_text(run.window, Language.of(reader.locale))
    return message_of(
        pb.Run,
        run,
        kind=numbers_of(pb.RunKind.DESCRIPTOR)[run.kind],
        state=numbers_of(pb.RunState.DESCRIPTOR)[run.state],
        due_time=timestamp_of(run.due),
        due_civil=run.due_civil.isoformat(" "),
        time_zone=run.zone,
        period_start=f"{run.window.first} 00:00:00" if run.window else "",
        period_end=f"{run.window.last} 23:59:59" if run.window else "",
        period_text=period,
        files=[
            pb.RunFile(format=FORMATS[one.format], size_bytes=one.size_bytes, sha256=one.sha256) for one in run.files
        ],
        deliveries=[_delivery(one) for one in run.deliveries],
    )


def _delivery(one: Delivery) -> pb.Delivery:
    return message_of(
        pb.Delivery,
        one,
        channel=numbers_of(pb.Channel.DESCRIPTOR)[one.channel],
        purpose=numbers_of(pb.DeliveryPurpose.DESCRIPTOR)[one.purpose],
        state=numbers_of(pb.DeliveryState.DESCRIPTOR)[one.state],
        attempts=[message_of(pb.Attempt, some, outcome=OUTCOMES[some.outcome]) for some in one.attempts],
        next_try_time=_moment(one.next_try),
    )
