"""Requests to each RPC in the table of access, about an account's records."""

import itertools
from collections.abc import Callable, Mapping

from daybook.generation.v1.generation_service_pb2 import StreamPartsRequest
from daybook.input.v1.track_service_pb2 import TrackRange
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_JSON
from daybook.report.v1.report_pb2 import Plugin
from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.generation.inputs.input_kind import Owner
from services.generation.inputs.registry import find_kind, find_series
from tests.e2e.access_world import DOOMED, PASSWORD, PERIOD, WEEK, Things, World, wish

numbers = itertools.count()
Fields = Mapping[str, object]
ALL = {"page_size": 1000}
OVER_TIME = ("workspace", "private", "public")  # reports over time entries: of a workspace, saved ones
OF_TIME: Mapping[str, Fields] = {
    "StreamParts": {"layout": StreamPartsRequest.LAYOUT_DATA},
    "Render": {"format": FORMAT_CSV},
}


def request_of(kind: type[Message], called: str, it: Things, whose: str, world: World) -> Message:
    """Return what is asked of an RPC about somebody's things; what is to be destroyed is made for it."""
    name, _, input_kind = called.partition("/")[2].partition(".")
    if input_kind:
        return kind(**INPUTS[name](it, input_kind, whose))
    if name in OF_TIME and whose in OVER_TIME:
        return kind(time_report=it.source, **OF_TIME[name])
    if name in CALLS:
        named = {"owner_login": it.owner_login} if whose == "name" else {}
        return kind(**CALLS[name](it), **named)
    if name in DESTRUCTIVE:
        return kind(**DESTRUCTIVE[name](it, world))
    if name == "CreateSavedReport":
        return kind(workspace_id=it.workspace, report=change(public=whose == "public"))
    return kind(**ALL, workspace_id=it.workspace)


def change(*, public: bool = False, **fields: object) -> SavedReportChange:
    """Return a change of a saved report that names nobody."""
    wanted = SavedReportChange(public=public or None, **fields)
    if not wanted.id:
        wanted.name = "Saved"
        wanted.params.update({"report_type": "detailed", **WEEK})
    return wanted


