"""New ids in a collection where some are chosen by hand."""

from collections.abc import Collection

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from services.generation.store.mongo import Document, Ids

DUPLICATE_KEY = 11000
RUN = 1_000  # ids chosen by hand that are passed over at once


class FreeIds:
    """Ids in ascending order around those that were chosen by hand.

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
        """Return so many new ids that nobody has chosen by hand."""
        free: list[int] = []
        while len(free) < count:
            reserved = await self._ids.reserve(count - len(free))
            taken = await self.known(reserved)
            free += [one for one in reserved if one not in taken]
            if taken:
                await self._pass_over(reserved[-1])
        return free

    async def known(self, ids: Collection[int]) -> set[int]:
        """Return those of the ids that exist."""
        field = self._field
        cursor = self._collection.find(self._scope | {field: {"$in": list(ids)}}, {field: 1})
        return {found[field] async for found in cursor}

    async def _pass_over(self, last: int) -> None:
        """Let the next new id be behind the unbroken run of ids that begins after one."""
        field = self._field
        cursor = self._collection.find(self._scope | {field: {"$gt": last}}, {field: 1}).sort(field).limit(RUN)
        taken = [found[field] async for found in cursor]
        run = sum(number == last + step for step, number in enumerate(taken, 1))
        await self._ids.at_least(last + run)


def duplicates_of(error: BulkWriteError) -> list[int]:
    """Return the places of the writes that met a unique index. Raises the error again when anything else went wrong."""
    failures = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(one["code"] != DUPLICATE_KEY for one in failures):
        raise error
    return [one["index"] for one in failures]
