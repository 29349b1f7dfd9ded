"""Names of the entities of a workspace, and their labels in a file: equal names told apart."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.filters import candidates
from services.generation.timetracking.query import TimeReportQuery
from services.generation.timetracking.totals import Totals
from services.generation.words.collation import Collate


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a directory, empty for an id of None or one that is unknown."""

    users: Mapping[int, str]
    emails: Mapping[int, str]
    projects: Mapping[int, str]
    clients: Mapping[int, str]  # by project
    tasks: Mapping[int, str]
    _projects_of: Mapping[int, int]  # by task
    _tags: Mapping[int, str]
    collate: Collate  # sort keys of names
    _joined: dict[tuple[int, ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, directory: Directory) -> Self:
        """Return the names of a directory."""
        clients = {client.id: client.name for client in directory.clients.values()}
        return cls(
            users={member.user_id: member.name for member in directory.members.values()},
            emails={member.user_id: member.email for member in directory.members.values()},
            projects={project.id: project.name for project in directory.projects.values()},
            clients={one.id: clients.get(one.client_id, "") for one in directory.projects.values()},
            tasks={task.id: task.name for task in directory.tasks.values()},
            _projects_of={task.id: task.project_id for task in directory.tasks.values()},
            _tags={tag.id: tag.name for tag in directory.tags.values()},
            collate=directory.collate,
        )

    def tags(self, ids: tuple[int, ...]) -> str:
        """Return the names of tags by name, so that the text does not depend on their ids: "calm, urgent"."""
        if ids not in self._joined:
            self._joined[ids] = ", ".join(
                sorted((self._tags[one] for one in ids if one in self._tags), key=self.collate)
            )
        return self._joined[ids]

    def named(self, kind: str) -> Mapping[int, str]:
        """Return the names of "users", "projects" or "tasks"."""
        return {"users": self.users, "projects": self.projects, "tasks": self.tasks}[kind]

    def marks(self, kind: str) -> Mapping[int, str]:
        """Return what tells equal names of a kind apart: addresses of users, clients of projects, projects of tasks."""
        if kind == "tasks":
            return {one: self.projects.get(project, "") for one, project in self._projects_of.items()}
        return self.emails if kind == "users" else self.clients

    def columns(self, kind: str) -> Mapping[int, str]:
        """Return what a column of the marks tells equal names of a kind apart by: one of projects does so by itself."""
        return {one: str(id_) for one, id_ in self._projects_of.items()} if kind == "tasks" else self.marks(kind)


def each(names: Mapping[int, str], ids: Iterable[int | None]) -> list[str]:
    """Return the name of each id."""
    return [names.get(one or 0, "") for one in ids]


MARK_COLUMNS = {"users": "email", "projects": "client", "tasks": "project"}


@dataclass(frozen=True, slots=True)
class EntityLabels:
    """Labels by kind of entity. `occurring` are the ids of a file by kind: other entities are confused with none."""

    names: Names
    occurring: Mapping[str, Collection[int]]
    _made: dict[tuple[str, bool], Mapping[int, str]] = field(default_factory=dict)

    @classmethod
    def of_report(cls, names: Names, query: TimeReportQuery, totals: Totals, directory: Directory) -> Self:
        """Return the labels of the entities that a report counts or names: in rows, empty groups and filters."""
        counted = {"users": totals.user_seconds, "projects": totals.project_seconds, "tasks": totals.task_seconds}
        occurring = {kind: {*ids, *_filtered(query, kind)} for kind, ids in counted.items()}
        if query.report_type == "summary" and query.summary.audit and query.summary.grouping in occurring:
            occurring[query.summary.grouping] |= candidates(query, directory)
        return cls(names, occurring)

    def of(self, kind: str, beside: Collection[str] = ()) -> Mapping[int, str]:
        """Return the labels of "users", "projects" or "tasks" by id.

        `beside` names what has columns of its own, of "email", "client" and "project": labels leave that out, and are
        numbered only where it does not tell equal names apart.
        """
        is_beside = MARK_COLUMNS[kind] in beside
        if (kind, is_beside) not in self._made:
            self._made[kind, is_beside] = self._labels(kind, is_beside=is_beside)
        return self._made[kind, is_beside]

    def _labels(self, kind: str, *, is_beside: bool) -> Mapping[int, str]:
        names = self.names.named(kind)
        shown = {one: names[one] for one in sorted(self.occurring[kind]) if names.get(one)}
        marks = self.names.columns(kind) if is_beside else self.names.marks(kind)
        changed = told_apart(shown, marks, is_beside=is_beside)
        return {**names, **changed} if changed else names


def told_apart(names: Mapping[int, str], marks: Mapping[int, str], *, is_beside: bool = False) -> dict[int, str]:
    """Return the labels of ids whose names are equal, each with its mark behind it: "Ann (ann@example.com)".

    An empty mark is left out, and so are all that stand beside. Where marks are equal, too, names are numbered in the
    order in which their ids come: "Ann (1)", "Ann (2)".
    """
    changed: dict[int, str] = {}
    for ids in _equal(names):
        own = [marks.get(one, "") for one in ids]
        if len(set(own)) < len(own):
            changed.update(_numbered(names, ids))
        elif not is_beside:
            changed.update({one: f"{names[one]} ({mark})" for one, mark in zip(ids, own, strict=True) if mark})
    labels = {**names, **changed}
    while clashes := [ids for ids in _equal(labels) if not changed.keys().isdisjoint(ids)]:  # with names in brackets
        for ids in clashes:
            changed.update(_numbered(labels, ids))
        labels.update(changed)
    return changed


def _equal(names: Mapping[int, str]) -> list[Sequence[int]]:
    """Return the ids of each name that several have."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for one, name in names.items():
        by_name[name].append(one)
    return [ids for ids in by_name.values() if len(ids) > 1]


def _numbered(names: Mapping[int, str], ids: Sequence[int]) -> dict[int, str]:
    return {one: f"{names[one]} ({number})" for number, one in enumerate(ids, 1)}


def _filtered(query: TimeReportQuery, kind: str) -> set[int]:
    """Return the ids that filters of a report name."""
    field_name = f"{kind.removesuffix('s')}_ids"
    filters = (query.params, *query.narrowings)
    return {one for params in filters for one in getattr(params, field_name) or () if one is not None}
