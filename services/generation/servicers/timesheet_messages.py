"""Workspaces, what is in them and time entries as messages and back."""

from datetime import date

from daybook.timesheet.v1 import timesheet_pb2 as pb
from google.protobuf.message import Message

from services.errors import InvalidParameters
from services.generation.servicers.timestamps import moment_of, timestamp
from services.generation.timetracking.directory import Client, Group, Member, Project, Tag, Task, Workspace
from services.generation.timetracking.entries import TimeEntry
from services.generation.words.zones import DEFAULT_ZONE

DEFAULT_CURRENCY = "USD"


def _optional(message: Message, name: str) -> int | None:
    return getattr(message, name) if message.HasField(name) else None


def workspace_of(message: pb.Workspace, owner_id: int) -> Workspace:
    """Read a workspace of an account."""
    return Workspace(
        message.id,
        message.name,
        owner_id,
        message.currency_code or DEFAULT_CURRENCY,
        _optional(message, "hourly_rate_cents"),
        message.logo_url,
        message.logo,
    )


def workspace_message(workspace: Workspace, owner_login: str) -> pb.Workspace:
    """Return a workspace without its logo."""
    return pb.Workspace(
        id=workspace.id,
        name=workspace.name,
        owner_login=owner_login,
        currency_code=workspace.currency,
        hourly_rate_cents=workspace.rate_cents,
        logo_url=workspace.logo_url,
        create_time=timestamp(workspace.create_time),
    )


def member_of(index: int, message: pb.Member) -> Member:
    """Read a member of a batch. Raises InvalidParameters on a role that does not exist."""
    if message.role not in pb.Member.Role.values():
        raise InvalidParameters.one(f"members[{index}].role", "must be a role that exists")
    return Member(
        message.user_id,
        message.name,
        message.email,
        "admin" if message.role == pb.Member.ROLE_ADMIN else "member",
        message.time_zone or DEFAULT_ZONE,
        not message.inactive,
        message.avatar_url,
    )


def member_message(member: Member) -> pb.Member:
    """Return a member."""
    return pb.Member(
        user_id=member.id,
        name=member.name,
        email=member.email,
        role=pb.Member.ROLE_ADMIN if member.role == "admin" else pb.Member.ROLE_MEMBER,
        time_zone=member.time_zone,
        inactive=not member.active,
        avatar_url=member.avatar_url,
    )


def client_of(message: pb.Client) -> Client:
    """Read a client."""
    return Client(message.id, message.name, message.external_reference)


def client_message(client: Client) -> pb.Client:
    """Return a client."""
    return pb.Client(id=client.id, name=client.name, external_reference=client.external_reference)


def project_of(index: int, message: pb.Project) -> Project:
    """Read a project of a batch. Raises InvalidParameters on days that are none."""
    return Project(
        message.id,
        message.name,
        message.client_id or None,
        message.color,
        _optional(message, "hourly_rate_cents"),
        message.currency_code or None,
        _optional(message, "estimated_seconds"),
        _optional(message, "fixed_fee_cents"),
        _day(message.start_date, f"projects[{index}].start_date"),
        _day(message.end_date, f"projects[{index}].end_date"),
        message.external_reference,
    )


def project_message(project: Project) -> pb.Project:
    """Return a project."""
    return pb.Project(
        id=project.id,
        name=project.name,
        client_id=project.client_id or 0,
        color=project.color,
        hourly_rate_cents=project.rate_cents,
        currency_code=project.currency or "",
        estimated_seconds=project.estimated_seconds,
        fixed_fee_cents=project.fixed_fee_cents,
        start_date=project.start_date.isoformat() if project.start_date else "",
        end_date=project.end_date.isoformat() if project.end_date else "",
        external_reference=project.external_reference,
    )


def task_of(message: pb.Task) -> Task:
    """Read a task."""
    return Task(message.id, message.name, message.project_id, _optional(message, "estimated_seconds"))


def task_message(task: Task) -> pb.Task:
    """Return a task."""
    return pb.Task(id=task.id, name=task.name, project_id=task.project_id, estimated_seconds=task.estimated_seconds)


def tag_of(message: pb.Tag) -> Tag:
    """Read a tag."""
    return Tag(message.id, message.name)


def tag_message(tag: Tag) -> pb.Tag:
    """Return a tag."""
    return pb.Tag(id=tag.id, name=tag.name)


def group_of(message: pb.Group) -> Group:
    """Read a group; it names each member once."""
    return Group(message.id, message.name, tuple(dict.fromkeys(message.user_ids)))


def group_message(group: Group) -> pb.Group:
    """Return a group."""
    return pb.Group(id=group.id, name=group.name, user_ids=group.user_ids)


def entry_of(index: int, message: pb.TimeEntry) -> TimeEntry:
    """Read a time entry of a batch; of its start whole seconds count. Raises InvalidParameters without a start."""
    field = f"time_entries[{index}].start_time"
    if not message.HasField("start_time"):
        raise InvalidParameters.one(field, "must be given")
    return TimeEntry(
        id=message.id,
        user_id=message.user_id,
        start=moment_of(message.start_time, field).replace(microsecond=0),
        seconds=_optional(message, "seconds"),
        project_id=message.project_id or None,
        task_id=message.task_id or None,
        tag_ids=tuple(sorted(set(message.tag_ids))),
        description=message.description,
        billable=message.billable,
        rate_cents=_optional(message, "hourly_rate_cents"),
        currency=message.currency_code or None,
        import_key=message.import_key,
    )


def entry_message(entry: TimeEntry) -> pb.TimeEntry:
    """Return a time entry."""
    return pb.TimeEntry(
        id=entry.id,
        user_id=entry.user_id,
        project_id=entry.project_id or 0,
        task_id=entry.task_id or 0,
        tag_ids=entry.tag_ids,
        description=entry.description,
        billable=entry.billable,
        start_time=timestamp(entry.start),
        seconds=entry.seconds,
        hourly_rate_cents=entry.rate_cents,
        currency_code=entry.currency or "",
        update_time=timestamp(entry.update_time),
        import_key=entry.import_key,
    )


def _day(text: str, field: str) -> date | None:
    """Return a day. Raises InvalidParameters, naming the field, unless the text is empty or YYYY-MM-DD."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidParameters.one(field, "must be YYYY-MM-DD") from error
    if day.isoformat() != text:
        raise InvalidParameters.one(field, "must be YYYY-MM-DD")
    return day
