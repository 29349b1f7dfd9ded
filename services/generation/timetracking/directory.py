"""Directory of a workspace: its members, clients, projects, tasks, tags and groups by id, their names and colours."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from daybook.input.v1.workspace_pb2 import Client, Group, Member, Project, ProjectTask, Tag, Workspace
from numpy.typing import NDArray

from services.generation.domain.columnar import Ints
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.timetracking.budget import Budgets
from services.generation.timetracking.entries import NONE, Entries
from services.generation.timetracking.tally import mapped
from services.generation.words.collation import Collate, collation
from services.generation.words.locales import DEFAULT_LOCALE

Kind = Literal["projects", "clients", "users", "tasks"]
Place = tuple[bool, bytes, int]

KEY_COLUMNS: Mapping[str, str] = {
    "projects": "project_id",
    "clients": "project_id",
    "users": "user_id",
    "tasks": "task_id",
}
PALETTE = (
    "#0b83d9", "#9e5bd9", "#d94182", "#e36a00", "#bf7000", "#2da608", "#06a893", "#c9806b",
    "#465bb3", "#990099", "#c7af14", "#566614", "#d92b2b", "#525266", "#991102",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything that the ids of a workspace stand for, by id."""

    workspace: Workspace
    members: Mapping[int, Member] = field(default_factory=dict)
    clients: Mapping[int, Client] = field(default_factory=dict)
    projects: Mapping[int, Project] = field(default_factory=dict)
    tasks: Mapping[int, ProjectTask] = field(default_factory=dict)
    tags: Mapping[int, Tag] = field(default_factory=dict)
    groups: Mapping[int, Group] = field(default_factory=dict)
    locale: str = DEFAULT_LOCALE  # of the reader, by which names are ordered
    budgets: Budgets = field(default_factory=dict)  # that a report shows, by project

    @property
    def collate(self) -> Collate:
        """Return what gives the sort keys of names."""
        return collation(self.locale)


async def read_directory(inputs: InputStore, workspace_id: int) -> Directory | None:
    """Return the directory of a workspace, logo included; None when there is no such workspace."""
    known = (await inputs.some(WORKSPACES, None, [workspace_id])).get(workspace_id)
    if known is None:
        return None
    kinds = (MEMBERS, CLIENTS, PROJECTS, PROJECT_TASKS, TAGS, GROUPS)
    workspaces = inputs.all(WORKSPACES, known.owner_id)  # with the logo
    found, members, clients, projects, tasks, tags, groups = await asyncio.gather(
        workspaces, *(inputs.all(kind, workspace_id) for kind in kinds)
    )
    return Directory(found.get(workspace_id, known), members, clients, projects, tasks, tags, groups)


def hourly_rate(record: Workspace | Project) -> int | None:
    """Return the hourly rate in cents, None without one."""
    return record.hourly_rate_cents if record.HasField("hourly_rate_cents") else None


def ids_of(kind: Kind, entries: Entries, directory: Directory) -> Ints:
    """Return what each entry belongs to as ids of a kind, NONE without one; a client is its project's."""
    ids: Ints = getattr(entries, KEY_COLUMNS[kind])
    return mapped(ids, lambda ids: _clients(ids, directory)) if kind == "clients" else ids


def name_of(kind: Kind, one: int, directory: Directory) -> str:
    """Return the name behind an id, "" behind NONE or one that the directory does not know."""
    found = _things(kind, directory).get(one)
    return found.name if found else ""


def place_of(kind: Kind, one: int, directory: Directory) -> Place:
    """Return the place of an id among others of its kind: by name in the reader's language, NONE last."""
    return one == NONE, directory.collate(name_of(kind, one, directory)), one


def _things(kind: Kind, directory: Directory) -> Mapping[int, Project | Client | Member | ProjectTask]:
    things: dict[Kind, Mapping[int, Project | Client | Member | ProjectTask]] = {
        "projects": directory.projects,
        "clients": directory.clients,
        "users": directory.members,
        "tasks": directory.tasks,
    }
    return things[kind]


def _clients(project_ids: Ints, directory: Directory) -> Ints:
    found = (directory.projects.get(one) for one in project_ids.tolist())
    return np.array([project.client_id if project else NONE for project in found], np.int64)


def title_places(titles: Sequence[str], is_none: NDArray[np.bool_], collate: Collate, *, descending: bool) -> Ints:
    """Return the place of each title in a language's order, in either direction, what has none last.

    Equal titles are in order as they come.
    """
    keys = [collate(title) for title in titles]
    order = sorted(range(len(titles)), key=keys.__getitem__, reverse=descending)
    del keys
    ordered = np.array(order, np.int64)
    del order
    ordered = ordered[np.argsort(is_none[ordered], kind="stable")]
    places = np.empty(len(ordered), np.int64)
    places[ordered] = np.arange(len(ordered))
    return places


def color_number(color: str) -> str:
    """Return the number of a colour #rrggbb in the palette as text; that of the first for any other."""
    lower = color.lower()
    return str(PALETTE.index(lower)) if lower in PALETTE else "0"


def default_color(project_id: int) -> str:
    """Return the colour #rrggbb of a project that was given none; neighbours in number differ."""
    return PALETTE[project_id % len(PALETTE)]


def project_color(project: Project) -> str:
    """Return a project's colour #rrggbb, its own or by its id."""
    return project.color or default_color(project.id)
