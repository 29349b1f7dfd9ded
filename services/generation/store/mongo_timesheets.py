"""Workspaces and all that is in them but time entries, in MongoDB."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.errors import AlreadyExists, WorkspaceNotFound
from services.generation.domain.paging import Page
from services.generation.store.cascade_delete import RemovalGuard
from services.generation.store.mongo import BULK_SECONDS, Document, Ids, store_errors
from services.generation.store.mongo_members import Members
from services.generation.store.timesheet_documents import workspace_document, workspace_of
from services.generation.store.workspace_entities import WorkspaceEntities
from services.generation.timetracking.directory import Client, Directory, Group, Member, Project, Tag, Task, Workspace
from services.generation.timetracking.time_store import Kind

WITHOUT_LOGO = {"logo": 0}


class MongoTimesheets:
    """Fills the port Timesheets."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._workspaces = database.workspaces
        self._ids = Ids(database, "workspaces")
        self._members = Members(database)
        self._gone = RemovalGuard(database)
        self._clients = WorkspaceEntities(database, "clients", Client)
        self._projects = WorkspaceEntities(database, "projects", Project)
        self._tasks = WorkspaceEntities(database, "tasks", Task)
        self._tags = WorkspaceEntities(database, "tags", Tag)
        self._groups = WorkspaceEntities(database, "groups", Group)
        kinds = {
            Client: self._clients,
            Project: self._projects,
            Task: self._tasks,
            Tag: self._tags,
            Group: self._groups,
        }
        self._things: dict[type, WorkspaceEntities[Any]] = kinds  # type: ignore[assignment] # a kind's own things

    async def put_workspace(self, workspace: Workspace) -> int:
        """Store a workspace and make its owner an admin; one with id 0 replaces the owner's of that name, or is new.

        Raises AlreadyExists when the name is another's, NotFound for an unknown owner, WorkspaceNotFound for an
        unknown id.
        """
        with store_errors():
            try:
                workspace_id = await self._put(workspace)
            except DuplicateKeyError as error:
                raise AlreadyExists(f"The owner has another workspace {workspace.name!r}") from error
        await self._gone.refuse("users", workspace.owner_id)
        with store_errors():
            await self._members.put_owner(workspace_id, workspace.owner_id)
        await self._gone.refuse("workspaces", workspace_id)
        return workspace_id

    async def _put(self, workspace: Workspace) -> int:
        values = {"$set": workspace_document(workspace)}
        if workspace.id:
            if not (await self._workspaces.update_one({"_id": workspace.id}, values)).matched_count:
                raise WorkspaceNotFound(f"There is no workspace {workspace.id}")
            return workspace.id
        where = {"owner_id": workspace.owner_id, "name": workspace.name}
        found = await self._workspaces.find_one_and_update(where, values, {"_id": 1})
        while found is None:
            created = {"_id": await self._ids.take(), "create_time": datetime.now(UTC)}
            try:
                found = await self._workspaces.find_one_and_update(
                    where,
                    values | {"$setOnInsert": created},
                    {"_id": 1},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:  # somebody else stored it a moment ago
                continue
        return int(found["_id"])

    async def workspace(self, workspace_id: int) -> Workspace | None:
        """Return a workspace without its logo."""
        with store_errors():
            found = await self._workspaces.find_one({"_id": workspace_id}, WITHOUT_LOGO)
        return None if found is None else workspace_of(found)

    async def workspace_page(self, page: Page, *, owner_id: int | None, email: str | None) -> list[Workspace]:
        """Return workspaces by id without logos: all, an owner's, or those with an active member of that email."""
        wanted: Document = {} if owner_id is None else {"owner_id": owner_id}
        ids: Document = {"$gt": page.after[0]} if page.after else {}
        with store_errors():
            if email is not None:
                ids["$in"] = await self._members.workspaces_of(email)
            cursor = self._workspaces.find(wanted | ({"_id": ids} if ids else {}), WITHOUT_LOGO)
            return [workspace_of(found) async for found in cursor.sort("_id").limit(page.size)]

    async def put_members(self, workspace_id: int, members: Sequence[Member]) -> list[int]:
        """Store members; one with id 0 is the person with that email, or a new one. The owner stays an admin.

        Raises AlreadyExists when an email is somebody else's, and NonexistentEntities for an id that nobody has: ids of
        people are given out, never chosen.
        """
        with store_errors():
            ids = await self._members.put(workspace_id, members)
            workspace = await self._workspaces.find_one({"_id": workspace_id}, {"owner_id": 1})
            if workspace is not None:
                await self._members.put_owner(workspace_id, workspace["owner_id"])
        await self._gone.refuse("workspaces", workspace_id)
        return ids

    async def member(self, workspace_id: int, *, email: str = "", user_id: int = 0) -> Member | None:
        """Return the member with an email, letters' case apart, or with an id."""
        with store_errors():
            return await self._members.find(workspace_id, email=email, user_id=user_id)

    async def put(self, workspace_id: int, things: Sequence[Kind]) -> list[int]:
        """Store things of one kind; those with id 0 replace the one of the same name, or are new.

        Raises AlreadyExists on an id of another workspace or a name of another thing.
        """
        if not things:
            return []
        with store_errors():
            ids = await self._things[type(things[0])].put(workspace_id, things)
        await self._gone.refuse("workspaces", workspace_id)
        return ids

    async def page(self, workspace_id: int, kind: type[Kind], page: Page) -> list[Kind]:
        """Return a workspace's things of a kind by id."""
        with store_errors():
            return await self._things[kind].page(workspace_id, page)

    async def member_page(self, workspace_id: int, page: Page) -> list[Member]:
        """Return a workspace's members by id."""
        with store_errors():
            return await self._members.page(workspace_id, page)

    async def some(self, workspace_id: int, kind: type[Kind], ids: Collection[int]) -> dict[int, Kind]:
        """Return those of the ids that the workspace has."""
        with store_errors():
            return await self._things[kind].some(workspace_id, ids)

    async def missing(self, workspace_id: int, kind: type[Any], ids: Collection[int]) -> set[int]:
        """Return those of the ids that the workspace does not have; `kind` is Member or any other kind."""
        with store_errors():
            if kind is Member:
                return set(ids) - await self._members.known(workspace_id, ids)
            return set(ids) - (await self._things[kind].some(workspace_id, ids)).keys()

    async def directory(self, workspace_id: int) -> Directory | None:
        """Return everything a workspace's ids stand for, logo included; None when there is no such workspace."""
        with store_errors(BULK_SECONDS):
            (workspace, members), (clients, projects, tasks, tags, groups) = await asyncio.gather(
                asyncio.gather(self._workspaces.find_one({"_id": workspace_id}), self._members.all(workspace_id)),
                asyncio.gather(
                    self._clients.all(workspace_id),
                    self._projects.all(workspace_id),
                    self._tasks.all(workspace_id),
                    self._tags.all(workspace_id),
                    self._groups.all(workspace_id),
                ),
            )
            if workspace is None:
                return None
            return Directory(workspace_of(workspace), members, clients, projects, tasks, tags, groups)
