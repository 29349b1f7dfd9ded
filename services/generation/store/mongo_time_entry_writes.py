"""Writing time entries: new ones, those under an id, and those that are imported once."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pymongo import InsertOne, ReplaceOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.errors import AlreadyExists
from services.generation.store.mongo import Document
from services.generation.store.mongo_ids import FreeIds, duplicates_of
from services.generation.store.time_entry_documents import document_of
from services.generation.timetracking.entries import TimeEntry

ID_BLOCK = 10_000

Write = InsertOne[Document] | ReplaceOne[Document]


@dataclass(slots=True)
class Batch:
    """Entries on their way into the store. Places count them from 0."""

    workspace_id: int
    entries: Sequence[TimeEntry]
    now: datetime  # the last change of entries that do not say it themselves
    ids: dict[int, int] = field(default_factory=dict)  # by place: given, found, or new
    created: int = 0

    def write(self, place: int) -> Write:
        """Return what stores an entry under its id."""
        entry, document = self.entries[place], document_of(self.workspace_id, self.entries[place], self.now)
        if entry.id:
            return ReplaceOne({"_id": entry.id, "workspace_id": self.workspace_id}, document, upsert=True)
        return InsertOne({"_id": self.ids[place], **document})

    def imported(self, places: Iterable[int]) -> dict[int, str]:
        """Return the import keys of those that are stored but once, by place."""
        return {
            place: self.entries[place].import_key
            for place in places
            if self.entries[place].import_key and not self.entries[place].id
        }


class TimeEntryWrites:
    """Stores a batch in one round trip, and one before it for what is imported, where nobody else is in the way."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._entries = database.time_entries
        self._ids = FreeIds(database, "time_entries")
        self._free = deque[int]()

    async def put(self, workspace_id: int, entries: Sequence[TimeEntry]) -> tuple[list[int], int]:
        """Store entries; return their ids and how many are new. Raises AlreadyExists."""
        await self._refuse_foreign(workspace_id, [entry.id for entry in entries if entry.id])
        batch = Batch(workspace_id, entries, datetime.now(UTC))
        waiting = await self._unstored(batch, range(len(entries)))
        while waiting:
            refused = await self._store(batch, waiting)
            await self._refuse_taken(batch, refused)
            waiting = await self._unstored(batch, refused)
        return [batch.ids[place] for place in range(len(entries))], batch.created

    async def _unstored(self, batch: Batch, places: Sequence[int]) -> list[int]:
        """Return the places but those of imported entries whose keys are stored: they get the ids found there."""
        keys = batch.imported(places)
        wanted = {"workspace_id": batch.workspace_id, "import_key": {"$in": list(set(keys.values()))}}
        cursor = self._entries.find(wanted, {"import_key": 1}, batch_size=len(keys) + 1)
        known = {one["import_key"]: one["_id"] async for one in cursor} if keys else {}
        for place in [place for place, key in keys.items() if key in known]:
            if place in batch.ids:  # the new id that was meant for it can be used again
                self._free.append(batch.ids[place])
            batch.ids[place] = known[keys[place]]
        return [place for place in places if keys.get(place) not in known]

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
        return [places[one] for one in refused]

    async def _take(self) -> int:
        while not self._free:
            self._free.extend(await self._ids.take(ID_BLOCK))
        return self._free.popleft()

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