CALLS: Mapping[str, Callable[[Things], Fields]] = {
    "CheckFonts": lambda _: {},
    "CheckMailServer": lambda _: {},
    "CreateUser": lambda _: {"login": f"made-{next(numbers)}", "password": PASSWORD},
    "ListUsers": lambda _: ALL,
    "GetUser": lambda it: {"login": it.owner_login},
    "UpdateUser": lambda it: {"login": it.owner_login, "update_mask": {"paths": ["demo"]}},
    "SetPassword": lambda it: {"login": it.owner_login, "password": PASSWORD, "old_password": PASSWORD},
    "CreateApiKey": lambda it: {"login": it.owner_login},
    "ListApiKeys": lambda it: {"login": it.owner_login},
    "ListSessions": lambda it: {"login": it.owner_login},
    "EndSessions": lambda it: {"login": it.owner_login, "all": True},
    "LogIn": lambda it: {"login": it.owner_login, "password": PASSWORD},
    "LogOut": lambda _: {},
    "DeleteUser": lambda _: {"login": DOOMED},
    "FindOrphans": lambda _: {},
    "DeleteOrphans": lambda _: {},
    "DeleteSamples": lambda it: {"series": "points", "entity_id": it.tracker, "end_time": Timestamp(seconds=1)},
    "GetParking": lambda it: {"tracker_id": it.tracker},
    "ReadZonePoints": lambda _: {"zone_id": 9999},
    "UpdateParking": lambda it: {"tracker_id": it.tracker},
    "ReadPoints": lambda it: {
        "ranges": [
            TrackRange(tracker_id=it.tracker, start_time=Timestamp(seconds=1), end_time=Timestamp(seconds=2)),
        ]
    },
    "ReadTrack": lambda it: {"tracker_id": it.tracker, **PERIOD},
    "ListTracks": lambda it: {"tracker_id": it.tracker, **PERIOD},
    "ReadMileage": lambda it: {"tracker_ids": [it.tracker], **PERIOD},
    "ListReports": lambda _: ALL,
    "CancelReport": lambda it: {"report_id": it.report},
    "GetReport": lambda it: {"report_id": it.report},
    "WatchReport": lambda it: {"report_id": it.report},
    "StreamParts": lambda it: {"report_id": it.report},
    "ListKinds": lambda _: ALL,
    "GenerateReport": lambda it: {"plugin": Plugin(id=4), "tracker_ids": [it.tracker], **PERIOD},
    "CreateReportLink": lambda it: {"report_id": it.report, "name": it.owner_login},
    "ListReportLinks": lambda it: {"report_id": it.report},
    "OpenLink": lambda it: {"token": it.link_token},
    "CreateSchedule": lambda it: {"schedule": wish(it.tracker)},
    "GetSchedule": lambda it: {"schedule_id": it.schedule},
    "ListSchedules": lambda _: ALL,
    "UpdateSchedule": lambda it: {"schedule": {"id": it.schedule}, "update_mask": {"paths": ["skip_empty"]}},
    "RunNow": lambda it: {"schedule_id": it.schedule},
    "SendTest": lambda it: {"schedule_id": it.schedule, "emails": ["ops@example.com"]},
    "GetRun": lambda it: {"run_id": it.run},
    "ListRuns": lambda it: {"schedule_id": it.schedule},
    "ResolveDelivery": lambda it: {"run_id": it.run, "number": 1, "resolution": "RESOLUTION_RESEND"},
    "LookUpUnsubscription": lambda it: {"token": it.link_token},
    "Unsubscribe": lambda it: {"token": it.link_token},
    "SendTestMail": lambda _: {"address": "ops@example.com"},
    "ClaimDeliveries": lambda _: {"worker": "w"},
    "ExtendLease": lambda it: {"run_id": it.run, "worker": "w", "fence": 1},
    "ReleaseClaim": lambda it: {"run_id": it.run, "worker": "w", "fence": 1},
    "StartDelivery": lambda it: {"run_id": it.run, "worker": "w", "fence": 1, "number": 1},
    "FinishDelivery": lambda it: {"run_id": it.run, "worker": "w", "fence": 1, "number": 1, "outcome": "OUTCOME_SENT"},
    "Render": lambda it: {"report_id": it.report, "format": FORMAT_JSON},
    "GetProfile": lambda _: {},
    "GetSavedReport": lambda it: {"workspace_id": it.workspace, "report_id": it.saved},
    "UpdateSavedReports": lambda it: {"workspace_id": it.workspace, "reports": [change(id=it.saved)]},
    "RunReport": lambda it: {"source": it.source},
    "ListReportTypes": lambda _: {},
    "ListWorkspaces": lambda _: ALL,
    "DeleteTimeEntries": lambda it: {"workspace_id": it.workspace},
    "GetWorkspace": lambda it: {"workspace_id": it.workspace},
    "Check": lambda _: {},
    "ServerReflectionInfo": lambda _: {"list_services": ""},
    "GetServers": lambda _: {},
}
INPUTS: Mapping[str, Callable[[Things, str, str], Fields]] = {
    "Upsert": lambda it, kind, _: {**_owner(it, kind), "batch": {kind: _nothing(it, kind)}},
    "List": lambda it, kind, whose: {**ALL, "kind": kind, **_owner(it, kind, is_named=whose == "name")},
    "Get": lambda it, kind, _: {"kind": kind, "id": _id(it, kind), **_owner(it, kind, is_named=False)},
    "Update": lambda it, kind, _: {"record": {kind: {"items": [{"id": _id(it, kind)}]}}, **_owner(it, kind)},
    "Delete": lambda it, kind, _: {"kind": kind, **_owner(it, kind)},
}
DESTRUCTIVE: Mapping[str, Callable[[Things, World], Fields]] = {
    "RevokeApiKey": lambda it, world: {"hash": world.key_of(it.owner_login) if _is_there(it) else it.key},
    "DeleteReport": lambda it, world: {"report_id": doomed_report(it, world)},
    "DeleteReportLink": lambda it, world: {"link_id": doomed_link(it, world)},
    "DeleteSchedule": lambda it, world: {"schedule_id": doomed_schedule(it, world)},
    "DeleteSavedReports": lambda it, world: {"workspace_id": it.workspace, "report_ids": [doomed_saved(it, world)]},
}


def _owner(it: Things, kind: str, *, is_named: bool = True) -> Fields:
    """Return the fields that name the owner of a kind; an account may be left out."""
    found = find_kind(kind)
    if found is not None and found.owner is Owner.WORKSPACE:
        return {"workspace_id": it.workspace}
    return {"owner_login": it.owner_login if is_named else ""}


def _id(it: Things, kind: str) -> int:
    """Return the id of somebody's record of a kind."""
    ids = {"trackers": it.tracker, "workspaces": it.workspace, "members": it.member, "projects": it.project}
    return ids[kind]


def _nothing(it: Things, kind: str) -> Fields:
    """Return a batch that changes nothing: no records, or a sample of a series from before all time."""
    series = find_series(kind)
    if series is None:
        return {}
    values = {column.name: [1.0] for column in series.columns if column.required}
    return {series.entity_field: it.tracker, "time_ms": [0], **values}


def doomed_report(it: Things, world: World) -> int:
    """Return a report to be deleted."""
    return world.spare(it.owner_login.removeprefix("mark-")) if _is_there(it) else it.report


def doomed_link(it: Things, world: World) -> int:
    """Return a link to be deleted."""
    return world.link("owner").link.id if _is_there(it) else it.link


def doomed_schedule(it: Things, world: World) -> int:
    """Return a schedule to be deleted."""
    return world.schedule("owner") if _is_there(it) else it.schedule


def doomed_time_schedule(it: Things, world: World) -> int:
    """Return a schedule of a saved report to be deleted."""
    return world.time_schedule() if _is_there(it) else it.schedule


def doomed_saved(it: Things, world: World) -> int:
    """Return a saved report to be deleted."""
    return world.save("owner").id if _is_there(it) else it.saved


def _is_there(it: Things) -> bool:
    return it.owner_login != Things.owner_login
