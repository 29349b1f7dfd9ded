"""Directory of a workspace as the viewer of a shared report may see it."""

import re
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from daybook.input.v1.workspace_pb2 import Member, Project, ProjectTask

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.parameters import Params
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.totals import Totals

ADDRESS = re.compile(r"\s*([^@\s]+)@[^@\s]+\s*")
T = TypeVar("T")
M = TypeVar("M", Member, Project, ProjectTask)
PLANS = ("estimated_seconds", "fixed_fee_cents", "budget_cents")


def without_plans(directory: Directory) -> Directory:
    """Return a directory without estimates and fees, which are of whole projects."""
    return replace(
        directory,
        projects={one: _cleared(project, PLANS) for one, project in directory.projects.items()},
        tasks={one: _cleared(task, PLANS[:1]) for one, task in directory.tasks.items()},
    )


def without_emails(directory: Directory) -> Directory:
    """Return a directory without e-mail addresses; a name that is one ends before its "@"."""
    return replace(directory, members={one: _anonymous(member) for one, member in directory.members.items()})


def without_others(directory: Directory, user_id: int) -> Directory:
    """Return a directory in which a member is alone."""
    return replace(directory, members=_among(directory.members, {user_id}))


def occurring_only(directory: Directory, totals: Totals, query: TimeReportQuery, groups: Collection[int]) -> Directory:
    """Return a directory of what occurs in a viewer's report, or is named by both the saved and the sent filter.

    `groups` are the ids of a summary's groups without entries.
    """
    empty: dict[str, Collection[int]] = {query.summary.grouping: groups} if groups else {}
    saved, sent = query.narrowings[0], query.narrowings[-1]

    def among(known: Mapping[int, T], kind: str, ids: Iterable[int]) -> dict[int, T]:
        wanted = {*ids, *_named_by_both(saved, sent, kind), *empty.get(f"{kind}s", ())}
        return _among(known, wanted)

    projects = among(directory.projects, "project", totals.project_seconds)
    occurring = (directory.projects[one].client_id for one in projects)
    users = totals.user_seconds.keys()
    groups_of = (group.id for group in directory.groups.values() if not users.isdisjoint(group.user_ids))
    return replace(
        directory,
        members=among(directory.members, "user", users),
        clients=among(directory.clients, "client", occurring),
        projects=projects,
        tasks=among(directory.tasks, "task", totals.task_seconds),
        tags=among(directory.tags, "tag", totals.tag_ids),
        groups=among(directory.groups, "group", groups_of),
    )


def _named_by_both(saved: Params, sent: Params, kind: str) -> set[int]:
    first, second = (set(getattr(params, f"{kind}_ids") or ()) for params in (saved, sent))
    return {one for one in first & second if one is not None}


def _among(known: Mapping[int, T], ids: Container[int]) -> dict[int, T]:
    return {one: thing for one, thing in known.items() if one in ids}


def _cleared(message: M, names: Iterable[str]) -> M:
    made = type(message)()
    made.CopyFrom(message)
    for name in names:
        made.ClearField(name)  # type: ignore[arg-type] # a field's name
    return made


def _anonymous(member: Member) -> Member:
    made = _cleared(member, ["email"])
    if address := ADDRESS.fullmatch(member.name):
        made.name = address[1]
    return made
