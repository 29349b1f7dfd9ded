"""Who called a moment ago: spares a busy client's calls the question to MongoDB."""

import time
from datetime import datetime

from pymongo.asynchronous.database import AsyncDatabase

from services.generation.accounts.user import User
from services.generation.store.batch_loader import BatchLoader
from services.generation.store.mongo import Document
from services.generation.store.mongo_accounts import MongoAccounts

REMEMBERED_S = 1.0  # a key revoked by another process of the service works so much longer
REMEMBERED = 10_000

Known = tuple[User, datetime | None]


class RecentCredentials(MongoAccounts):
    """Fills the port Accounts. What ends here is forgotten at once."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        super().__init__(database)
        self._known: dict[bytes, tuple[float, Known]] = {}
        self._forgettings = 0
        self._asked = BatchLoader(self.users_of)

    async def user_of(self, digest: bytes) -> Known | None:
        """Return whose live session or key it is, and when it expires."""
        until, known = self._known.get(digest, (0.0, None))
        if known is not None and time.monotonic() < until:
            return known
        asked_s, forgettings = time.monotonic(), self._forgettings
        found = await self._asked.one(digest)
        if found is not None and forgettings == self._forgettings:  # else it may have ended while it was looked up
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[digest] = (asked_s + REMEMBERED_S, found)
        return found

    async def remove_credential(self, digest: bytes) -> bool:
        """Remove a session or key; say whether there was one."""
        try:
            return await super().remove_credential(digest)
        finally:
            self._forget(digest)

    async def end_session(self, digest: bytes) -> None:
        """Remove a session; a key stays."""
        try:
            await super().end_session(digest)
        finally:
            self._forget(digest)

    async def prolong(self, digest: bytes, expire_time: datetime) -> None:
        """Let a session expire later."""
        try:
            await super().prolong(digest, expire_time)
        finally:
            self._forget(digest)

    def _forget(self, digest: bytes) -> None:
        self._known.pop(digest, None)
        self._forgettings += 1
