"""Writing time entries: new ones, those under an id, and those that are imported once."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.errors import AlreadyExists
from services.generation.adapters.mongo import Document
from services.generation.adapters.mongo_ids import FreeIds, duplicates_of
from services.generation.adapters.time_entry_documents import document_of
from services.generation.domain.timesheets.entries import TimeEntry

ID_BLOCK = 10_000

Write = InsertOne[Document] | ReplaceOne[Document] | UpdateOne


@dataclass(slots=True)
class Batch:
    """Entries on their way into the store. Places count them from 0."""

    workspace_id: int
    entries: Sequence[TimeEntry]
    now: datetime  # the last change of entries that do not say it themselves
    ids: dict[int, int] = field(default_factory=dict)  # by place: given, or new
    stored: set[int] = field(default_factory=set)  # places of imported ones that are new
    created: int = 0

    def write(self, place: int) -> Write:
        """Return what stores an entry under its id; an imported one only where its key is not stored."""
        entry, new_id = self.entries[place], self.ids[place]
        document = document_of(self.workspace_id, entry, self.now)
        if entry.id:
            return ReplaceOne({"_id": entry.id, "workspace_id": self.workspace_id}, document, upsert=True)
        if not entry.import_key:
            return InsertOne({"_id": new_id, **document})
        wanted = {name: document.pop(name) for name in ("workspace_id", "import_key")}
        return UpdateOne(wanted, {"$setOnInsert": {"_id": new_id, **document}}, upsert=True)

    def found(self) -> Iterator[int]:
        """Yield the places of imported ones that were there before."""
        for place, entry in enumerate(self.entries):
            if not entry.id and entry.import_key and place not in self.stored:
                yield place


class TimeEntryWrites:
    """Stores a batch in one round trip where nobody else is in the way."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._entries = database.time_entries
        self._ids = FreeIds(database, "time_entries")
        self._free = deque[int]()

    async def put(self, workspace_id: int, entries: Sequence[TimeEntry]) -> tuple[list[int], int]:
        """Store entries; return their ids and how many are new. Raises AlreadyExists."""
        await self._refuse_foreign(workspace_id, [entry.id for entry in entries if entry.id])
        batch = Batch(workspace_id, entries, datetime.now(UTC))
        waiting = list(range(len(entries)))
        while waiting:
            waiting = await self._store(batch, waiting)
            await self._refuse_taken(batch, waiting)
        await self._look_up(batch)
        return [batch.ids[place] for place in range(len(entries))], batch.created

    async def _store(self, batch: Batch, places: Sequence[int]) -> list[int]:
        """Store entries and return the places of those that met another: a new id, or a key, taken a moment ago."""
        for place in places:
            batch.ids[place] = batch.entries[place].id or await self._take()
        refused: list[int] = []
        writes = [batch.write(place) for place in places]
        try:
            result: Mapping[str, Any] = (await self._entries.bulk_write(writes, ordered=False)).bulk_api_result
        except BulkWriteError as error:
            refused = duplicates_of(error)
            result = error.details
        batch.created += result["nInserted"] + result["nUpserted"]
        batch.stored |= {places[one["index"]] for one in result["upserted"]}
        return [places[one] for one in refused]

    async def _take(self) -> int:
        while not self._free:
            self._free.extend(await self._ids.take(ID_BLOCK))
        return self._free.popleft()

    async def _look_up(self, batch: Batch) -> None:
        """Learn the ids of imported entries that were there before; the new ones meant for them can be used again."""
        places = {batch.entries[place].import_key: place for place in batch.found()}
        if not places:
            return
        wanted = {"workspace_id": batch.workspace_id, "import_key": {"$in": list(places)}}
        ids = {one["import_key"]: one["_id"] async for one in self._entries.find(wanted, {"import_key": 1})}
        for place in batch.found():
            known = ids.get(batch.entries[place].import_key)
            if known is not None:  # else it was deleted meanwhile
                self._free.append(batch.ids[place])
                batch.ids[place] = known

    async def _refuse_foreign(self, workspace_id: int, ids: Sequence[int]) -> None:
        """Raise AlreadyExists when another workspace has one of the ids."""
        wanted = {"_id": {"$in": list(ids)}, "workspace_id": {"$ne": workspace_id}}
        foreign = await self._entries.find_one(wanted) if ids else None
        if foreign:
            raise AlreadyExists(f"The time entry {foreign['_id']} belongs to another workspace")

    async def _refuse_taken(self, batch: Batch, places: Sequence[int]) -> None:
        """Raise AlreadyExists when an entry under a given id met another workspace's, or another's import key."""
        given = [batch.entries[place] for place in places if batch.entries[place].id]
        await self._refuse_foreign(batch.workspace_id, [entry.id for entry in given])
        keyed = {entry.import_key: entry.id for entry in given if entry.import_key}
        wanted = {"workspace_id": batch.workspace_id, "import_key": {"$in": list(keyed)}}
        if not keyed:
            return
        async for found in self._entries.find(wanted, {"import_key": 1}):
            if found["_id"] != keyed[found["import_key"]]:
                raise AlreadyExists(f"The time entry {found['_id']} has the import key {found['import_key']!r}")
