"""New ids of a collection in which callers choose some ids themselves."""

from collections.abc import Collection

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.generation.store.mongo import Document, Ids

DUPLICATE_KEY = 11000
RUN = 1_000  # chosen ids that are skipped by one query


class FreeIds:
    """Ascending ids that skip the chosen ones.

    They are looked for in a field of those documents that match `scope`.
    """

    def __init__(
        self,
        database: AsyncDatabase[Document],
        name: str,
        field: str = "_id",
        scope: Document | None = None,
        counter: str = "",
    ) -> None:
        self._collection: AsyncCollection[Document] = database[name]
        self._ids = Ids(database, counter or name)
        self._field = field
        self._scope = scope or {}

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
        field = self._field
        cursor = self._collection.find(self._scope | {field: {"$in": list(ids)}}, {field: 1})
        return {found[field] async for found in cursor}

    async def _skip(self, last: int) -> None:
        """Make new ids begin behind the unbroken run of ids that follows `last`."""
        field = self._field
        cursor = self._collection.find(self._scope | {field: {"$gt": last}}, {field: 1}).sort(field).limit(RUN)
        taken = [found[field] async for found in cursor]
        run = sum(number == last + step for step, number in enumerate(taken, 1))
        await self._ids.at_least(last + run)


def duplicates_of(error: BulkWriteError) -> list[int]:
    """Return the indexes of the writes that met a unique index. Raises the error again when it has another cause."""
    failures = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(failure["code"] != DUPLICATE_KEY for failure in failures):
        raise error
    return [failure["index"] for failure in failures]
