"""Clearing the store of what nothing refers to."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from services.generation.accounts.audit import audited
from services.generation.accounts.removal_store import Orphans, OrphanStore


class OrphanService:
    """The use cases around orphans. Deleting them can be broken off and begun again."""

    def __init__(self, store: OrphanStore) -> None:
        self._store = store
        self.kind_count = store.kind_count

    def find(self) -> AsyncGenerator[Orphans, None]:
        """Tell of each kind what nothing refers to."""
        return self._store.find()

    async def delete(self) -> AsyncGenerator[Orphans, None]:
        """Delete of each kind what nothing refers to, and tell what it was."""
        with audited("delete_orphans") as known:
            known["count"] = count = 0
            async with aclosing(self._store.delete()) as kinds:
                async for one in kinds:
                    known["count"] = count = count + one.count
                    yield one
