"""Selection of the entries that a report reads."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from daybook.input.v1.workspace_pb2 import Member
from numpy.typing import NDArray

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import NONE, Entries
from services.generation.timetracking.group_keys import BILLABLE, NON_BILLABLE, PERIODS
from services.generation.timetracking.parameters import Params
from services.generation.timetracking.periods import Span, day_number, spans_of, starts_of
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.viewer_parameters import MEMBERS


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

    def keeps(self, ids: Collection[int]) -> bool:
        """Return whether an entry with some ids is kept."""
        return not self.ids.isdisjoint(ids) if ids else self.none


@dataclass(frozen=True, slots=True)
class Filter:
    """Filter of stopped entries of a workspace, which all fields must keep. None keeps all."""

    workspace_id: int
    spans: tuple[Span, ...]
    all_members: bool = False  # no member is left out: entries that no span holds are few
    projects: Choice | None = None
    tasks: Choice | None = None
    tags: tuple[Choice, ...] = ()  # which all must keep
    entry_ids: frozenset[int] | None = None
    billable: bool | None = None
    descriptions: tuple[str, ...] = ()  # all contained, letters' case apart
    min_seconds: int | None = None  # of the duration as tracked, inclusive
    max_seconds: int | None = None

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns of entries that `kept` reads besides user_id, start_s and seconds."""
        read = {
            "project_id": self.projects,
            "task_id": self.tasks,
            "tag_ids": self.tags or None,
            "billable": self.billable,
        }
        return frozenset(name for name, condition in read.items() if condition is not None)


def kept(wanted: Filter, entries: Entries) -> NDArray[np.bool_]:
    """Return of each stopped entry whether a filter keeps it; ids of entries and descriptions are not looked at."""
    held = within(wanted.spans, entries.user_id, entries.start_s)
    for chosen, ids in (wanted.projects, entries.project_id), (wanted.tasks, entries.task_id):
        if chosen is not None:
            held &= np.isin(ids, [*chosen.ids, *([NONE] if chosen.none else [])])
    for choice in wanted.tags:
        held &= np.array([choice.keeps(tags) for tags in entries.tag_ids.values], np.bool_)[entries.tag_ids.codes]
    if wanted.billable is not None:
        held &= entries.billable == wanted.billable
    if wanted.min_seconds is not None:
        held &= entries.seconds >= wanted.min_seconds
    if wanted.max_seconds is not None:
        held &= entries.seconds <= wanted.max_seconds
    return held


def within(spans: Iterable[Span], user_id: NDArray[np.int64], start_s: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return of each entry whether a span holds it."""
    held = np.zeros(len(user_id), np.bool_)
    for span in spans:
        held |= np.isin(user_id, span.user_ids) & (start_s >= span.from_s) & (start_s < span.to_s)
    return held


def filter_of(query: TimeReportQuery, directory: Directory) -> Filter | None:
    """Return which entries of the workspace a report reads: those that all filters of its query keep; None for none.

    Former members are treated like members: their time was worked.
    """
    asked = query.filters
    projects = _all_of(_projects(params, directory) for params in asked)
    tasks = _all_of(Choice.of(params.task_ids) for params in asked)
    tags = tuple(choice for params in asked if (choice := Choice.of(params.tag_ids)) is not None)
    entry_ids = [frozenset(params.time_entry_ids) for params in asked if params.time_entry_ids]
    billable = {params.billable for params in asked} - {None}
    wanted = Filter(
        workspace_id=directory.workspace.id,
        spans=spans_of(query.days, members_of(asked, directory)),
        all_members=not any(params.user_ids or params.group_ids for params in asked),
        projects=projects,
        tasks=tasks,
        tags=tags,
        entry_ids=frozenset.intersection(*entry_ids) if entry_ids else None,
        billable=next(iter(billable), None),
        descriptions=tuple(params.description for params in asked if params.description),
        min_seconds=_most(max, (params.min_duration_seconds for params in asked)),
        max_seconds=_most(min, (params.max_duration_seconds for params in asked)),
    )
    return None if len(billable) > 1 or _keeps_nothing(wanted) else wanted


def _keeps_nothing(wanted: Filter) -> bool:
    least, most = wanted.min_seconds, wanted.max_seconds
    return (
        not wanted.spans
        or any(choice is not None and choice.is_nothing for choice in (wanted.projects, wanted.tasks))
        or wanted.entry_ids == frozenset()
        or (least is not None and most is not None and least > most)
    )


def _all_of(choices: Iterable[Choice | None]) -> Choice | None:
    """Return the choice of what all choices keep."""
    found = [choice for choice in choices if choice is not None]
    if not found:
        return None
    return Choice(frozenset.intersection(*(one.ids for one in found)), all(one.none for one in found))


def _most(choose: Callable[[Iterable[int]], int], bounds: Iterable[int | None]) -> int | None:
    found = [bound for bound in bounds if bound is not None]
    return choose(found) if found else None


def candidates(query: TimeReportQuery, directory: Directory) -> set[int]:
    """Return the keys that a summary can group by, with entries or without.

    Former members are left out, and sets of tags, of which there is no end.
    """
    by = query.summary.grouping
    if by in PERIODS:
        days = np.arange(day_number(query.days.first), day_number(query.days.last) + 1)
        return {*starts_of(days, PERIODS[by], query.days.week_start).tolist()}
    return set.intersection(*(_candidates(params, by, directory) for params in query.filters))


def _candidates(params: Params, by: str, directory: Directory) -> set[int]:
    if by == "tags":
        return set()
    if by == "billable":
        words = {BILLABLE: True, NON_BILLABLE: False}
        return {key for key, billable in words.items() if params.billable in (None, billable)}
    if by == "users":
        return {member.user_id for member in members_of([params], directory) if not member.inactive}
    chosen = _projects(params, directory)
    projects = [one for one in directory.projects.values() if chosen is None or one.id in chosen.ids]
    if by == "projects":
        return {project.id for project in projects}
    if params.project_ids:
        return {project.client_id for project in projects if project.client_id}
    return {one for one in directory.clients if not params.client_ids or one in params.client_ids}


def settled(query: TimeReportQuery, directory: Directory) -> TimeReportQuery:
    """Return a query whose parameters name the members that both a saved and a viewer's filter of members keep.

    Where they keep none, the sent filter stands.
    """
    params, asked = query.params, [one for one in query.narrowings if one.user_ids or one.group_ids]
    if not query.viewer or len(asked) <= 1:
        return query
    ids = tuple(sorted(member.user_id for member in members_of(asked, directory)))
    update = {"user_ids": ids, "group_ids": None} if ids else {name: getattr(asked[-1], name) for name in MEMBERS}
    return replace(query, params=params.model_copy(update=update))


def members_of(asked: Sequence[Params], directory: Directory) -> list[Member]:
    """Return the members that all parameters keep, each by itself or by a group of theirs; all where none is chosen."""
    chosen = [_chosen(params, directory) for params in asked if params.user_ids or params.group_ids]
    return [one for one in directory.members.values() if all(one.user_id in ids for ids in chosen)]


def _chosen(params: Params, directory: Directory) -> set[int]:
    chosen = set(params.user_ids or ())
    for group_id in params.group_ids or ():
        if group_id in directory.groups:
            chosen.update(directory.groups[group_id].user_ids)
    return chosen


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
