"""Lookups of single keys, gathered into few queries."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from services.errors import StoreUnavailable
from services.generation.store.batch_loader import BatchLoader


class Store:
    """Texts by number; records its queries, and answers once it may."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.texts = {1: "one", 2: "two"}
        self.failure: Exception | None = None
        self.may_answer = asyncio.Event()

    async def some(self, keys: Collection[int]) -> Mapping[int, str]:
        """Return the texts of some numbers."""
        self.asked.append(list(keys))
        await self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return {key: self.texts[key] for key in keys if key in self.texts}


async def test_lookups_during_a_query_share_the_next_query() -> None:
    """However many come while a query runs, the store gets one more; each lookup gets its own answer."""
    store = Store()
    loader = BatchLoader(store.some)
    first = asyncio.create_task(loader.load(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(loader.load(key)) for key in (1, 2, 2, 3)]
    await asyncio.sleep(0)
    store.may_answer.set()

    assert "one" == await first
    assert ["one", "two", "two", None] == await asyncio.gather(*others)
    assert [[1], [1, 2, 3]] == store.asked


async def test_an_answer_is_never_older_than_its_lookup() -> None:
    """A change before a lookup is in its answer, even while an older query runs."""
    store = Store()
    loader = BatchLoader(store.some)
    before = asyncio.create_task(loader.load(3))
    await asyncio.sleep(0)
    after = asyncio.create_task(loader.load(1))
    store.texts[1] = "changed"
    store.may_answer.set()

    assert [None, "changed"] == await asyncio.gather(before, after)


async def test_a_failure_reaches_all_who_wait_and_no_later_lookup() -> None:
    """Lookups that wait when the store fails raise its error; later ones succeed."""
    store = Store()
    loader = BatchLoader(store.some)
    waiting = [asyncio.create_task(loader.load(key)) for key in (1, 2)]
    store.failure = StoreUnavailable()
    store.may_answer.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    store.failure = None

    assert [StoreUnavailable, StoreUnavailable] == [type(one) for one in outcomes]
    assert "two" == await loader.load(2)


async def test_a_cancelled_lookup_leaves_others_alone() -> None:
    """Other lookups of the same key get their answer."""
    store = Store()
    loader = BatchLoader(store.some)
    gone, stays = (asyncio.create_task(loader.load(1)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    store.may_answer.set()

    assert "one" == await stays
    with pytest.raises(asyncio.CancelledError):
        await gone
