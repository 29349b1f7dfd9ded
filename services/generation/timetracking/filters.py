"""Selection of the entries that a report reads."""

from collections.abc import Iterable

from services.generation.timetracking.directory import Directory, Member
from services.generation.timetracking.entries import Choice, Filter
from services.generation.timetracking.periods import spans_of
from services.generation.timetracking.query import EntryFilter, TimeReportQuery


def filter_of(ask: TimeReportQuery, directory: Directory) -> Filter | None:
    """Return which entries of the workspace a report is about; None when it can be none at all.

    Former members are asked for like members: their time was worked.
    """
    kept = ask.kept
    spans = spans_of(ask.days, _members(kept, directory))
    projects = _projects(kept, directory)
    ids = (kept.entry_ids,) if kept.entry_ids is not None else ()
    if not spans or not all(ids) or any(map(_keeps_nothing, (projects, kept.tasks, kept.tags))):
        return None
    return Filter(
        workspace_id=directory.workspace.id,
        spans=spans,
        all_members=kept.user_ids is None and kept.group_ids is None,
        projects=projects,
        tasks=kept.tasks,
        tags=kept.tags,
        entry_ids=kept.entry_ids,
        billable=kept.billable,
        description=kept.description,
        min_seconds=kept.min_seconds,
        max_seconds=kept.max_seconds,
    )


def candidates(ask: TimeReportQuery, directory: Directory) -> set[int]:
    """Return the ids of what a summary could group by, with entries or without; former members get none any more."""
    kept, projects = ask.kept, _projects(ask.kept, directory)
    if ask.grouping.by == "users":
        return {member.id for member in _members(kept, directory) if member.active}
    those = [one for one in directory.projects.values() if projects is None or one.id in projects.ids]
    if ask.grouping.by == "projects":
        return {project.id for project in those}
    if kept.projects is not None:
        return {project.client_id for project in those if project.client_id is not None}
    return {one for one in directory.clients if kept.clients is None or one in kept.clients.ids}


def _keeps_nothing(choice: Choice | None) -> bool:
    return choice is not None and not choice.ids and not choice.none


def _members(kept: EntryFilter, directory: Directory) -> Iterable[Member]:
    """Return the members chosen by themselves or by a group of theirs; all when neither is asked for."""
    if kept.user_ids is None and kept.group_ids is None:
        return directory.members.values()
    chosen = set(kept.user_ids or ())
    for group_id in kept.group_ids or ():
        if group_id in directory.groups:
            chosen.update(directory.groups[group_id].user_ids)
    return [member for member in directory.members.values() if member.id in chosen]


def _projects(kept: EntryFilter, directory: Directory) -> Choice | None:
    """Return the projects that both the filter by clients and the one by projects keep.

    Entries without a client are those without a project and those of projects without a client.
    """
    clients = kept.clients
    if clients is None:
        return kept.projects
    ids = frozenset(
        project.id
        for project in directory.projects.values()
        if (clients.none if project.client_id is None else project.client_id in clients.ids)
    )
    if kept.projects is None:
        return Choice(ids, clients.none)
    return Choice(ids & kept.projects.ids, clients.none and kept.projects.none)
