"""Cache of recently used sessions and API keys over the accounts in MongoDB."""

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
    """Fills the port Accounts. A credential that ends in this process is forgotten at once."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        super().__init__(database)
        self._known: dict[bytes, tuple[float, Known]] = {}
        self._generation = 0  # grows with each credential that ends
        self._loader = BatchLoader(self.users_of)

    async def user_of(self, digest: bytes) -> Known | None:
        """Return the account of a session or key, and the session's expiry."""
        until, known = self._known.get(digest, (0.0, None))
        if known is not None and time.monotonic() < until:
            return known
        asked_s, generation = time.monotonic(), self._generation
        found = await self._loader.load(digest)
        if found is not None and generation == self._generation:  # else it may have ended during the lookup
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[digest] = (asked_s + REMEMBERED_S, found)
        return found

    async def remove_credential(self, digest: bytes) -> bool:
        """Remove a session or key; return whether there was one."""
        try:
            return await super().remove_credential(digest)
        finally:
            self._forget(digest)

    async def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        try:
            await super().end_session(digest)
        finally:
            self._forget(digest)

    async def extend_session(self, digest: bytes, expire_time: datetime) -> None:
        """Set the expiry of a session."""
        try:
            await super().extend_session(digest, expire_time)
        finally:
            self._forget(digest)

    def _forget(self, digest: bytes) -> None:
        self._known.pop(digest, None)
        self._generation += 1
