"""Messages of the records that ids in a report refer to (reference section 10)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from daybook.savedreport.v1 import time_report_pb2 as pb

from services.generation.servicers.record_messages import message_of
from services.generation.servicers.time_messages import packed
from services.generation.timetracking.directory import Directory, project_color
from services.generation.timetracking.time_report import TimeReport
from services.generation.timetracking.totals import Totals

Ids = Mapping[str, Collection[int]]  # by field of Dictionaries; unknown ids are passed over


def occurring(report: TimeReport) -> Iterator[pb.Dictionaries]:
    """Yield the records that the ids in a report's totals refer to."""
    if report.totals:
        yield from _dictionaries(report, _occurring(report.totals, report.directory))


def filtered(report: TimeReport) -> Iterator[pb.Dictionaries]:
    """Yield the records that the ids in a report's filters refer to."""
    params = report.query.params
    chosen: Mapping[str, Iterable[int | None] | None] = {
        "clients": params.client_ids,
        "projects": params.project_ids,
        "tasks": params.task_ids,
        "tags": params.tag_ids,
        "user_groups": params.group_ids,
        "users": params.user_ids,
    }
    return _dictionaries(report, {name: {one for one in ids or () if one is not None} for name, ids in chosen.items()})


def _occurring(totals: Totals, directory: Directory) -> Ids:
    """Return the ids of a result: its projects' clients and its members' groups are among them."""
    projects = [directory.projects[one] for one in totals.project_seconds if one in directory.projects]
    users = totals.user_seconds.keys()
    return {
        "clients": {project.client_id for project in projects if project.client_id},
        "projects": totals.project_seconds,
        "tasks": totals.task_seconds,
        "tags": totals.tag_ids,
        "user_groups": [group.id for group in directory.groups.values() if not users.isdisjoint(group.user_ids)],
        "users": users,
    }


def _dictionaries(report: TimeReport, ids: Ids) -> Iterator[pb.Dictionaries]:
    directory = report.directory
    records: Mapping[str, tuple[type[Any], Mapping[int, Any]]] = {
        "clients": (pb.ClientEntry, directory.clients),
        "projects": (pb.ProjectEntry, directory.projects),
        "tasks": (pb.TaskEntry, directory.tasks),
        "tags": (pb.NamedEntry, directory.tags),
        "user_groups": (pb.NamedEntry, directory.groups),
        "users": (pb.UserEntry, directory.members),
    }
    more = _computed(report)
    for name, (kind, known) in records.items():
        found = (known[one] for one in sorted(ids[name]) if one in known)
        for messages in packed(message_of(kind, one, **(more[name](one) if name in more else {})) for one in found):
            yield pb.Dictionaries(**{name: messages})


def _computed(report: TimeReport) -> Mapping[str, Callable[[Any], dict[str, Any]]]:
    """Return what messages hold beside the fields of their records."""
    totals, group_ids = report.totals or Totals(), _groups_of_members(report.directory)
    hidden = report.query.viewer  # the times of whole projects and tasks are not for viewers
    return {
        "projects": lambda project: (
            {
                "color": project_color(project),
                "currency": project.currency_code or report.directory.workspace.currency_code,
                "actual_seconds": None if hidden else totals.project_seconds.get(project.id, 0),
            }
            | ({"fixed_fee_cents": None} if report.query.hide_amounts else {})
        ),
        "tasks": lambda task: {"tracked_seconds": None if hidden else totals.task_seconds.get(task.id, 0)},
        "users": lambda member: {"id": member.user_id, "group_ids": group_ids.get(member.user_id, ())},
    }


def _groups_of_members(directory: Directory) -> Mapping[int, Sequence[int]]:
    """Return the ids of each member's groups."""
    found: dict[int, list[int]] = {}
    for group_id in sorted(directory.groups):
        for user_id in directory.groups[group_id].user_ids:
            found.setdefault(user_id, []).append(group_id)
    return found
