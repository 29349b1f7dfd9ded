"""Messages of the records that ids in a report refer to (reference section 10)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from daybook.savedreport.v1 import time_report_pb2 as pb

from services.generation.servicers.time_messages import packed
from services.generation.timetracking.directory import Client, Directory, Group, Member, Project, Tag, Task
from services.generation.timetracking.directory_lookup import project_color
from services.generation.timetracking.parameters import Params
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.totals import Totals

T = TypeVar("T")


def occurring(report: TimeReport) -> Iterator[pb.Dictionaries]:
    """Yield the records that the ids in a report's totals refer to."""
    if report.totals:
        yield from _dictionaries(report, _occurring(report.totals, report.directory))


def filtered(report: TimeReport) -> Iterator[pb.Dictionaries]:
    """Yield the records that the ids in a report's filters refer to."""
    return _dictionaries(report, _filtered(report.query.params))


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of a workspace; those it does not know are passed over."""

    clients: Collection[int] = ()
    projects: Collection[int] = ()
    tasks: Collection[int] = ()
    tags: Collection[int] = ()
    groups: Collection[int] = ()
    users: Collection[int] = ()


def _occurring(totals: Totals, directory: Directory) -> Ids:
    """Return the ids of a result: its projects' clients and its members' groups are among them."""
    projects = [directory.projects[one] for one in totals.project_seconds if one in directory.projects]
    users = totals.user_seconds.keys()
    return Ids(
        clients={project.client_id for project in projects if project.client_id is not None},
        projects=totals.project_seconds,
        tasks=totals.task_seconds,
        tags=totals.tag_ids,
        groups=[group.id for group in directory.groups.values() if not users.isdisjoint(group.user_ids)],
        users=users,
    )


def _filtered(params: Params) -> Ids:
    return Ids(
        clients=_ids(params.client_ids),
        projects=_ids(params.project_ids),
        tasks=_ids(params.task_ids),
        tags=_ids(params.tag_ids),
        groups=_ids(params.group_ids),
        users=_ids(params.user_ids),
    )


def _ids(chosen: Iterable[int | None] | None) -> Collection[int]:
    return {one for one in chosen or () if one is not None}


def _dictionaries(report: TimeReport, ids: Ids) -> Iterator[pb.Dictionaries]:
    directory, totals = report.directory, report.totals or Totals()
    group_ids = _groups_of_members(directory)
    for clients in packed(_client(one) for one in _those(directory.clients, ids.clients)):
        yield pb.Dictionaries(clients=clients)
    for projects in packed(_project(one, report, totals) for one in _those(directory.projects, ids.projects)):
        yield pb.Dictionaries(projects=projects)
    for tasks in packed(_task(one, totals) for one in _those(directory.tasks, ids.tasks)):
        yield pb.Dictionaries(tasks=tasks)
    for tags in packed(_named(one) for one in _those(directory.tags, ids.tags)):
        yield pb.Dictionaries(tags=tags)
    for groups in packed(_named(one) for one in _those(directory.groups, ids.groups)):
        yield pb.Dictionaries(user_groups=groups)
    for users in packed(_user(one, group_ids.get(one.id, ())) for one in _those(directory.members, ids.users)):
        yield pb.Dictionaries(users=users)


def _those(known: Mapping[int, T], ids: Collection[int]) -> Iterator[T]:
    return (known[one] for one in sorted(ids) if one in known)


def _groups_of_members(directory: Directory) -> Mapping[int, Sequence[int]]:
    """Return the ids of each member's groups."""
    found: dict[int, list[int]] = {}
    for group_id in sorted(directory.groups):
        for user_id in directory.groups[group_id].user_ids:
            found.setdefault(user_id, []).append(group_id)
    return found


def _client(client: Client) -> pb.ClientEntry:
    return pb.ClientEntry(id=client.id, name=client.name, external_reference=client.external_reference)


def _project(project: Project, report: TimeReport, totals: Totals) -> pb.ProjectEntry:
    return pb.ProjectEntry(
        id=project.id,
        name=project.name,
        client_id=project.client_id,
        color=project_color(project),
        currency=project.currency or report.directory.workspace.currency,
        actual_seconds=totals.project_seconds.get(project.id, 0),
        estimated_seconds=project.estimated_seconds,
        fixed_fee_cents=None if report.query.hide_amounts else project.fixed_fee_cents,
        start_date=project.start_date.isoformat() if project.start_date else "",
        end_date=project.end_date.isoformat() if project.end_date else "",
        external_reference=project.external_reference,
    )


def _task(task: Task, totals: Totals) -> pb.TaskEntry:
    return pb.TaskEntry(
        id=task.id,
        name=task.name,
        project_id=task.project_id,
        estimated_seconds=task.estimated_seconds,
        tracked_seconds=totals.task_seconds.get(task.id, 0),
    )


def _named(thing: Tag | Group) -> pb.NamedEntry:
    return pb.NamedEntry(id=thing.id, name=thing.name)


def _user(member: Member, group_ids: Sequence[int]) -> pb.UserEntry:
    return pb.UserEntry(
        id=member.id, name=member.name, email=member.email, avatar_url=member.avatar_url, group_ids=group_ids
    )
