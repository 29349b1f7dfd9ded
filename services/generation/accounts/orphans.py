"""Orphans: stored documents whose owner is gone, and their deletion."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.generation.accounts.audit import audited


@dataclass(frozen=True, slots=True)
class Orphans:
    """Documents of the collection `kind` that belong to absent documents of the collection `missing`."""

    kind: str
    missing: str
    count: int = 0
    size_bytes: int = 0
    oldest_time: datetime | None = None


class OrphanStore(Protocol):
    """Port to all orphans in the store; both streams give one item per kind, `kind_count` in all."""

    kind_count: int

    def find(self) -> AsyncGenerator[Orphans, None]:
        """Yield the orphans of each kind, kinds without any included."""

    def delete(self) -> AsyncGenerator[Orphans, None]:
        """Delete the orphans of each kind and yield what was deleted."""


class OrphanService:
    """The use cases around orphans. A deletion that breaks off can be repeated."""

    def __init__(self, store: OrphanStore) -> None:
        self._store = store
        self.kind_count = store.kind_count

    def find(self) -> AsyncGenerator[Orphans, None]:
        """Yield the orphans of each kind."""
        return self._store.find()

    async def delete(self) -> AsyncGenerator[Orphans, None]:
        """Delete the orphans of each kind and yield what was deleted."""
        with audited("delete_orphans") as known:
            known["count"] = count = 0
            async with aclosing(self._store.delete()) as kinds:
                async for orphans in kinds:
                    known["count"] = count = count + orphans.count
                    yield orphans
