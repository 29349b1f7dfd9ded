"""New ids of a collection in which callers choose some ids themselves."""

from collections.abc import Collection

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.generation.store.mongo import Document, Ids

DUPLICATE_KEY = 11000
RUN = 1_000  # chosen ids that are skipped by one query


class FreeIds:
    """Ascending ids that skip the chosen ones."""

    def __init__(self, database: AsyncDatabase[Document], name: str) -> None:
        self._collection: AsyncCollection[Document] = database[name]
        self._ids = Ids(database, name)

    async def take(self, count: int) -> list[int]:
        """Return new ids that no document has."""
        free: list[int] = []
        while len(free) < count:
            reserved = await self._ids.reserve(count - len(free))
            taken = await self.known(reserved)
            free += [id_ for id_ in reserved if id_ not in taken]
            if taken:
                await self._skip(reserved[-1])
        return free

    async def known(self, ids: Collection[int]) -> set[int]:
        """Return those of the ids that exist."""
        cursor = self._collection.find({"_id": {"$in": list(ids)}}, {"_id": 1})
        return {found["_id"] async for found in cursor}

    async def _skip(self, last: int) -> None:
        """Make new ids begin behind the unbroken run of ids that follows `last`."""
        cursor = self._collection.find({"_id": {"$gt": last}}, {"_id": 1}).sort("_id").limit(RUN)
        taken = [found["_id"] async for found in cursor]
        run = sum(number == last + step for step, number in enumerate(taken, 1))
        await self._ids.at_least(last + run)


def duplicates_of(error: BulkWriteError) -> list[int]:
    """Return the indexes of the writes that met a unique index. Raises the error again when it has another cause."""
    failures = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(failure["code"] != DUPLICATE_KEY for failure in failures):
        raise error
    return [failure["index"] for failure in failures]
