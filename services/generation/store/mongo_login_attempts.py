"""Login attempts in MongoDB, counted over all processes of the service."""

import hashlib
from datetime import timedelta

from bson.binary import Binary
from pymongo import ReturnDocument, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.store.mongo import Document, store_errors

UNJOURNALLED = WriteConcern(w=1)  # attempts that a power cut forgets do no harm


class MongoLoginAttempts:
    """Fills the port LoginAttempts: a document for each name, by its digest, with the attempts not yet forgotten.

    All times are the server's own, so the clocks of the processes do not matter.
    """

    def __init__(self, database: AsyncDatabase[Document], window: timedelta) -> None:
        self._attempts = database.login_attempts.with_options(write_concern=UNJOURNALLED)
        self._window_ms = window // timedelta(milliseconds=1)

    async def count(self, name: str, attempt_id: str, limit: int) -> float | None:
        """Count an attempt under a name; with `limit` counted already, return the seconds until one is forgotten."""
        begun = {"id": attempt_id, "time": "$$NOW"}
        recent = {"$gt": ["$$attempt.time", {"$subtract": ["$$NOW", self._window_ms]}]}
        stored = {"input": {"$ifNull": ["$attempts", []]}, "as": "attempt", "cond": recent}
        below_limit = {"$lt": [{"$size": "$attempts"}, limit]}
        change: list[Document] = [
            {"$set": {"attempts": {"$filter": stored}}},
            {"$set": {"attempts": {"$cond": [below_limit, {"$concatArrays": ["$attempts", [begun]]}, "$attempts"]}}},
            {"$set": {"expire_time": {"$add": [{"$max": "$attempts.time"}, self._window_ms]}, "asked_time": "$$NOW"}},
        ]
        with store_errors():
            counted = await self._attempts.find_one_and_update(
                _by_name(name), change, upsert=True, return_document=ReturnDocument.AFTER
            )
        if counted is None or any(attempt["id"] == attempt_id for attempt in counted["attempts"]):
            return None
        oldest = min(attempt["time"] for attempt in counted["attempts"])
        passed: timedelta = counted["asked_time"] - oldest
        return max(0.0, self._window_ms / 1000 - passed.total_seconds())

    async def forget(self, name: str, attempt_id: str) -> None:
        """Forget an attempt of a name."""
        with store_errors():
            await self._attempts.update_one(_by_name(name), {"$pull": {"attempts": {"id": attempt_id}}})

    async def forget_all(self, name: str) -> None:
        """Forget all attempts of a name."""
        with store_errors():
            await self._attempts.delete_one(_by_name(name))


def _by_name(name: str) -> Document:
    """Return the filter of a name's document; logins and addresses themselves are not stored."""
    return {"_id": Binary(hashlib.sha256(name.encode()).digest())}
