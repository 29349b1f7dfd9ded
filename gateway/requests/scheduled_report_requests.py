"""Requests about schedules of saved reports: v9 payloads as messages.

A schedule is due at 06:00 in its owner's zone. A frequency chooses its days, and the period of reports whose dates may
change.
"""

from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web
from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.schedule.v1.schedule_pb2 import MonthDays, Recipient, Rule, SavedReportRef, Schedule, Weekdays
from daybook.schedule.v1.schedule_service_pb2 import (
    CreateScheduleRequest,
    DeleteScheduleRequest,
    ListSchedulesRequest,
    ScheduleKind,
)

from gateway.requests.parameters import INT32
from gateway.requests.query_fields import ID
from gateway.requests.toggl_requests import caller_of, id_in_path, object_of, workspace_id
from gateway.shapes.json_schema import Schema, one_of, several
from gateway.toggl_errors import (
    BOOKMARK_NOT_FOUND,
    NO_RECIPIENT,
    SCHEDULE_NOT_FOUND,
    SOME_UNUSABLE,
    WRONG_FREQUENCY,
    TogglError,
    unusable,
)

SENDING_TIME = "06:00:00"


class Frequency(NamedTuple):
    """Days on which a schedule is due, and the period that it covers."""

    rule: Rule
    period: str


FREQUENCIES: Mapping[object, Frequency] = {
    1: Frequency(Rule(weekdays=Weekdays(days=range(1, 8))), "1d"),
    7: Frequency(Rule(first_day_of_week=True), "1w"),
    30: Frequency(Rule(month_days=MonthDays(days=[1])), "1m"),
}
PAYLOAD: Mapping[str, Schema] = {
    "bookmark_id": ID,
    "frequency": one_of(FREQUENCIES),
    "user_ids": {**several(ID), "minItems": 1},
    "group_ids": {**several(ID), "maxItems": 0},
}


async def schedules(request: web.Request) -> ListSchedulesRequest:
    """Return the request for the schedules of a workspace's saved reports."""
    caller_of(request)
    return ListSchedulesRequest(workspace_id=workspace_id(request), kind=ScheduleKind.SCHEDULE_KIND_TIME)


async def creation(request: web.Request) -> CreateScheduleRequest:
    """Return the schedule to create. Raises TogglError 401 before any other error, and 400."""
    caller_of(request)
    workspace, payload = workspace_id(request), await object_of(request)
    bookmark, frequency = _id_of(payload.get("bookmark_id")), payload.get("frequency")
    if bookmark is None:
        raise TogglError(*BOOKMARK_NOT_FOUND)
    if isinstance(frequency, bool) or not isinstance(frequency, int) or frequency not in FREQUENCIES:
        raise TogglError(*WRONG_FREQUENCY)
    chosen = FREQUENCIES[frequency]
    schedule = Schedule(
        enabled=True,
        time_report=SavedReportRef(workspace_id=workspace, report_id=bookmark),
        recipients=[Recipient(user_id=user_id) for user_id in _user_ids(payload)],
        rule=chosen.rule,
        period=chosen.period,
        sending_time=SENDING_TIME,
        formats=[Format.FORMAT_PDF],
    )
    return CreateScheduleRequest(schedule=schedule)


async def deletion(request: web.Request) -> DeleteScheduleRequest:
    """Return the schedule to delete. Raises TogglError 404 when the path names none."""
    caller_of(request)
    workspace = workspace_id(request)
    schedule_id = id_in_path(request, "report", TogglError(*SCHEDULE_NOT_FOUND))
    return DeleteScheduleRequest(schedule_id=schedule_id, workspace_id=workspace)


def _id_of(value: object) -> int | None:
    """Return the id that a value of a payload is, None when it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < INT32 else None


def _user_ids(payload: Mapping[str, object]) -> list[int]:
    """Return the members who get the mails. Raises TogglError 400, for groups too: there are none."""
    users = payload.get("user_ids")
    if payload.get("group_ids"):
        raise TogglError(*SOME_UNUSABLE)
    if not isinstance(users, list) or not users:
        raise TogglError(*NO_RECIPIENT)
    usable = [number for user in users if (number := _id_of(user)) is not None]
    if len(usable) < len(users):
        raise unusable(len(users) - len(usable), len(users))
    return usable
