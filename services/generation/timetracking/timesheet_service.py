"""The use cases of data in: workspaces, members, things and time entries."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.errors import DaybookError, InvalidParameters, NonexistentEntities, Violation, WorkspaceNotFound
from services.generation.accounts.audit import audited
from services.generation.timetracking.directory import Client, Group, Member, Project, Tag, Task, Workspace
from services.generation.timetracking.entries import TimeEntry
from services.generation.timetracking.time_store import Kind, TimeEntries, Timesheets
from services.generation.timetracking.timesheet_checks import (
    MAX_BATCH,
    VIOLATIONS,
    check,
    check_workspace,
    entry_violations,
)

FIELDS: dict[type, str] = {Client: "clients", Project: "projects", Task: "tasks", Tag: "tags", Group: "groups"}
Batch = tuple[int, Sequence[TimeEntry]]


@dataclass(slots=True)
class Imported:
    """What a stream of entries has stored so far: how many came and how many of them are new."""

    received: int = 0
    created: int = 0


class TimesheetService:
    """Stores what operators bring. A batch with a bad field is refused before anything of it is stored."""

    def __init__(self, timesheets: Timesheets, entries: TimeEntries, now: Callable[[], datetime]) -> None:
        self._timesheets = timesheets
        self._entries = entries
        self._now = now

    async def put_workspace(self, workspace: Workspace) -> int:
        """Store a workspace and return its id.

        Raises InvalidParameters, AlreadyExists, NotFound and WorkspaceNotFound.
        """
        check_workspace(workspace)
        with audited("put_workspace", owner_id=workspace.owner_id) as known:
            known["workspace_id"] = workspace_id = await self._timesheets.put_workspace(workspace)
        return workspace_id

    async def put_members(self, workspace_id: int, members: Sequence[Member]) -> list[int]:
        """Store members and return their ids.

        Raises InvalidParameters, AlreadyExists, WorkspaceNotFound, NonexistentEntities for an unknown id.
        """
        check("members", members, VIOLATIONS[Member])
        await self._need_workspace(workspace_id)
        with audited("put_members", workspace_id=workspace_id, count=len(members)):
            return await self._timesheets.put_members(workspace_id, members)

    async def put(self, workspace_id: int, kind: type[Kind], things: Sequence[Kind]) -> list[int]:
        """Store things of a kind and return their ids.

        Raises InvalidParameters, AlreadyExists, WorkspaceNotFound, NonexistentEntities for what is named.
        """
        check(FIELDS[kind], things, VIOLATIONS[kind])
        await self._need_workspace(workspace_id)
        for one, ids in _named(things):
            await self._need(workspace_id, one, ids)
        return await self._timesheets.put(workspace_id, things)

    async def put_entries(self, workspace_id: int, entries: Sequence[TimeEntry]) -> tuple[list[int], int]:
        """Store time entries; return their ids and how many are new.

        Raises InvalidParameters, AlreadyExists, WorkspaceNotFound, NonexistentEntities for what is named.
        """
        check("time_entries", entries, entry_violations)
        await self._need_workspace(workspace_id)
        return await self._put_entries(workspace_id, entries)

    async def import_entries(self, batches: AsyncIterator[Batch]) -> Imported:
        """Store batches as they come; those before one that fails stay stored.

        Raises like `put_entries`, the error's metadata saying how many entries are stored, and InvalidParameters when a
        batch is of another workspace than the first.
        """
        imported, first_id = Imported(), None
        try:
            async for workspace_id, entries in batches:
                check("time_entries", entries, entry_violations)
                if first_id is None:
                    await self._need_workspace(workspace_id)
                    first_id = workspace_id
                if workspace_id != first_id:
                    raise InvalidParameters.one("workspace_id", "must be the same in all batches of a stream")
                _, created = await self._put_entries(workspace_id, entries)
                imported.received += len(entries)
                imported.created += created
        except DaybookError as error:
            error.metadata["entries_stored"] = str(imported.received)
            raise
        return imported

    async def delete_entries(self, workspace_id: int, ids: Collection[int]) -> int:
        """Delete time entries and return how many there were. Raises InvalidParameters and WorkspaceNotFound."""
        if len(ids) > MAX_BATCH:
            raise InvalidParameters.one("time_entry_ids", f"must be at most {MAX_BATCH}")
        await self._need_workspace(workspace_id)
        with audited("delete_time_entries", workspace_id=workspace_id) as known:
            known["count"] = count = await self._entries.delete(workspace_id, ids)
        return count

    async def _put_entries(self, workspace_id: int, entries: Sequence[TimeEntry]) -> tuple[list[int], int]:
        await self._need(workspace_id, Member, {entry.user_id for entry in entries})
        await self._need(workspace_id, Project, {entry.project_id for entry in entries if entry.project_id})
        await self._need(workspace_id, Tag, {tag for entry in entries for tag in entry.tag_ids})
        await self._need_tasks(workspace_id, entries)
        now = self._now()
        return await self._entries.put(workspace_id, [replace(entry, update_time=now) for entry in entries])

    async def _need_tasks(self, workspace_id: int, entries: Sequence[TimeEntry]) -> None:
        """Raise NonexistentEntities for unknown tasks and InvalidParameters for those of other projects."""
        ids = {entry.task_id for entry in entries if entry.task_id}
        if not ids:
            return
        tasks = await self._timesheets.some(workspace_id, Task, ids)
        _refuse("task", ids - tasks.keys())
        strange = [
            Violation(f"time_entries[{index}].task_id", "must be one of its project's")
            for index, entry in enumerate(entries)
            if entry.task_id and tasks[entry.task_id].project_id != entry.project_id
        ]
        if strange:
            raise InvalidParameters(strange)

    async def _need(self, workspace_id: int, kind: type[Any], ids: Collection[int]) -> None:
        """Raise NonexistentEntities unless the workspace has things with these ids."""
        if ids:
            _refuse(kind.__name__.lower(), await self._timesheets.missing(workspace_id, kind, ids))

    async def _need_workspace(self, workspace_id: int) -> None:
        if await self._timesheets.workspace(workspace_id) is None:
            raise WorkspaceNotFound(f"There is no workspace {workspace_id}")


def _named(things: Sequence[Any]) -> list[tuple[type[Any], set[int]]]:
    """Return the ids of other things that things name, by kind."""
    return [
        (Client, {one.client_id for one in things if isinstance(one, Project) and one.client_id}),
        (Project, {one.project_id for one in things if isinstance(one, Task)}),
        (Member, {user_id for one in things if isinstance(one, Group) for user_id in one.user_ids}),
    ]


def _refuse(noun: str, missing: Collection[int]) -> None:
    if missing:
        raise NonexistentEntities(f"The workspace has no {noun} {min(missing)}")
