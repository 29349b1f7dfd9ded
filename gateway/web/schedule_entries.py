"""Schedules and their runs as documents show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import get_day_names
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.workspace_pb2 import Member
from daybook.report.v1.report_pb2 import Report
from daybook.schedule.v1 import schedule_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.files import MAILED, format_word
from gateway.shapes.schedule_responses import REPORT_KEYS
from gateway.shapes.shape import Shape
from gateway.web.labels import Labels
from gateway.web.moments import clock_text, day_text, moment_text
from gateway.web.schedule_forms import DELIVERIES
from gateway.web.translations import mark as _
from gateway.web.visitor import Visitor

WEEK = range(1, 8)
REPORT = Shape("", REPORT_KEYS)
PERIODS = {
    "1d": _("The day before"),
    "1w": _("The 7 days before"),
    "previous_week": _("The week before, Monday to Sunday"),
    "1m": _("The month up to the day before"),
    "previous_month": _("The calendar month before"),
    "1y": _("The year up to the day before"),
}
BARE_LETTERS = {"d": "1d", "w": "1w", "m": "1m", "y": "1y"}
RUN_STATES = {
    pb.RUN_STATE_PLANNED: (_("Planned"), "busy"),
    pb.RUN_STATE_MAKING: (_("In progress"), "busy"),
    pb.RUN_STATE_DELIVERING: (_("Sending"), "busy"),
    pb.RUN_STATE_SENT: (_("Sent"), "good"),
    pb.RUN_STATE_PARTLY: (_("Partly sent"), "bad"),
    pb.RUN_STATE_FAILED: (_("Failed"), "bad"),
    pb.RUN_STATE_SKIPPED: (_("Skipped"), ""),
    pb.RUN_STATE_DOUBTFUL: (_("In doubt"), "bad"),
}
UNFINISHED = (pb.RUN_STATE_PLANNED, pb.RUN_STATE_MAKING, pb.RUN_STATE_DELIVERING)
RUN_KINDS = {
    pb.RUN_KIND_SCHEDULED: _("On schedule"),
    pb.RUN_KIND_MANUAL: _("By hand"),
    pb.RUN_KIND_TEST: _("Test"),
}
DELIVERY_STATES = {
    pb.DELIVERY_STATE_WAITING: (_("Waiting"), "busy"),
    pb.DELIVERY_STATE_SENDING: (_("Sending"), "busy"),
    pb.DELIVERY_STATE_SENT: (_("Sent"), "good"),
    pb.DELIVERY_STATE_FAILED: (_("Failed"), "bad"),
    pb.DELIVERY_STATE_SKIPPED: (_("Skipped"), ""),
    pb.DELIVERY_STATE_DOUBTFUL: (_("In doubt"), "bad"),
}
OUTCOMES = {
    pb.OUTCOME_SENT: _("Sent"),
    pb.OUTCOME_FAILED: _("Failed"),
    pb.OUTCOME_RETRY: _("Tried again later"),
    pb.OUTCOME_IN_DOUBT: _("In doubt"),
    pb.OUTCOME_SKIPPED: _("Skipped"),
}
STATES = {"on": (_("Active"), "good"), "off": (_("Paused"), ""), "paused": (_("Paused after failures"), "bad")}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what schedules mean by ids: kinds of reports, trackers and employees, members; and these members."""

    kinds: Mapping[int, str]
    labels: Labels
    members: Mapping[int, str]
    people: Sequence[Member]


def entry_of(schedule: pb.Schedule, visitor: Visitor, names: Names) -> dict[str, Any]:
    """Return a schedule as a line of the list."""
    report = schedule.tracker_report
    kind = names.kinds.get(report.plugin.id, "")
    state = "paused" if schedule.paused_reason else "on" if schedule.enabled else "off"
    text, look = STATES[state]
    return {
        "id": schedule.id,
        "is_of_time": schedule.HasField("time_report"),
        "title": schedule.time_report.name if schedule.HasField("time_report") else report.title or kind,
        "kind": kind if report.title and report.title != kind else "",
        "objects": names.labels.text(report.tracker_ids, report.employee_ids),
        "receivers": receivers_of(schedule, visitor, names.members),
        "is_enabled": schedule.enabled,
        "state_text": text,
        "look": look,
        "paused_reason": schedule.paused_reason,
        "next": schedule.next_run_text,
        "last": _moment(schedule.fire_time, visitor),
        "result": _result(schedule),
    }


def receivers_of(schedule: pb.Schedule, visitor: Visitor, members: Mapping[int, str]) -> list[dict[str, str]]:
    """Return the receivers of a schedule's mails and notices, with what keeps them from getting any."""
    found = [
        {
            "address": one.email or members.get(one.user_id, f"#{one.user_id}"),
            "unsubscribed": _moment(one.unsubscribe_time, visitor),
            "off": "",
        }
        for one in schedule.recipients
    ]
    if schedule.HasField("webhook"):
        found.append({"address": schedule.webhook.url, "unsubscribed": "", "off": schedule.webhook.off_reason})
    return found


def _result(schedule: pb.Schedule) -> dict[str, Any] | None:
    if not schedule.HasField("last_result"):
        return None
    result = schedule.last_result
    return {"success": result.success, "report_id": result.report_id, "error": result.error}


