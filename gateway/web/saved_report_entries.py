"""Saved time reports as documents show them."""

from datetime import date
from typing import Any

from daybook.savedreport.v1.saved_report_pb2 import SavedReport
from google.protobuf.struct_pb2 import Struct

from gateway.web.moments import day_text, moment_text
from gateway.web.translations import mark as _
from gateway.web.visitor import Visitor

TYPES = {"detailed": _("Detailed"), "summary": _("Summary"), "weekly": _("Weekly")}
PERIODS = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "thisWeek": _("This week"),
    "prevWeek": _("Last week"),
    "thisMonth": _("This month"),
    "prevMonth": _("Last month"),
    "thisYear": _("This year"),
    "prevYear": _("Last year"),
    "last7Days": _("Last 7 days"),
    "last30Days": _("Last 30 days"),
}


def entry_of(report: SavedReport, visitor: Visitor, user_id: int) -> dict[str, Any]:
    """Return a saved report as a line of the list; `user_id` is the member who looks at it."""
    return {
        "id": report.id,
        "workspace_id": report.workspace_id,
        "name": report.name,
        "type": TYPES.get(_text(report.params, "report_type"), ""),
        "dates": dates_of(report.params, visitor),
        "is_fixed": report.fixed_daterange,
        "is_own": report.user_id == user_id,
        "is_public": report.public,
        "share_path": f"/share/{report.token}",
        "expire_date": report.expire_date,
        "expires": _day(report.expire_date, visitor),
        "mailed_count": len(report.scheduled_user_ids),
        "updated": moment_text(report.update_time, visitor),
    }


def dates_of(params: Struct, visitor: Visitor) -> str:
    """Return the days of saved parameters in a few words: a named period as its msgid, days in the visitor's form."""
    first, last, period = (_text(params, name) for name in ("start_date", "end_date", "period"))
    if not first and not last:
        return PERIODS.get(period, period)
    ends = [_day(first, visitor), _day(last, visitor)]
    return ends[0] if first == last else " \N{EN DASH} ".join(filter(None, ends))


def _day(text: str, visitor: Visitor) -> str:
    try:
        return day_text(date.fromisoformat(text), visitor)
    except ValueError:
        return text


def _text(params: Struct, name: str) -> str:
    return params.fields[name].string_value if name in params.fields else ""
