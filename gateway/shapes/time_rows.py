"""Rows of reports over time entries as the public JSON, keys in the published order (reference sections 7 to 9)."""

from collections.abc import Callable, Iterable
from typing import Protocol

import orjson
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportResponse
from daybook.savedreport.v1.time_report_pb2 import (
    DetailedRow,
    ProjectRow,
    Rate,
    ReportInfo,
    RowEntry,
    SubGroup,
    SummaryGroup,
    WeeklyRow,
)
from google.protobuf.message import Message

CONTENTS = {  # what the messages with rows of each kind of report hold
    "detailed": "detailed_rows",
    "summary": "summary_groups",
    "weekly": "weekly_rows",
    "projects": "project_rows",
}


class Rows(Protocol):
    """Turns messages with rows into the inside of a JSON array."""

    def add(self, message: RunReportResponse) -> bytes:
        """Return what follows for the rows of one more message."""

    def end(self) -> bytes:
        """Return what follows after the last."""


class FlatRows:
    """Rows that each stand in one message."""

    def __init__(self, rows: Callable[[RunReportResponse], Iterable[object]]) -> None:
        self._rows = rows
        self._begun = False

    def add(self, message: RunReportResponse) -> bytes:
        """Return the rows of one more message."""
        text = _inside(self._rows(message))
        comma = b"," if text and self._begun else b""
        self._begun = self._begun or bool(text)
        return comma + text

    def end(self) -> bytes:
        """Return nothing more."""
        return b""


class Groups:
    """Groups of a summary; one that goes on in the next message becomes a single one."""

    def __init__(self, *, hidden: bool) -> None:
        self._hidden = hidden
        self._open = False  # a group is written up to its last sub-group so far
        self._empty = True  # and has none yet

    def add(self, message: RunReportResponse) -> bytes:
        """Return the groups of one more message."""
        return b"".join(self._group(group) for group in message.summary_groups.groups)

    def end(self) -> bytes:
        """Return the end of the last group."""
        return b"]}" if self._open else b""

    def _group(self, group: SummaryGroup) -> bytes:
        inside = _inside(sub_group(one, hidden=self._hidden) for one in group.sub_groups)
        if group.continued and self._open:
            comma = b"," if inside and not self._empty else b""
            self._empty = self._empty and not inside
            return comma + inside
        before = b"]}," if self._open else b""
        self._open, self._empty = True, not inside
        return before + orjson.dumps(_group_head(group))[:-1] + b',"sub_groups":[' + inside


def rows_of(info: ReportInfo, *, named: bool) -> Rows:
    """Return what writes the rows of a report; those of a detailed one bear names or do not."""
    match info.report_type:
        case "summary":
            return Groups(hidden=info.hide_amounts)
        case "detailed":
            return FlatRows(lambda message: (detailed_row(one, named=named) for one in message.detailed_rows.rows))
        case "weekly":
            return FlatRows(lambda message: map(weekly_row, message.weekly_rows.rows))
        case _:
            return FlatRows(lambda message: map(project_row, message.project_rows.rows))


def detailed_row(row: DetailedRow, *, named: bool) -> dict[str, object]:
    """Return one row of a detailed report; without names, only what the plain search of a workspace tells."""
    names: dict[str, object] = {
        "client_name": row.client_name,
        "email": row.email,
        "project_color": row.project_color,
        "project_hex": row.project_hex,
        "project_name": row.project_name,
        "tag_names": list(row.tag_names),
        "task_name": row.task_name,
    }
    values = (names if named else {}) | {
        "billable": row.billable,
        "billable_amount_in_cents": optional(row, "billable_amount_in_cents"),
        "currency": row.currency,
        "description": row.description,
        "hourly_rate_in_cents": optional(row, "hourly_rate_in_cents"),
        "project_id": optional(row, "project_id"),
        "row_number": row.row_number,
        "tag_ids": list(row.tag_ids),
        "task_id": optional(row, "task_id"),
        "time_entries": [_entry(one) for one in row.time_entries],
        "user_id": row.user_id,
        "username": row.username,
    }
    return dict(sorted(values.items()))


def weekly_row(row: WeeklyRow) -> dict[str, object]:
    """Return one row of a week."""
    return {
        "billable_amounts_in_cents": list(row.billable_amounts_in_cents) or None,
        "billable_seconds": list(row.billable_seconds),
        "client_name": row.client_name,
        "currency": row.currency,
        "hourly_rate_in_cents": optional(row, "hourly_rate_in_cents"),
        "planned_task_id": optional(row, "planned_task_id"),
        "project_color": row.project_color,
        "project_hex_color": row.project_hex_color,
        "project_id": optional(row, "project_id"),
        "project_name": row.project_name,
        "seconds": list(row.seconds),
        "user_id": row.user_id,
        "user_name": row.user_name,
    }


def project_row(row: ProjectRow) -> dict[str, object]:
    """Return the time of a member on a project."""
    return {
        "billable_seconds": row.billable_seconds,
        "project_id": optional(row, "project_id"),
        "tracked_seconds": row.tracked_seconds,
        "user_id": row.user_id,
    }


def sub_group(part: SubGroup, *, hidden: bool) -> dict[str, object]:
    """Return a part of a group, with the ids of its entries where they were asked for."""
    return {
        "id": optional(part, "id"),
        "title": optional(part, "title"),
        "seconds": part.seconds,
        "rates": None if hidden else [rate(one) for one in part.rates],
        **({"ids": list(part.ids)} if part.ids else {}),
    }


def rate(message: Rate) -> dict[str, object]:
    """Return the billable time at one hourly rate."""
    return {
        "billable_seconds": message.billable_seconds,
        "currency": message.currency,
        "hourly_rate_in_cents": optional(message, "hourly_rate_in_cents"),
    }


def optional(message: Message, name: str) -> object:
    """Return an optional field of a message, None when it is absent."""
    return getattr(message, name) if message.HasField(name) else None


def _group_head(group: SummaryGroup) -> dict[str, object]:
    return {
        "id": optional(group, "id"),
        "names": [group.name] if group.name else [],
        "project_color": group.project_color,
        "project_hex_color": group.project_hex_color,
    }


def _entry(entry: RowEntry) -> dict[str, object]:
    return {
        "at": entry.at,
        "at_tz": entry.at_tz,
        "id": entry.id,
        "seconds": entry.seconds,
        "start": entry.start,
        "stop": entry.stop,
    }


def _inside(rows: Iterable[object]) -> bytes:
    return orjson.dumps(list(rows))[1:-1]
