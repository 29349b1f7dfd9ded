"""Reports as the list shows them, and as a request for another one like them."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from daybook.report.v1.report_pb2 import Report, State

from gateway.shapes.json_schema import INTEGER, OBJECT, TEXT
from gateway.shapes.shape import Key, Shape, computed, many, one, value
from gateway.shapes.tracker_responses import TIME_FILTER, moment
from gateway.web.moments import moment_text
from gateway.web.translations import mark as _
from gateway.web.visitor import Visitor
from services.runtime.codec import object_of

PERIOD, ACCOUNT = 0, 2  # places among the conditions that say by themselves what they are
STATE_TEXTS = {
    State.STATE_QUEUED: _("Waiting"),
    State.STATE_RUNNING: _("In progress"),
    State.STATE_FINISHED: _("Finished"),
    State.STATE_FAILED: _("Failed"),
    State.STATE_CANCELLED: _("Cancelled"),
}
STATE_WORDS = {state: State.Name(state).removeprefix("STATE_").lower() for state in STATE_TEXTS}
UNFINISHED = (State.STATE_QUEUED, State.STATE_RUNNING)


def entry_of(report: Report, visitor: Visitor, titles: Mapping[int, str]) -> dict[str, Any]:
    """Return a report as a line of the list."""
    kind = titles.get(report.plugin.id, "")
    return {
        "id": report.id,
        "title": report.title,
        "kind": "" if kind == report.title else kind,
        "period": period_of(report),
        "entities": entities_of(report),
        "created": moment_text(report.create_time, visitor),
        "state": STATE_WORDS.get(report.state, ""),
        "state_text": STATE_TEXTS.get(report.state, ""),
        "percent": report.percent,
        "failure": report.failure,
        "is_unfinished": report.state in UNFINISHED,
    }


def period_of(report: Report) -> str:
    """Return the period in a few words, in the report's language."""
    plain = [condition.text for condition in report.conditions if condition.plain]
    return plain[PERIOD] if plain else ""


def entities_of(report: Report) -> str:
    """Return the names of the trackers or employees, in the report's language; empty for reports on sensors."""
    plain = [place for place, condition in enumerate(report.conditions) if condition.plain]
    if not (report.tracker_ids or report.employee_ids) or len(plain) <= ACCOUNT:
        return ""
    behind = report.conditions[plain[ACCOUNT] + 1 :]
    return behind[0].text if behind and not behind[0].plain else ""


def _civil(field: str) -> Key:
    def text(report: Report) -> str:
        return moment(getattr(report, field), ZoneInfo(report.locale_info.time_zone or "UTC"), iso=False)

    return computed(TEXT, text)


REQUEST = Shape(
    "ReportRequest",
    {
        "title": value(TEXT),
        "kind": value(INTEGER, "plugin.id"),
        "options": value(OBJECT, "plugin.options", object_of),
        "trackers": many(INTEGER, "tracker_ids"),
        "employees": many(INTEGER, "employee_ids"),
        "from": _civil("from_time"),
        "to": _civil("to_time"),
        "time_filter": one(TIME_FILTER),
    },
)
