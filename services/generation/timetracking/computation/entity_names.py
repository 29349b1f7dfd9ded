"""Names of what entries belong to, and the order that readers expect of them: by name, what has none last."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from services.generation.domain.columns import Ints
from services.generation.timetracking.computation.directory import Client, Directory, Member, Project, Task
from services.generation.timetracking.computation.entries import NONE, Entries
from services.generation.timetracking.computation.tally import mapped

Kind = Literal["projects", "clients", "users", "tasks"]
Place = tuple[bool, str, int]


def ids_of(kind: Kind, entries: Entries, directory: Directory) -> Ints:
    """Return what each entry belongs to as ids of a kind, NONE without one; a client is its project's."""
    if kind == "clients":
        return mapped(entries.project_id, lambda ids: _clients(ids, directory))
    return {"projects": entries.project_id, "users": entries.user_id, "tasks": entries.task_id}[kind]


def name_of(kind: Kind, one: int, directory: Directory) -> str:
    """Return the name behind an id, "" behind NONE or one that the directory does not know."""
    found = _things(kind, directory).get(one)
    return found.name if found else ""


def place_of(kind: Kind, one: int, directory: Directory) -> Place:
    """Return the place of an id among others of its kind: by name, letters' case apart, NONE last."""
    return one == NONE, name_of(kind, one, directory).casefold(), one


def _things(kind: Kind, directory: Directory) -> Mapping[int, Project | Client | Member | Task]:
    things: dict[Kind, Mapping[int, Project | Client | Member | Task]] = {
        "projects": directory.projects,
        "clients": directory.clients,
        "users": directory.members,
        "tasks": directory.tasks,
    }
    return things[kind]


def _clients(project_ids: Ints, directory: Directory) -> Ints:
    found = (directory.projects.get(one) for one in project_ids.tolist())
    return np.array([(project.client_id or NONE) if project else NONE for project in found], np.int64)
