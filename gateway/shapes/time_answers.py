"""What stands around the rows of a report over time entries: info, totals, dictionaries, headers (reference 6-10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportResponse
from daybook.savedreport.v1.time_report_pb2 import Dictionaries, GraphBucket, ProjectEntry, ReportInfo, Totals

from gateway.shapes.time_rows import optional, rate
from gateway.structs import from_struct

RESULTS = {"detailed": "detailed_results", "summary": "summary_results", "weekly": "weekly_results"}
HOUR_S = 3600
LIST: tuple[bytes, bytes] = (b"[", b"]")
GROUPS: tuple[bytes, bytes] = (b'{"groups":[', b"]}")

Frame = tuple[bytes, bytes]  # what stands before the rows, and after them


@dataclass(slots=True)
class Opening:
    """What comes before the rows, and the first message with rows."""

    info: ReportInfo
    dictionaries: list[Dictionaries] = field(default_factory=list)
    filters: list[Dictionaries] = field(default_factory=list)
    rows: RunReportResponse | None = None


def whole(opening: Opening) -> Frame:
    """Return the frame of a saved report: all of reference section 6 around its rows, keys in alphabetical order."""
    info = opening.info
    results = RESULTS[info.report_type]
    values: dict[str, object] = dict.fromkeys(RESULTS.values())
    values |= {
        "dictionaries": dictionaries(opening.dictionaries) | {"filters": dictionaries(opening.filters)},
        "features": dict(sorted(info.features.items())),
        "fixed_daterange": info.fixed_daterange,
        "hide_amounts": info.hide_amounts,
        "input_params": from_struct(info.input_params),
        "is_commenting_enabled": False,
        "public": info.public,
        "report_name": info.report_name,
        "report_type": info.report_type,
        "saved_params": from_struct(info.saved_params),
        "workspace_logo": info.workspace_logo,
    }
    before = {name: values[name] for name in sorted(values) if name < results}
    after = {name: values[name] for name in sorted(values) if name > results}
    begin, end = bare(opening)
    key = orjson.dumps({results: None}).removesuffix(b"null}")
    start = orjson.dumps(before)[:-1] + b"," + key[1:] if before else key
    sums = orjson.dumps(totals(info.totals, hidden=info.hide_amounts))
    return start + b'{"report":' + begin, end + b',"totals":' + sums + b"}," + orjson.dumps(after)[1:]


def bare(opening: Opening) -> Frame:
    """Return the frame of a workspace's report: nothing but the list of its rows or groups."""
    return GROUPS if opening.info.report_type == "summary" else LIST


def totals(message: Totals, *, hidden: bool) -> dict[str, object]:
    """Return the sums of a report (reference section 9)."""
    return {
        "billable_amount_in_cents": optional(message, "billable_amount_in_cents"),
        "graph": [_bucket(one) for one in message.graph],
        "labour_cost_in_cents": None,
        "rates": None if hidden else [rate(one) for one in message.rates],
        "resolution": message.resolution,
        "seconds": message.seconds,
        "tracked_days": message.tracked_days,
    }


def dictionaries(parts: Iterable[Dictionaries]) -> dict[str, object]:
    """Return what ids stand for, keyed by the id as a string (reference section 10)."""
    found: dict[str, dict[str, object]] = {
        name: {} for name in ("clients", "projects", "tags", "tasks", "user_groups", "users")
    }
    for part in parts:
        for client in part.clients:
            reference = client.external_reference or None
            found["clients"][str(client.id)] = {"id": client.id, "name": client.name, "external_reference": reference}
        for project in part.projects:
            found["projects"][str(project.id)] = _project(project)
        for task in part.tasks:
            found["tasks"][str(task.id)] = {
                "id": task.id,
                "name": task.name,
                "project_id": task.project_id,
                "estimated_seconds": optional(task, "estimated_seconds"),
                "tracked_seconds": task.tracked_seconds,
            }
        for tag in part.tags:
            found["tags"][str(tag.id)] = {"id": tag.id, "name": tag.name}
        for group in part.user_groups:
            found["user_groups"][str(group.id)] = {"id": group.id, "name": group.name}
        for user in part.users:
            found["users"][str(user.id)] = {
                "id": user.id,
                "name": user.name,
                "email": user.email,
                "avatar_url": user.avatar_url or None,
                "group_ids": list(user.group_ids),
                "labour_cost": None,
            }
    return dict(found)


def headers(info: ReportInfo) -> Mapping[str, str]:
    """Return the dates really used, where the next page begins, and what a summary is grouped by."""
    found = {"X-Range-Start": info.start_date, "X-Range-End": info.end_date}
    if info.HasField("next_page"):
        found["X-Next-ID"] = str(info.next_page.id)
        found["X-Next-Row-Number"] = str(info.next_page.row_number)
        found["X-Next-Timestamp"] = str(info.next_page.timestamp)
    if info.report_type == "summary":
        found |= {"X-Grouping": info.grouping, "X-Sub-Grouping": info.sub_grouping}
    return found


def _bucket(bucket: GraphBucket) -> dict[str, object]:
    by_rate = {str(place): bucket.by_rate[place] for place in sorted(bucket.by_rate)}
    return {
        "billable_amount_in_cents": optional(bucket, "billable_amount_in_cents"),
        "by_rate": by_rate or None,
        "labour_cost_in_cents": None,
        "seconds": bucket.seconds,
    }


def _project(project: ProjectEntry) -> dict[str, object]:
    estimated = project.estimated_seconds if project.HasField("estimated_seconds") else None
    fee = project.fixed_fee_cents / 100 if project.HasField("fixed_fee_cents") else None
    return {
        "id": project.id,
        "name": project.name,
        "client_id": optional(project, "client_id"),
        "color": project.color,
        "currency": project.currency,
        "actual_hours": project.actual_seconds // HOUR_S,
        "actual_seconds": project.actual_seconds,
        "estimated_hours": None if estimated is None else estimated // HOUR_S,
        "estimated_seconds": estimated,
        "fixed_fee": fee,
        "start_date": project.start_date or None,
        "end_date": project.end_date or None,
        "external_reference": project.external_reference or None,
    }
