"""Directory of a workspace: its members, clients, projects, tasks, tags and groups, by id."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from daybook.input.v1.workspace_pb2 import Client, Group, Member, Project, ProjectTask, Tag, Workspace

from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.workspaces import WORKSPACES


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


async def read_directory(inputs: InputStore, workspace_id: int) -> Directory | None:
    """Return the directory of a workspace, logo included; None when there is no such workspace."""
    known = (await inputs.some(WORKSPACES, None, [workspace_id])).get(workspace_id)
    if known is None:
        return None
    kinds = (MEMBERS, CLIENTS, PROJECTS, PROJECT_TASKS, TAGS, GROUPS)
    workspaces = inputs.all(WORKSPACES, known.owner_id)  # with the logo
    found, *records = await asyncio.gather(workspaces, *(inputs.all(kind, workspace_id) for kind in kinds))
    return Directory(found.get(workspace_id, known), *records)


def hourly_rate(record: Workspace | Project) -> int | None:
    """Return the hourly rate in cents, None without one."""
    return record.hourly_rate_cents if record.HasField("hourly_rate_cents") else None