def form_of(schedule: pb.Schedule, visitor: Visitor) -> dict[str, Any]:
    """Return the values that the form of a schedule begins with."""
    rule, time_report = schedule.rule, schedule.time_report
    kind = rule.WhichOneof("days") or "weekdays"
    period = BARE_LETTERS.get(schedule.period, schedule.period)
    return {
        "id": schedule.id,
        "report": REPORT.write(schedule.tracker_report) if schedule.HasField("tracker_report") else None,
        "saved": {"workspace_id": time_report.workspace_id, "report_id": time_report.report_id}
        if schedule.HasField("time_report")
        else None,
        "title": schedule.tracker_report.title,
        "period": period if period in PERIODS else "",
        "own_period": "" if period in PERIODS else period,
        "override": schedule.override_saved_period,
        "rule": kind,
        "weekdays": list(rule.weekdays.days),
        "month_days": list(rule.month_days.days),
        "sending_time": schedule.sending_time[: len("00:00")] or "00:00",
        "emails": [one.email for one in schedule.recipients if one.email],
        "members": [one.user_id for one in schedule.recipients if one.user_id],
        "unsubscribed": [one for one in receivers_of(schedule, visitor, {}) if one["unsubscribed"]],
        "formats": [format_word(one) for one in schedule.formats] or ["pdf"],
        "zip": schedule.zip,
        "delivery": next(word for word, one in DELIVERIES.items() if one == (schedule.delivery_form or 1)),
        "subject": schedule.subject,
        "message": schedule.message,
        "skip_empty": schedule.skip_empty,
        "webhook": schedule.webhook.url,
        "webhook_off": schedule.webhook.off_reason,
        "secret_since": _moment(schedule.webhook.secret_create_time, visitor),
        "enabled": schedule.enabled,
    }


def choices_of(visitor: Visitor) -> dict[str, Any]:
    """Return what the fields of a form offer, in the visitor's language and order of weekdays."""
    names = get_day_names("abbreviated", locale=visitor.locale)
    first = visitor.week_start - 1
    days = [*WEEK[first:], *WEEK[:first]]
    return {
        "periods": PERIODS,
        "weekdays": [(day, names[day - 1]) for day in days],
        "month_days": range(1, 32),
        "formats": list(MAILED),
    }


def request_of(report: Report) -> GenerateReportRequest:
    """Return the request that would make a report again, without its period."""
    request = GenerateReportRequest(
        title=report.title,
        plugin=report.plugin,
        tracker_ids=report.tracker_ids,
        employee_ids=report.employee_ids,
        geocoder=report.geocoder,
        include_places_in_address=report.include_places_in_address,
        include_zones_in_address=report.include_zones_in_address,
    )
    if report.HasField("time_filter"):
        request.time_filter.CopyFrom(report.time_filter)
    return request


def run_of(run: pb.Run, visitor: Visitor) -> dict[str, Any]:
    """Return a run as the history shows it, its deliveries with all tries."""
    text, look = RUN_STATES.get(run.state, ("", ""))
    return {
        "id": run.id,
        "due": _civil(run.due_civil, visitor),
        "time_zone": run.time_zone,
        "kind": RUN_KINDS.get(run.kind, ""),
        "period": run.period_text,
        "state_text": text,
        "look": look,
        "is_unfinished": run.state in UNFINISHED,
        "reason": run.reason,
        "report_id": run.report_id,
        "missing": list(run.missing_ids),
        "files": [{"format": format_word(one.format).upper(), "size": one.size_bytes} for one in run.files],
        "deliveries": [_delivery(one, visitor) for one in run.deliveries],
    }


def _delivery(delivery: pb.Delivery, visitor: Visitor) -> dict[str, Any]:
    text, look = DELIVERY_STATES.get(delivery.state, ("", ""))
    is_doubtful = delivery.state == pb.DELIVERY_STATE_DOUBTFUL
    return {
        "number": delivery.number,
        "address": delivery.address,
        "is_notice": delivery.purpose == pb.DELIVERY_PURPOSE_OWNER_NOTICE,
        "state_text": text,
        "look": look,
        "reason": delivery.reason,
        "next_try": _moment(delivery.next_try_time, visitor),
        "sent_as_link": delivery.sent_as_link,
        "may_drop": is_doubtful,
        "may_resend": is_doubtful or delivery.state == pb.DELIVERY_STATE_FAILED,
        "attempts": [
            {
                "time": _moment(one.time, visitor),
                "outcome": OUTCOMES.get(one.outcome, ""),
                "words": f"{one.code or ''} {one.text}".strip(),
            }
            for one in delivery.attempts
        ],
    }


def _moment(time: Timestamp, visitor: Visitor) -> str:
    """Return a moment on the visitor's clock, empty for one that is not set."""
    return moment_text(time, visitor) if time.seconds else ""


def _civil(text: str, visitor: Visitor) -> str:
    """Return a civil time in the visitor's form."""
    local = datetime.fromisoformat(text)
    return f"{day_text(local.date(), visitor)}, {clock_text(local, visitor)}"
