"""Cache of recently used sessions and API keys over the accounts in MongoDB."""

import time
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.generation.accounts.account_store import Credential, CredentialFilter
from services.generation.accounts.user import User
from services.generation.store.batch_loader import BatchLoader
from services.generation.store.mongo import Document
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_credentials import Known

REMEMBERED_S = 1.0  # a key revoked by another process of the service works so much longer
REMEMBERED = 10_000


class RecentCredentials(MongoAccounts):
    """Fills the port Accounts. A credential that ends in this process is forgotten at once."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        super().__init__(database)
        self._known: dict[bytes, tuple[float, Known]] = {}
        self._generation = 0  # grows with each credential that ends
        self._loader = BatchLoader(self.users_of)

    async def user_of(self, digest: bytes) -> Known | None:
        """Return the account of a session or key, and the session or key."""
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

    async def change(self, user_id: int, values: Mapping[str, Any]) -> User | None:
        """Set fields of a User, and return the account after that."""
        try:
            return await super().change(user_id, values)
        finally:
            self.forget([user_id])

    async def remove_credential(self, digest: bytes) -> Credential | None:
        """Remove a session or key and return it."""
        try:
            return await super().remove_credential(digest)
        finally:
            self._forget(digest)

    async def remove_credentials(self, wanted: CredentialFilter) -> list[Credential]:
        """Remove the sessions and keys that match and return them."""
        try:
            return await super().remove_credentials(wanted)
        finally:
            self._known.clear()
            self._generation += 1

    async def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        try:
            await super().end_session(digest)
        finally:
            self._forget(digest)

    async def record_use(self, digest: bytes, last_used_time: datetime, expire_time: datetime | None) -> None:
        """Set the last use of a session or key, and its expiry."""
        try:
            await super().record_use(digest, last_used_time, expire_time)
        finally:
            self._forget(digest)

    def forget(self, user_ids: Collection[int]) -> None:
        """Look up the credentials of accounts anew when they are used next."""
        for digest in [digest for digest, (_, (user, _)) in self._known.items() if user.id in user_ids]:
            del self._known[digest]
        self._generation += 1

    def _forget(self, digest: bytes) -> None:
        self._known.pop(digest, None)
        self._generation += 1
