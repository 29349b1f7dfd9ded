"""Shapes of look-ups in a workspace, as the v9 API publishes them."""

from collections.abc import Iterable
from typing import Any

from daybook.input.v1.workspace_pb2 import Client, Member, Project, Tag
from daybook.workspace.v1.workspace_service_pb2 import SeenProject, SeenWorkspace
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.shapes.json_schema import COUNT, DAY, FLAG, INTEGER, MOMENT, NULL, NUMBER, TEXT, nullable, one_of
from gateway.shapes.saved_report_responses import moment
from gateway.shapes.shape import Json, Key, Shape, components, computed, constant, fields, nonempty, value

HOUR_S = 3600
CENTS = 100


def _units(message: Any, name: str) -> float | None:
    """Return money in units of its currency, a whole number where it is one; None where it is absent."""
    cents: int = getattr(message, name)
    if not message.HasField(name):
        return None
    return cents // CENTS if cents % CENTS == 0 else cents / CENTS


def _hours(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // HOUR_S


def _changed(message: Any) -> str:
    """Return the moment of the last change, that of the creation where no change was noted."""
    times: Iterable[Timestamp] = (message.update_time, getattr(message, "create_time", message.update_time))
    return moment(next((one for one in times if one.seconds), message.update_time))


def _nulls(*names: str) -> dict[str, Key]:
    return {name: constant(None, NULL) for name in names}


def _flags(fixed: bool, *names: str) -> dict[str, Key]:
    return {name: constant(fixed, FLAG) for name in names}


ROLES = ("admin", "user")
CHANGED = computed(MOMENT, lambda seen: _changed(seen.workspace))


def _only_admins_see_others(seen: SeenWorkspace) -> bool:
    return seen.workspace.HasField("members_see_others") and not seen.workspace.members_see_others


WORKSPACE = Shape(
    "Workspace",
    {
        "id": value(INTEGER, "workspace.id"),
        "organization_id": value(INTEGER, "workspace.id"),
        "name": value(TEXT, "workspace.name"),
        "admin": value(FLAG, "is_admin"),
        "role": value(one_of(ROLES), "is_admin", lambda is_admin: ROLES[not is_admin]),
        "default_currency": value(TEXT, "workspace.currency_code"),
        "default_hourly_rate": computed(nullable(NUMBER), lambda seen: _units(seen.workspace, "hourly_rate_cents")),
        "logo_url": value(TEXT, "workspace.logo_url"),
        "at": CHANGED,
        "last_modified": CHANGED,
        **_flags(True, "premium", "business_ws"),
        **{name: constant(0, COUNT) for name in ("rounding", "rounding_minutes")},
        **_flags(True, "reports_collapse"),
        "only_admins_see_billable_rates": computed(FLAG, lambda seen: not seen.workspace.members_see_amounts),
        "only_admins_see_team_dashboard": computed(FLAG, _only_admins_see_others),
        **_flags(True, "only_admins_may_create_projects", "only_admins_may_create_tags"),
        **_flags(False, "projects_billable_by_default", "projects_enforce_billable", "projects_private_by_default"),
        **_flags(False, "hide_start_end_times", "ical_enabled"),
        **_nulls("csv_upload", "ical_url", "rate_last_updated", "server_deleted_at", "suspended_at"),
        **_nulls("working_hours_in_minutes"),
    },
)


def _start(project: Project) -> str:
    """Return the first day; that of the creation where none was set."""
    return project.start_date or moment(project.create_time)[: len("YYYY-MM-DD")]


def _estimate(seen: SeenProject) -> int | None:
    return seen.project.estimated_seconds if seen.project.HasField("estimated_seconds") else None


PROJECT = Shape(
    "WorkspaceProject",
    {
        "id": value(INTEGER, "project.id"),
        **{name: constant(0, INTEGER) for name in ("workspace_id", "wid")},
        **{name: nonempty(INTEGER, "project.client_id") for name in ("client_id", "cid")},
        "client_name": nonempty(TEXT),
        "name": value(TEXT, "project.name"),
        "color": value(TEXT, "project.color"),
        "active": value(FLAG, "project.archived", lambda archived: not archived),
        "status": value(
            one_of(("active", "archived")), "project.archived", lambda archived: "archived" if archived else "active"
        ),
        **_flags(False, "is_private"),
        "billable": value(FLAG),
        "rate": computed(nullable(NUMBER), lambda seen: _units(seen.project, "hourly_rate_cents")),
        "currency": value(TEXT, "project.currency_code"),
        "fixed_fee": computed(nullable(NUMBER), lambda seen: _units(seen.project, "fixed_fee_cents")),
        "estimated_hours": computed(nullable(COUNT), lambda seen: _hours(_estimate(seen))),
        "estimated_seconds": computed(nullable(COUNT), _estimate),
        "actual_hours": value(COUNT, "actual_seconds", _hours),
        "actual_seconds": value(COUNT),
        "start_date": computed(DAY, lambda seen: _start(seen.project)),
        "end_date": nonempty(DAY, "project.end_date"),
        "at": computed(MOMENT, lambda seen: _changed(seen.project)),
        "created_at": value(MOMENT, "project.create_time", moment),
        "external_reference": nonempty(TEXT, "project.external_reference"),
        "can_track_time": value(FLAG, "project.archived", lambda archived: not archived),
        **_flags(False, "auto_estimates", "recurring", "template", "pinned"),
        **_nulls("rate_last_updated", "recurring_parameters", "template_id", "server_deleted_at"),
    },
)
CLIENT = Shape(
    "WorkspaceClient",
    {
        "id": value(INTEGER),
        **{name: constant(0, INTEGER) for name in ("wid", "workspace_id")},
        **fields(Client, "name", "archived"),
        "at": computed(MOMENT, _changed),
        "notes": constant("", TEXT),
        "external_reference": nonempty(TEXT),
    },
)
TAG = Shape(
    "WorkspaceTag",
    {
        "id": value(INTEGER),
        "workspace_id": constant(0, INTEGER),
        **fields(Tag, "name"),
        "at": computed(MOMENT, _changed),
        "creator_id": constant(0, INTEGER),
        **_nulls("deleted_at"),
    },
)
USER = Shape(
    "WorkspaceUser",
    {
        "id": value(INTEGER, "user_id"),
        "email": value(TEXT),
        "fullname": value(TEXT, "name"),
        "inactive": value(FLAG),
        "is_active": value(FLAG, "inactive", lambda inactive: not inactive),
        "is_admin": value(FLAG, "role", lambda role: role == Member.ROLE_ADMIN),
        "role": value(one_of(ROLES), "role", lambda role: ROLES[role != Member.ROLE_ADMIN]),
    },
)


def listed(shape: Shape, records: Iterable[Any], **known: object) -> list[Json]:
    """Return records as JSON, with values that are the same for all of them, such as the id of the workspace."""
    return [one | known for one in shape.write_all(records)]


SCHEMAS = components(WORKSPACE, PROJECT, CLIENT, TAG, USER)
