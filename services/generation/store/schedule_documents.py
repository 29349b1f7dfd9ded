"""Schedules and their runs as documents of MongoDB, and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from services.generation.reporting.report import TimeFilter
from services.generation.reporting.report_request import ReportRequest
from services.generation.schedules.due import Rule, Window
from services.generation.schedules.run import Attempt, Delivery, Lease, Run, RunFile
from services.generation.schedules.schedule import (
    LastResult,
    Recipient,
    SavedReportRef,
    Schedule,
    ScheduleSpec,
    Webhook,
)
from services.generation.store.mongo import Document

SCHEDULE_FIELDS = (
    "owner_id", "account_id", "create_time", "update_time", "revision", "zone", "week_start", "next_due", "fire_time",
    "failed_runs", "paused_reason", "version",
)  # fmt: skip
SPEC_FIELDS = (
    "period", "enabled", "override_saved_period", "webhook_url", "zip", "form", "subject", "message", "skip_empty",
)  # fmt: skip
RUN_FIELDS = (
    "schedule_id", "owner_id", "account_id", "kind", "due", "zone", "create_time", "revision", "state", "reason",
    "title", "report_id", "fence", "step_time", "next_try", "finish_time", "making_failed", "version",
)  # fmt: skip
WHEN_SET = ("next_due", "step_time", "next_try", "finish_time")  # fields of partial indexes are left out otherwise


def document_of_schedule(schedule: Schedule) -> Document:
    """Return the document of a schedule, without its id.

    Options of its report are JSON text: their keys may hold what the keys of documents may not.
    """
    spec = schedule.spec
    report = spec.report
    document = {name: getattr(schedule, name) for name in SCHEDULE_FIELDS} | {
        name: getattr(spec, name) for name in SPEC_FIELDS
    }
    document |= {
        "kind": schedule.kind,
        "rule": asdict(spec.rule),
        "sending_time": spec.sending_time.isoformat(),
        "recipients": [asdict(one) for one in spec.recipients],
        "formats": list(spec.formats),
        "next_civil": schedule.next_day and datetime.combine(schedule.next_day, spec.sending_time).isoformat(" "),
        "webhook": schedule.webhook and asdict(schedule.webhook),
        "last_result": schedule.last_result and asdict(schedule.last_result),
    }
    if isinstance(report, SavedReportRef):
        return _set(document | {"saved_report": asdict(report), "workspace_id": report.workspace_id})
    return _set(document | {"request": _request_document(report)})


def schedule_of(found: Document) -> Schedule:
    """Read a schedule's document."""
    saved = found.get("saved_report")
    report = SavedReportRef(**saved) if saved else _request(found["request"])
    civil = found["next_civil"]
    rule = found["rule"]
    spec = ScheduleSpec(
        report=report,
        rule=Rule(tuple(rule["weekdays"]), tuple(rule["month_days"]), rule["first_day_of_week"]),
        sending_time=time.fromisoformat(found["sending_time"]),
        recipients=tuple(Recipient(**one) for one in found["recipients"]),
        formats=tuple(found["formats"]),
        **{name: found[name] for name in SPEC_FIELDS},
    )
    values: dict[str, Any] = {name: found.get(name) for name in SCHEDULE_FIELDS}
    return Schedule(
        id=found["_id"],
        spec=spec,
        next_day=civil and datetime.fromisoformat(civil).date(),
        webhook=found["webhook"] and Webhook(**found["webhook"]),
        last_result=found["last_result"] and LastResult(**found["last_result"]),
        **values,
    )


def _request_document(request: ReportRequest) -> Document:
    document = asdict(request)
    del document["unreadable"]
    options = json.dumps(request.options, ensure_ascii=False, allow_nan=False)
    return document | {
        "options": options,
        "tracker_ids": list(request.tracker_ids),
        "employee_ids": list(request.employee_ids),
    }


def _request(found: Document) -> ReportRequest:
    window = found["time_filter"]
    return ReportRequest(
        **found
        | {
            "options": json.loads(found["options"]),
            "time_filter": window and TimeFilter(**window | {"weekdays": tuple(window["weekdays"])}),
            "tracker_ids": tuple(found["tracker_ids"]),
            "employee_ids": tuple(found["employee_ids"]),
        }
    )


def document_of_run(run: Run) -> Document:
    """Return the document of a run, without its id."""
    document = {name: getattr(run, name) for name in RUN_FIELDS} | {
        "owner_id": run.owner_id or None,  # a test of the mail server belongs to nobody
        "due_civil": run.due_civil.isoformat(" "),
        "window": run.window and {"from": run.window.first.isoformat(), "to": run.window.last.isoformat()},
        "missing_ids": list(run.missing_ids),
        "addresses": list(run.addresses),
        "files": [asdict(one) for one in run.files],
        "deliveries": [asdict(one) | {"attempts": [asdict(some) for some in one.attempts]} for one in run.deliveries],
        "lease": run.lease and asdict(run.lease) | {"numbers": list(run.lease.numbers)},
    }
    return _set(document)


def run_of(found: Document) -> Run:
    """Read a run's document."""
    window, lease = found["window"], found["lease"]
    values: dict[str, Any] = {name: found.get(name) for name in RUN_FIELDS} | {"owner_id": found["owner_id"] or 0}
    return Run(
        id=found["_id"],
        due_civil=datetime.fromisoformat(found["due_civil"]),
        window=window and Window(date.fromisoformat(window["from"]), date.fromisoformat(window["to"])),
        missing_ids=tuple(found["missing_ids"]),
        addresses=tuple(found["addresses"]),
        files=tuple(RunFile(**one) for one in found["files"]),
        deliveries=tuple(_delivery(one) for one in found["deliveries"]),
        lease=lease and Lease(**lease | {"numbers": tuple(lease["numbers"])}),
        **values,
    )


def _delivery(found: Mapping[str, Any]) -> Delivery:
    return Delivery(**{**found, "attempts": tuple(Attempt(**one) for one in found["attempts"])})


def _set(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in WHEN_SET or value is not None}
