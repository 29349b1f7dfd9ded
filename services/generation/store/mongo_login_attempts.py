"""Tries to log in, in MongoDB: all processes of the service count the same ones."""

import hashlib
from datetime import timedelta

from bson.binary import Binary
from pymongo import ReturnDocument, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.store.mongo import Document, store_errors

UNJOURNALLED = WriteConcern(w=1)  # a count that is short by what a power cut took does no harm


class MongoLoginAttempts:
    """Fills the port LoginTries: a document for each name, by its digest, with the tries that still count.

    All times are the server's own, so the clocks of the processes do not matter.
    """

    def __init__(self, database: AsyncDatabase[Document], window: timedelta) -> None:
        self._tries = database.login_tries.with_options(write_concern=UNJOURNALLED)
        self._window_ms = window // timedelta(milliseconds=1)

    async def count(self, name: str, try_id: str, most: int) -> bool:
        """Count a try under a name; False, and not counted, when as many as may be are counted already."""
        begun = {"id": try_id, "time": "$$NOW"}
        recent = {"$gt": ["$$one.time", {"$subtract": ["$$NOW", self._window_ms]}]}
        room = {"$lt": [{"$size": "$tries"}, most]}
        change: list[Document] = [
            {"$set": {"tries": {"$filter": {"input": {"$ifNull": ["$tries", []]}, "as": "one", "cond": recent}}}},
            {"$set": {"tries": {"$cond": [room, {"$concatArrays": ["$tries", [begun]]}, "$tries"]}}},
            {"$set": {"expire_time": {"$add": [{"$max": "$tries.time"}, self._window_ms]}}},
        ]
        with store_errors():
            counted = await self._tries.find_one_and_update(
                _named(name), change, upsert=True, return_document=ReturnDocument.AFTER
            )
        return counted is not None and any(one["id"] == try_id for one in counted["tries"])

    async def forget(self, name: str, try_id: str) -> None:
        """Forget a try of a name."""
        with store_errors():
            await self._tries.update_one(_named(name), {"$pull": {"tries": {"id": try_id}}})

    async def forget_all(self, name: str) -> None:
        """Forget all tries of a name."""
        with store_errors():
            await self._tries.delete_one(_named(name))


def _named(name: str) -> Document:
    """Return what finds a name's document; logins and addresses themselves are not stored."""
    return {"_id": Binary(hashlib.sha256(name.encode()).digest())}
