"""Clients, projects, tasks, tags and groups: one collection a kind, names unique among those that share a home."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.errors import AlreadyExists
from services.generation.domain.paging import Page
from services.generation.store.mongo import Document
from services.generation.store.mongo_ids import FreeIds, duplicates_of
from services.generation.store.timesheet_documents import thing_document, thing_of
from services.generation.timetracking.directory import Client, Group, Project, Tag, Task

Kind = TypeVar("Kind", Client, Project, Task, Tag, Group)
Key = tuple[Any, ...]

HOMES: Mapping[type, str] = {Project: "client_id", Task: "project_id"}  # within which a name is unique


class WorkspaceEntities(Generic[Kind]):
    """The things of one kind."""

    def __init__(self, database: AsyncDatabase[Document], name: str, kind: type[Kind]) -> None:
        self._collection = database[name]
        self._ids = FreeIds(database, name)
        self._kind: type[Kind] = kind
        self._noun = name.removesuffix("s")
        self._key_fields = (HOMES[kind], "name") if kind in HOMES else ("name",)

    async def put(self, workspace_id: int, things: Sequence[Kind]) -> list[int]:
        """Store things and return their ids. Raises AlreadyExists."""
        given = [one for one in things if one.id]
        while not await self._change(workspace_id, given):
            pass
        ids = await self._add(workspace_id, [one for one in things if not one.id])
        return [one.id or ids[self._key(one)] for one in things]

    def _key(self, thing: Kind) -> Key:
        return tuple(getattr(thing, name) for name in self._key_fields)

    async def _change(self, workspace_id: int, things: Sequence[Kind]) -> bool:
        """Store things under their ids; False when somebody else was storing one of them at this moment."""
        if not things:
            return True
        await self._refuse_taken(workspace_id, things)
        writes = [
            UpdateOne({"_id": one.id, "workspace_id": workspace_id}, self._values(one), upsert=True) for one in things
        ]
        try:
            await self._collection.bulk_write(writes)
        except BulkWriteError as error:
            duplicates_of(error)
            return False
        return True

    async def _refuse_taken(self, workspace_id: int, things: Sequence[Kind]) -> None:
        """Raise AlreadyExists when an id is another workspace's, or a name another thing's."""
        ids = [one.id for one in things]
        foreign = await self._collection.find_one({"_id": {"$in": ids}, "workspace_id": {"$ne": workspace_id}})
        if foreign:
            raise AlreadyExists(f"The {self._noun} {foreign['_id']} belongs to another workspace")
        named = await self._named(workspace_id, things)
        for one in things:
            if named.setdefault(self._key(one), one.id) != one.id:
                raise AlreadyExists(f"The {self._noun} {named[self._key(one)]} has the name {one.name!r}")

    async def _add(self, workspace_id: int, things: Sequence[Kind]) -> dict[Key, int]:
        """Store things under their names and return the ids; those that are not there yet get new ones."""
        waiting = list(things)
        while waiting:
            ids = await self._named(workspace_id, waiting)
            new = list({key: None for one in waiting if (key := self._key(one)) not in ids})
            ids |= dict(zip(new, await self._ids.take(len(new)), strict=True))
            writes = [
                UpdateOne(self._where(workspace_id, one), self._values(one, {"_id": ids[self._key(one)]}), upsert=True)
                for one in waiting
            ]
            waiting = await self._refused(waiting, writes)
        return await self._named(workspace_id, things)

    async def _refused(self, things: Sequence[Kind], writes: Sequence[UpdateOne]) -> list[Kind]:
        """Write, and return the things whose name, or new id chosen by hand, somebody stored a moment ago."""
        try:
            await self._collection.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            return [things[place] for place in duplicates_of(error)]
        return []

    def _where(self, workspace_id: int, thing: Kind) -> Document:
        return {"workspace_id": workspace_id, **dict(zip(self._key_fields, self._key(thing), strict=True))}

    def _values(self, thing: Kind, new: Mapping[str, int] | None = None) -> Document:
        document = thing_document(thing)
        if new:  # then these are in the filter, which an upsert takes them from
            document = {name: value for name, value in document.items() if name not in self._key_fields}
        inserted = {"create_time": datetime.now(UTC), **(new or {})}
        return {"$set": document, "$setOnInsert": inserted} if document else {"$setOnInsert": inserted}

    async def _named(self, workspace_id: int, things: Sequence[Kind]) -> dict[Key, int]:
        """Return the ids of all things with these names."""
        if not things:
            return {}
        wanted: Document = {"workspace_id": workspace_id, "name": {"$in": list({one.name for one in things})}}
        if len(self._key_fields) > 1:
            home = self._key_fields[0]
            wanted[home] = {"$in": list({getattr(one, home) for one in things})}
        cursor = self._collection.find(wanted, dict.fromkeys(self._key_fields, 1))
        return {tuple(found[name] for name in self._key_fields): found["_id"] async for found in cursor}

    async def page(self, workspace_id: int, page: Page) -> list[Kind]:
        """Return a workspace's things by id."""
        wanted: Document = {"workspace_id": workspace_id}
        if page.after:
            wanted["_id"] = {"$gt": page.after[0]}
        cursor = self._collection.find(wanted).sort("_id").limit(page.size)
        return [thing_of(self._kind, found) async for found in cursor]

    async def all(self, workspace_id: int) -> dict[int, Kind]:
        """Return all things of a workspace by id."""
        cursor = self._collection.find({"workspace_id": workspace_id}).sort("_id")
        return {found["_id"]: thing_of(self._kind, found) async for found in cursor}

    async def some(self, workspace_id: int, ids: Collection[int]) -> dict[int, Kind]:
        """Return those of the ids that the workspace has."""
        cursor = self._collection.find({"workspace_id": workspace_id, "_id": {"$in": list(ids)}})
        return {found["_id"]: thing_of(self._kind, found) async for found in cursor}
