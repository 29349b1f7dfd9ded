"""Selection of the entries that a report reads."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from daybook.input.v1.workspace_pb2 import Member
from numpy.typing import NDArray

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.parameters import Params
from services.generation.timetracking.periods import Span, spans_of
from services.generation.timetracking.query import TimeReportQuery


@dataclass(frozen=True, slots=True)
class Choice:
    """Ids that a filter keeps; `none` also keeps entries without any ([null] of the API)."""

    ids: frozenset[int] = frozenset()
    none: bool = False

    @classmethod
    def of(cls, chosen: tuple[int | None, ...] | None) -> Self | None:
        """Return the choice of a parameter's list; an empty list keeps all."""
        return cls(frozenset(one for one in chosen if one is not None), None in chosen) if chosen else None

    @property
    def is_nothing(self) -> bool:
        """Return whether no entry is kept."""
        return not self.ids and not self.none


@dataclass(frozen=True, slots=True)
class Filter:
    """Filter of stopped entries of a workspace, which all fields must keep. None keeps all."""

    workspace_id: int
    spans: tuple[Span, ...]
    all_members: bool = False  # no member is left out: entries that no span holds are few
    projects: Choice | None = None
    tasks: Choice | None = None
    tags: Choice | None = None
    entry_ids: frozenset[int] | None = None
    billable: bool | None = None
    description: str = ""  # contained, letters' case apart
    min_seconds: int | None = None  # of the duration as tracked, inclusive
    max_seconds: int | None = None


def within(spans: Iterable[Span], user_id: NDArray[np.int64], start_s: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return of each entry whether a span holds it."""
    held = np.zeros(len(user_id), np.bool_)
    for span in spans:
        held |= np.isin(user_id, span.user_ids) & (start_s >= span.from_s) & (start_s < span.to_s)
    return held


def filter_of(query: TimeReportQuery, directory: Directory) -> Filter | None:
    """Return which entries of the workspace a report reads; None when there can be none.

    Former members are treated like members: their time was worked.
    """
    params = query.params
    spans = spans_of(query.days, _members(params, directory))
    projects, tasks, tags = _projects(params, directory), Choice.of(params.task_ids), Choice.of(params.tag_ids)
    if not spans or any(choice is not None and choice.is_nothing for choice in (projects, tasks, tags)):
        return None
    return Filter(
        workspace_id=directory.workspace.id,
        spans=spans,
        all_members=not params.user_ids and not params.group_ids,
        projects=projects,
        tasks=tasks,
        tags=tags,
        entry_ids=frozenset(params.time_entry_ids) if params.time_entry_ids else None,
        billable=params.billable,
        description=params.description or "",
        min_seconds=params.min_duration_seconds,
        max_seconds=params.max_duration_seconds,
    )


def candidates(query: TimeReportQuery, directory: Directory) -> set[int]:
    """Return the ids that a summary can group by, with entries or without; former members are left out."""
    params, by = query.params, query.summary.grouping
    if by == "users":
        return {member.user_id for member in _members(params, directory) if not member.inactive}
    chosen = _projects(params, directory)
    projects = [one for one in directory.projects.values() if chosen is None or one.id in chosen.ids]
    if by == "projects":
        return {project.id for project in projects}
    if params.project_ids:
        return {project.client_id for project in projects if project.client_id}
    return {one for one in directory.clients if not params.client_ids or one in params.client_ids}


def narrowed(query: TimeReportQuery, ids: Iterable[int | None]) -> TimeReportQuery:
    """Return the query for some groups of a summary, which are not none at all."""
    names = {"projects": "project_ids", "clients": "client_ids", "users": "user_ids"}
    update: dict[str, tuple[int | None, ...] | None] = {names[query.summary.grouping]: tuple(ids)}
    if "user_ids" in update:
        update["group_ids"] = None
    return replace(query, params=query.params.model_copy(update=update))


def _members(params: Params, directory: Directory) -> Iterable[Member]:
    """Return the members chosen by themselves or by a group of theirs; all when neither is chosen."""
    if not params.user_ids and not params.group_ids:
        return directory.members.values()
    chosen = set(params.user_ids or ())
    for group_id in params.group_ids or ():
        if group_id in directory.groups:
            chosen.update(directory.groups[group_id].user_ids)
    return [member for member in directory.members.values() if member.user_id in chosen]


def _projects(params: Params, directory: Directory) -> Choice | None:
    """Return the projects that both the filter by clients and the one by projects keep.

    Entries without a client are those without a project and those of projects without a client.
    """
    clients, projects = Choice.of(params.client_ids), Choice.of(params.project_ids)
    if clients is None:
        return projects
    ids = frozenset(
        project.id
        for project in directory.projects.values()
        if (clients.none if not project.client_id else project.client_id in clients.ids)
    )
    if projects is None:
        return Choice(ids, clients.none)
    return Choice(ids & projects.ids, clients.none and projects.none)
